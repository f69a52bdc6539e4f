"""The composer: one post with its text, its time, its checks and its versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yanzhen.channels.models import Account
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.planning import checks
from yanzhen.planning.actions.starting import start_post
from yanzhen.planning.actions.writing import actor_may_write
from yanzhen.planning.counting import count_segments
from yanzhen.planning.forms import DetailsForm, NewPostForm, NoteForm, TimeForm
from yanzhen.planning.models import Draft, Post
from yanzhen.planning.queries import (
    framing_of,
    others_here,
    twin_of,
    versions_of,
    writers_of,
)
from yanzhen.planning.states import POST, TIMEABLE, PostState
from yanzhen.planning.views.answers import TimeRefused, time_refusals

VERSIONS_SHOWN = 6


def post_for(member: Member, pk: int) -> Post:
    """Return the member's post with all names loaded, or raise Http404."""
    rows = Post.objects.visible_to(member).with_names()
    return get_object_or_404(rows.select_related("workspace"), pk=pk)


def draft_of(post: Post) -> Draft:
    """Return the post's draft with who saved it."""
    return Draft.objects.select_related("saved_by__user").get(post=post)


def findings_for(post: Post, texts: Sequence[str]) -> checks.Findings:
    """Check what is written, as the aside and the way to review need it."""
    return checks.find(texts, limit=post.account.text_limit, twin=twin_of(post, texts))


def address_or_none(name: str, *args: Any) -> str:
    """Return the address of a page of another room, "" where it is not served."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def words_for_scripts() -> dict[str, str]:
    """Return what the composer's scripts say, in the reader's language."""
    return {
        "saved": _("Saved %(time)s"),
        "saving": _("Saving"),
        "typing": _("Not saved yet"),
        "offline": _("Not saved: you are offline. Your words are kept here."),
        "refused": _("Not saved: %(why)s"),
        "signed_out": _("You are signed out. Sign in in another tab; your words are kept here."),
        "failed": _("That did not work on our side. Trying again."),
        "conflict": _("Not saved: somebody else changed the text. Choose below what stays."),
        "back": _("Your unsaved words are back."),
        "label": _("Post %(number)s of %(count)s"),
        "label_one": _("Post"),
        "removed": _("Post %(number)s is removed."),
        "moved": _("Moved to place %(number)s of %(count)s."),
        "long": _("This is longer than one post."),
        "split_offer": _("Split into %(count)s posts"),
        "undo": _("Undo"),
        "most": _("A thread has 25 posts at most."),
    }


def composer_context(request: MemberRequest, post: Post, **given: Any) -> dict[str, Any]:
    """Return everything the page shows. ``texts`` given are shown in place of the draft's."""
    member, moment = request.member, now()
    draft = given.pop("draft", None) or draft_of(post)
    texts: Sequence[str] = given.pop("texts", None) or draft.texts
    context = {
        "post": post,
        "draft": draft,
        "segments": count_segments(texts, post.account.text_limit),
        "writing": actor_may_write(member, post),
        "findings": findings_for(post, texts),
        "framing": framing_of(post),
        "writers": writers_of(post),
        "here": others_here(post, member, now=moment),
        "versions": list(versions_of(post)[:VERSIONS_SHOWN]),
        "note_form": NoteForm(),
        "time_form": TimeForm(member=member, post=post),
        "details_form": DetailsForm(member=member, post=post),
        "words": words_for_scripts(),
        "asked": request.GET.get("ask", ""),
        "now": moment,
        **rights_on(member, post),
    }
    return {**context, **given}


def rights_on(member: Member, post: Post) -> dict[str, Any]:
    """Return what this member may do with the post as it stands, for showing the buttons."""
    writes = member.may(Decision.POST_WRITE)
    author = post.author_id == member.pk
    return {
        "may_time": member.may(Decision.POST_SCHEDULE) and post.state in TIMEABLE,
        "may_revise": writes and POST.allows("revise", post.state),
        "may_drop": member.may(Decision.POST_DROP) and POST.allows("drop", post.state),
        "may_copy": writes and post.state == PostState.DROPPED,
        "may_detail": writes,
        "submittable": member.may(Decision.POST_SUBMIT)
        and author
        and POST.allows("submit", post.state),
        "submit_url": address_or_none("review-submit", post.pk),
        "trail_url": address_or_none("review-trail", post.pk),
        "delivery_url": address_or_none("post-delivery", post.pk),
    }


PIECES = frozenset({"slug", "checks", "present", "versions", "standing"})


@members
@require_GET
def post(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the composer, or one piece of it with ?part=."""
    found = post_for(request.member, pk)
    part = request.GET.get("part", "")
    piece = f"#{part}" if part in PIECES else ""
    answer = render(request, f"planning/post.html{piece}", composer_context(request, found))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@asks(Decision.POST_WRITE)
@require_http_methods(["GET", "POST"])
def post_new(request: MemberRequest) -> HttpResponse:
    """Start a post. Nothing is created before the form is sent."""
    member = request.member
    accounts = list(Account.objects.visible_to(member).in_order())
    refused: TimeRefused | None = None
    status = 200
    if request.method == "POST":
        form = NewPostForm(request.POST, member=member)
        status = 422
        if form.is_valid():
            asked = form.cleaned_data
            with time_refusals() as refusals:
                started = start_post(
                    account=asked["account"],
                    by=member,
                    texts=[asked["text"]],
                    title=asked["title"],
                    campaign=asked["campaign"],
                    wall=asked["wall"],
                    zone=asked["account"].zone,
                    fold=asked["fold"],
                    now=now(),
                )
                return redirect("post", started.pk)
            refused = refusals.found
    else:
        form = NewPostForm(member=member, initial=_beginning(request, accounts))
    context = {"form": form, "accounts": accounts, "refused": refused}
    context["connect_url"] = address_or_none("accounts")
    return render(request, "planning/post_new.html", context, status=status)


def _beginning(request: HttpRequest, accounts: Sequence[Account]) -> dict[str, Any]:
    """Return what the address says about the new post; anything odd in it is left out."""
    asked = request.GET.get("account", "")
    account = next((each.pk for each in accounts if str(each.pk) == asked), None)
    start: dict[str, Any] = {"account": account or (accounts[0].pk if accounts else None)}
    try:
        start["date"] = parse_date(request.GET.get("day", ""))
    except ValueError:
        start["date"] = None
    return start
