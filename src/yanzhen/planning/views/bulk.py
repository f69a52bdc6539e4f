"""One thing done to many posts: what would change, item by item, then the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from yanzhen.kernel.answers import answers_of
from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.people.gate import MemberRequest, members, proves_when
from yanzhen.people.models import Member
from yanzhen.people.rights import require_somewhere
from yanzhen.planning.actions.bulk import AlreadyUndone, Outcome, do_to_many, undo_run
from yanzhen.planning.bulk import MOST_AT_ONCE, Verb, verb_named, wants_proof
from yanzhen.planning.bulk_words import refusal_words
from yanzhen.planning.models import BulkRun, Post
from yanzhen.planning.models.keeping import QUERY_LENGTH

#: What ``from`` says of posts that were chosen on the calendar; anything else is their list.
CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The posts named that the member may see, in their order.

    ``missing`` is how many are not there: a number that was never a post and a post under an
    embargo look the same. ``left_out`` is how many were named beyond MOST_AT_ONCE.
    """

    posts: Sequence[Post]
    missing: int
    left_out: int


def _named(sent: QueryDict) -> list[int]:
    return list(dict.fromkeys(pk for each in sent.getlist("post") if (pk := parse_id(each))))


def _wants_proof(request: MemberRequest) -> bool:
    """Tell whether this is a yes to what asks for a fresh proof; a look at it asks for none."""
    sent = request.POST
    posts = _named(sent)[:MOST_AT_ONCE]
    return "sure" in sent and wants_proof(sent.get("what", ""), posts, by=request.member)


def _chosen(sent: QueryDict, member: Member) -> _Chosen:
    named = _named(sent)
    wanted = named[:MOST_AT_ONCE]
    found = Post.objects.visible_to(member).with_names().in_bulk(wanted)
    posts = [found[pk] for pk in wanted if pk in found]
    return _Chosen(posts, len(wanted) - len(posts), len(named) - len(wanted))


def _from_calendar(sent: QueryDict) -> bool:
    return sent.get("from") == CALENDAR


def _back(sent: QueryDict) -> str:
    """Return the address of the page that was left; only its query is taken from the request."""
    query = QueryDict(sent.get("back", "")[:QUERY_LENGTH]).urlencode()
    if _from_calendar(sent):
        return f"{reverse('calendar')}?{query}" if query else reverse("calendar")
    return f"{reverse('posts')}?{query or 'view=all'}"


def _way_back(run: BulkRun | None, sent: QueryDict) -> str:
    """Return where the change is undone, "" for nowhere; it leads back to the page it came from."""
    if run is None:
        return ""
    undo = reverse("posts-undo", args=[run.pk])
    if not _from_calendar(sent):
        return undo
    return f"{undo}?{urlencode({'from': CALENDAR, 'back': sent.get('back', '')[:QUERY_LENGTH]})}"


@proves_when(_wants_proof)
@members
@require_http_methods(["GET", "POST"])
def bulk(request: MemberRequest) -> HttpResponse:
    """Ask what is missing, say what would change, and on a yes do it."""
    sent = request.POST if request.method == "POST" else request.GET
    verb = verb_named(sent.get("what", ""))
    chosen = _chosen(sent, request.member)
    posts = chosen.posts
    if verb is None or not posts:
        messages.warning(request, _("Choose posts first, then what to do with them."))
        return redirect(_back(sent))
    require_somewhere(request.member, verb.face.decision, workspace_id=request.member.workspace_id)
    form = verb.form(None, member=request.member)
    if request.method == "POST" or not form.fields:
        form = verb.form(sent, member=request.member)
    context: dict[str, Any] = {
        "verb": verb.face,
        "posts": posts,
        "missing": chosen.missing,
        "left_out": chosen.left_out,
        "most": MOST_AT_ONCE,
        "on_calendar": _from_calendar(sent),
        "form": form,
        "back": _back(sent),
        "back_query": sent.get("back", "")[:QUERY_LENGTH],
    }
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "planning/bulk.html", context, status=status)
    context["answers"] = answers_of(form)
    sure = request.method == "POST" and "sure" in sent
    if sure and sent.get("answers", "") == context["answers"]:
        seen = {post.pk: sent.get(f"seen-{post.pk}", "") for post in posts}
        outcome = do_to_many(
            verb,
            posts,
            asked=form.cleaned_data,
            seen=seen,
            words=refusal_words,
            by=request.member,
            now=now(),
        )
        return _told(request, verb, outcome, context)
    outlooks = verb.outlooks(posts, form.cleaned_data, by=request.member, now=now())
    context["answered_anew"] = sure
    context["able"] = [each for each in outlooks if not each.why_not]
    context["unable"] = [each for each in outlooks if each.why_not]
    return render(request, "planning/bulk.html", context)


def _told(
    request: MemberRequest, verb: Verb, outcome: Outcome, context: dict[str, Any]
) -> HttpResponse:
    """Go back to the list where all is done; else show what stayed and why."""
    count = len(outcome.done)
    if count:
        text = ngettext("%(verb)s: %(count)d post done.", "%(verb)s: %(count)d posts done.", count)
        undo = _way_back(outcome.run, request.POST)
        words = {"verb": verb.face.name, "count": count}
        messages.success(request, text % words, extra_tags=f"undo:{undo}" if undo else "")
    if not outcome.stayed:
        return redirect(context["back"])
    return render(request, "planning/bulk.html", {**context, "outcome": outcome})


@members
@require_POST
def undo(request: MemberRequest, pk: int) -> HttpResponse:
    """Take back a change of the member's own."""
    run = get_object_or_404(BulkRun, pk=pk, member=request.member)
    verb = verb_named(run.what)
    assert verb is not None  # noqa: S101 -- verbs are only ever added
    try:
        back, stay = undo_run(run, verb, by=request.member, now=now())
    except AlreadyUndone:
        messages.warning(request, _("That was undone already."))
    else:
        _tell_undone(request, back, stay)
    where = _back(request.GET) if _from_calendar(request.GET) else reverse("posts")
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": where})
    return redirect(where)


def _tell_undone(request: MemberRequest, back: int, stay: int) -> None:
    if back:
        text = ngettext("%(count)d post is as it was.", "%(count)d posts are as they were.", back)
        messages.success(request, text % {"count": back})
    if stay:
        text = ngettext(
            "%(count)d post could not go back: it has changed since, or its time has passed.",
            "%(count)d posts could not go back: they have changed since, or their time has passed.",
            stay,
        )
        messages.warning(request, text % {"count": stay})
