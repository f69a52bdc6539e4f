"""The first ten minutes as a whole, leaving a step out, and the lists on Today."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yanzhen.kernel.clock import now
from yanzhen.kernel.toasts import say
from yanzhen.onboarding.actions.progress import (
    NoSuchStep,
    hide_list,
    settle_step,
    show_list,
    tick_point,
    untick_point,
)
from yanzhen.onboarding.back import BACK
from yanzhen.onboarding.queries import list_is_hidden, next_open, standings_of
from yanzhen.onboarding.steps import BY_SLUG
from yanzhen.onboarding.views.page import go_on
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.rights import Decision


@asks(Decision.WORKSPACE_EDIT)
@require_GET
def start(request: MemberRequest) -> HttpResponse:
    """Show all steps, what became of them, and where to go on."""
    request.session.pop(BACK, None)
    standings = standings_of(request.member)
    context = {
        "standings": standings,
        "following": next_open(standings),
        "begun": any(each.settled for each in standings),
        "hidden": list_is_hidden(request.member),
    }
    return render(request, "onboarding/start.html", context)


@asks(Decision.WORKSPACE_EDIT)
@require_POST
def skip(request: MemberRequest, slug: str) -> HttpResponse:
    """Leave a step out for now."""
    if slug not in BY_SLUG:
        raise Http404
    settle_step(slug, skipped=True, by=request.member, now=now())
    return go_on(request, slug)


@asks(Decision.WORKSPACE_EDIT)
@require_POST
def hide(request: MemberRequest) -> HttpResponse:
    """Take the team's list out of sight."""
    hide_list(by=request.member, now=now())
    text = _("The list is hidden for the team.")
    return say(request, redirect("today"), text, undo=reverse("start-show"))


@asks(Decision.WORKSPACE_EDIT)
@require_POST
def show(request: MemberRequest) -> HttpResponse:
    """Show the team's list again."""
    show_list(by=request.member, now=now())
    return redirect("today")


@members
@require_POST
def tick(request: MemberRequest, slug: str) -> HttpResponse:
    """Note that a point of one's own list is seen to."""
    try:
        tick_point(slug, by=request.member, now=now())
    except NoSuchStep:
        raise Http404 from None
    return say(request, redirect("today"), _("Noted."), undo=reverse("start-untick", args=[slug]))


@members
@require_POST
def untick(request: MemberRequest, slug: str) -> HttpResponse:
    """Put a point of one's own list back."""
    untick_point(slug, by=request.member)
    return redirect("today")
