"""The composer: one post with its text, its time, its checks and its versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_http_methods

from yanzhen.channels.models import Account
from yanzhen.channels.platforms import platform
from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.models import Member, Role
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.starting import start_post
from yanzhen.planning.actions.writing import actor_may_write
from yanzhen.planning.checks import Findings, find
from yanzhen.planning.content import Content, PostKind, read_segments
from yanzhen.planning.content_words import WHO_MAY_REPLY, term_lines
from yanzhen.planning.forms import DetailsForm, NewPostForm, NoteForm
from yanzhen.planning.forms_embargo import EmbargoForm
from yanzhen.planning.forms_recurring import RecurrenceForm
from yanzhen.planning.forms_writing import Writing
from yanzhen.planning.models import Draft, Post, Slot
from yanzhen.planning.pieces import Ballot, pieces_of
from yanzhen.planning.ports import Standing
from yanzhen.planning.pricing import price_of
from yanzhen.planning.queries import framing_of, savers_of, versions_of, writers_of
from yanzhen.planning.queries_checks import circumstances_of, manuscript_of
from yanzhen.planning.queries_embargo import (
    EmbargoShown,
    can_embargo,
    embargo_of,
    may_embargo,
)
from yanzhen.planning.queries_slots import shown_slot
from yanzhen.planning.rearranging import NEW_POLL
from yanzhen.planning.recurrence import Rule
from yanzhen.planning.rule_words import rule_words, time_lines
from yanzhen.planning.spreading import is_long
from yanzhen.planning.states import POST, TIMEABLE, WRITABLE
from yanzhen.planning.views.answers import TimeRefused, time_refusals
from yanzhen.planning.views.script_words import words_for_scripts
from yanzhen.planning.views.timing_panel import timing_context

VERSIONS_SHOWN = 6


def post_for(member: Member, pk: int) -> Post:
    """Return the member's post with all names loaded, or raise Http404."""
    rows = Post.objects.visible_to(member).with_names()
    return get_object_or_404(rows.select_related("workspace"), pk=pk)


def draft_of(post: Post) -> Draft:
    """Return the post's draft with who saved it."""
    draft = Draft.objects.select_related("saved_by__user").get(post=post)
    # The draft asks its post for the kind: this one, which is here already.
    draft.post = post
    return draft


def address_or_none(name: str, *args: Any) -> str:
    """Return the address of a page of another room, "" where it is not served."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def content_shown(draft: Draft, sent: Writing | None) -> Content:
    """Return the draft's content, or with what somebody sent in its place."""
    content = draft.content
    if sent is None:
        return content
    extras = draft.extras if sent.extras is None else sent.extras
    texts = sent.texts or [""]
    return replace(
        content,
        segments=read_segments(texts, extras[: len(texts)]),
        terms=content.terms if sent.terms is None else sent.terms,
    )


def composer_context(
    request: MemberRequest, post: Post, *, sent: Writing | None = None, **given: Any
) -> dict[str, Any]:
    """Return everything the page shows. What is ``sent`` is shown in place of the draft's."""
    member, moment = request.member, now()
    draft = given.pop("draft", None) or draft_of(post)
    content = content_shown(draft, sent)
    found = circumstances_of(post, content, viewer=member, now=moment)
    findings = find(content, found)
    price = price_of(content, own_target=found.reply_standing is Standing.OURS)
    context = {
        "post": post,
        "draft": draft,
        "pieces": pieces_of(
            content.segments,
            limit=post.account.text_limit,
            workspace_id=post.workspace_id,
            prices=price.segments,
        ),
        "long": any(is_long(text) for text in content.texts),
        "terms": content.terms,
        "term_lines": term_lines(content.terms, url_of(post)),
        "who_may_reply": WHO_MAY_REPLY,
        "new_ballot": Ballot((), NEW_POLL["minutes"]),
        "alt_required": post.workspace.alt_required,
        "writing": actor_may_write(member, post),
        "findings": findings,
        "text_digest": manuscript_of(post, content, found.files).digest(post.ref),
        **_standing_rights(member, post, findings),
        "framing": framing_of(post),
        "writers": writers_of(post),
        "savers": savers_of(post, member, now=moment),
        "versions": list(versions_of(post)[:VERSIONS_SHOWN]),
        "note_form": NoteForm(),
        **timing_context(request, post, now=moment),
        "details_form": DetailsForm(member=member, post=post),
        "words": words_for_scripts(),
        "asked": request.GET.get("ask", ""),
        "now": moment,
        **recurring_context(post, rule=found.rule),
        **embargo_context(member, post),
        **rights_on(member, post),
    }
    return {**context, **given}


def _standing_rights(member: Member, post: Post, findings: Findings) -> dict[str, Any]:
    """Return whether the reader may let an error of the framework stand, else which roles may."""
    may = member.may(Decision.BRAND_OVERRIDE, account_id=post.account_id)
    asked = not may and any(each.brand for each in findings.stops)
    roles = Role.objects.visible_to(member).in_order() if asked else ()
    holding = [role.shown_title for role in roles if Decision.BRAND_OVERRIDE in role.granted]
    return {"may_let_stand": may, "stand_roles": holding}


