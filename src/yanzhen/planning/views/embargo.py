"""A post's embargo: set and tightened by one, loosened by two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yanzhen.kernel.clock import database_now
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.toasts import say
from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.rights import Decision, NotAllowed
from yanzhen.planning.actions import embargoing
from yanzhen.planning.embargoes import EmbargoWish
from yanzhen.planning.forms_embargo import EmbargoForm
from yanzhen.planning.models import Post
from yanzhen.planning.moments import moment_words
from yanzhen.planning.queries_embargo import can_embargo, may_embargo
from yanzhen.planning.views.answers import TimeRefused, time_refusals
from yanzhen.planning.views.composer import composer_context, embargo_form_for, post_for

UNPROCESSABLE, CONFLICT = 422, 409


def _post(request: MemberRequest, pk: int) -> Post:
    """Return a post whose embargo the member may change. Raises Http404 and NotAllowed."""
    post = post_for(request.member, pk)
    if not may_embargo(request.member, post):
        raise NotAllowed(Decision.POST_SCHEDULE, "no_right")
    return post


@members
@require_POST
def post_embargo(request: MemberRequest, pk: int) -> HttpResponse:
    """Set the embargo, make it stricter at once, or propose to loosen it."""
    post = _post(request, pk)
    form = embargo_form_for(request.member, post, request.POST)
    if not form.is_valid():
        return _page(request, post, form, status=UNPROCESSABLE)
    asked = form.cleaned_data
    terms = embargoing.Terms(
        wall=asked["wall"],
        zone=asked["zone"],
        fold=asked["fold"],
        readers=list(asked["readers"]),
        reason=asked["reason"],
    )

    def act() -> str:
        done = embargoing.set_embargo(post, by=request.member, terms=terms, now=database_now())
        if isinstance(done, EmbargoWish):
            return _("Proposed. Somebody else on the list confirms it; until then nothing changes.")
        return _("Under embargo until %(moment)s.") % {"moment": moment_words(asked["wall"])}

    return _answered(request, post, act, form)


@members
@require_POST
def post_embargo_end(request: MemberRequest, pk: int) -> HttpResponse:
    """Propose to end the embargo at once."""
    post = _post(request, pk)
    reason = request.POST.get("reason", "")

    def act() -> str:
        embargoing.wish_end(post, by=request.member, reason=reason, now=database_now())
        return _("Proposed. Somebody else on the list confirms it; until then nothing changes.")

    return _answered(request, post, act)


@members
@require_POST
def post_embargo_confirm(request: MemberRequest, pk: int) -> HttpResponse:
    """Loosen it as somebody else proposed."""
    post = _post(request, pk)

    def act() -> str:
        embargo = embargoing.confirm_wish(_wish(post), by=request.member, now=database_now())
        if not embargo.stands:
            return _("The embargo is lifted.")
        return _("Under embargo until %(moment)s.") % {"moment": moment_words(embargo.lifts_local)}

    return _answered(request, post, act)


@members
@require_POST
def post_embargo_keep(request: MemberRequest, pk: int) -> HttpResponse:
    """Turn the proposal down, or take one's own back."""
    post = _post(request, pk)

    def act() -> str:
        embargoing.close_wish(_wish(post), by=request.member, now=database_now())
        return _("The embargo stays as it is.")

    return _answered(request, post, act)


def _wish(post: Post) -> EmbargoWish:
    """Return the open proposal. Raises MoveRefused when there is none any more."""
    found = EmbargoWish.objects.filter(embargo__post=post, closed_at=None).first()
    if found is None:
        raise MoveRefused(post, "embargo", "changed")
    return found


def _answered(
    request: MemberRequest, post: Post, act: Callable[[], str], form: EmbargoForm | None = None
) -> HttpResponse:
    """Do it, or show the page again and say why nothing has changed."""
    status, why = UNPROCESSABLE, ""
    with time_refusals() as refusals:
        try:
            said = act()
            fresh = post_for(request.member, post.pk)
            return say(request, _panel(request, fresh), said)
        except embargoing.NobodyToConfirm:
            why = _(
                "Two people on the list must be able to change it later. Add somebody who may set "
                "times."
            )
        except embargoing.WishWaits:
            why = _("Somebody has proposed a change already. Confirm it or turn it down first.")
        except embargoing.ReasonMissing:
            why = _("Say why: whoever confirms it reads the reason.")
        except MoveRefused as refused:
            status, why = CONFLICT, _moved(post, refused)
    return _page(request, post, form, status=status, refused=refusals.found, why=why)


def _moved(post: Post, refused: MoveRefused) -> str:
    post.refresh_from_db()
    if refused.found in ("changed", "gone"):
        return _("It has changed meanwhile. Look again.")
    if not can_embargo(post):
        stage = {"stage": post.get_state_display()}
        return _("The post is “%(stage)s”: there is nothing left to keep.") % stage
    return _("It is being sent at this moment. Look again shortly.")


def _panel(request: MemberRequest, post: Post) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect(f"{reverse('post', args=[post.pk])}#embargo")
    return render(request, "planning/post.html#timing", composer_context(request, post))


def _page(
    request: MemberRequest,
    post: Post,
    form: EmbargoForm | None,
    *,
    status: int,
    refused: TimeRefused | None = None,
    why: str = "",
) -> HttpResponse:
    given: dict[str, Any] = {"embargo_open": True, "embargo_trouble": why}
    if refused is not None and refused.why:
        given["embargo_refused"] = refused
    if form is not None:
        given["embargo_form"] = form
    piece = "#timing" if request.headers.get("HX-Request") else ""
    context = composer_context(request, post, **given)
    return render(request, f"planning/post.html{piece}", context, status=status)