def recurring_context(post: Post, *, rule: Rule | None) -> dict[str, Any]:
    """Return what the timing panel shows of a recurring post."""
    return {
        "rule": rule,
        "rule_words": rule_words(rule) if rule else "",
        "recur_form": RecurrenceForm(rule=rule),
        "time_lines": time_lines(post, rule) if rule else [],
    }


def embargo_context(member: Member, post: Post) -> dict[str, Any]:
    """Return what the embargo's panel shows; its form only to who may send it."""
    shown = embargo_of(post)
    may = can_embargo(post) and may_embargo(member, post)
    return {
        "shown": shown,
        "may_set_embargo": may,
        "embargo_form": embargo_form_for(member, post, shown=shown) if may else None,
    }


def embargo_form_for(
    member: Member,
    post: Post,
    data: Mapping[str, Any] | None = None,
    *,
    shown: EmbargoShown | None = None,
) -> EmbargoForm:
    """Return the form of the post's embargo as it stands, or with what was sent."""
    embargo = post.standing_embargo
    on_list = list(shown.readers) if shown else []
    return EmbargoForm(data, member=member, post=post, embargo=embargo, on_list=on_list)


def url_of(post: Post) -> Callable[[str], str]:
    """Return what gives the public address of any post on the post's platform by its id."""
    on = platform(post.account.platform)
    return lambda remote_id: on.post_url("i", remote_id)


def rights_on(member: Member, post: Post) -> dict[str, Any]:
    """Return what this member may do with the post as it stands, for showing the buttons."""
    writes = member.may(Decision.POST_WRITE, account_id=post.account_id)
    author = post.author_id == member.pk
    return {
        "may_time": member.may(Decision.POST_SCHEDULE, account_id=post.account_id)
        and post.state in TIMEABLE,
        "may_recur": member.may(Decision.POST_SCHEDULE, account_id=post.account_id)
        and post.state in WRITABLE,
        "may_revise": writes and POST.allows("revise", post.state),
        "may_drop": member.may(Decision.POST_DROP, account_id=post.account_id)
        and POST.allows("drop", post.state),
        "may_copy": writes and post.kind != PostKind.REPOST,
        "may_detail": writes,
        "submittable": member.may(Decision.POST_SUBMIT, account_id=post.account_id)
        and author
        and POST.allows("submit", post.state),
        "submit_url": address_or_none("review-submit", post.pk),
        "trail_url": address_or_none("review-trail", post.pk),
        "clock_url": address_or_none("review-fast-clock", post.pk),
        "delivery_url": address_or_none("post-delivery", post.pk),
        "tasks_url": address_or_none("post-tasks", post.pk),
        "idea_url": address_or_none("post-idea", post.pk),
        "talk_url": address_or_none("post-discussion", post.pk),
        "here_url": address_or_none("post-here", post.pk),
    }


PIECES = frozenset({"slug", "checks", "present", "versions", "standing", "preview"})


@members
@require_GET
def post(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the composer, or one piece of it with ?part=."""
    found = post_for(request.member, pk)
    part = request.GET.get("part", "")
    piece = f"#{part}" if part in PIECES else ""
    name = f"planning/post.html{piece}" if part != "preview" else "planning/_preview.html"
    answer = render(request, name, composer_context(request, found))
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
        form = NewPostForm(member=member, initial=_beginning(request, member, accounts))
    context = {"form": form, "accounts": accounts, "refused": refused}
    context["connect_url"] = address_or_none("accounts")
    return render(request, "planning/post_new.html", context, status=status)


def _beginning(request: HttpRequest, member: Member, accounts: Sequence[Account]) -> dict[str, Any]:
    """Return what the address says about the new post; anything odd in it is left out."""
    slot = _slot_asked(request, member)
    if slot is not None:
        shown = shown_slot(member, slot, now=now())
        local = shown.takes_at.astimezone(slot.account.tz)
        when = {"date": local.date(), "time": local.time()}
        return {"account": slot.account_id, "title": slot.goal, **when}
    asked = request.GET.get("account", "")
    account = next((each.pk for each in accounts if str(each.pk) == asked), None)
    start: dict[str, Any] = {"account": account or (accounts[0].pk if accounts else None)}
    try:
        start["date"] = parse_date(request.GET.get("day", ""))
    except ValueError:
        start["date"] = None
    return start


def _slot_asked(request: HttpRequest, member: Member) -> Slot | None:
    """Return the slot that ?slot= is to be written for, None where nobody can."""
    asked = parse_id(request.GET.get("slot"))
    rows = Slot.objects.visible_to(member).planned().select_related("account")
    return rows.filter(pk=asked).first() if asked else None
