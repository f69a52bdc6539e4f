"""The frame of the steps: where one stands, who may, and where to go on."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from yanzhen.onboarding.back import BACK
from yanzhen.onboarding.queries import Standing, next_open, standings_of
from yanzhen.people.gate import MemberRequest
from yanzhen.people.models import Member
from yanzhen.people.rights import DUTIES


def step_page(
    request: MemberRequest, slug: str, *, status: int = 200, template: str = "", **parts: Any
) -> HttpResponse:
    """Show a step; ``parts`` is what only it shows. Who may not take it is told who may."""
    request.session.pop(BACK, None)
    standings = standings_of(request.member)
    shown = _shown(standings, slug)
    team = Member.objects.visible_to(request.member)
    context = {
        "standings": standings,
        "shown": shown,
        "before": standings[shown.number - 2] if shown.number > 1 else None,
        "after": standings[shown.number] if shown.number < len(standings) else None,
        "holders": [] if shown.may else team.holding(shown.step.asks),
        "duty": DUTIES[shown.step.asks].sentence,
        "template": template or f"onboarding/steps/{slug}.html",
        **parts,
    }
    return render(request, "onboarding/step.html", context, status=status)


def go_on(request: MemberRequest, slug: str) -> HttpResponse:
    """Lead to the next open step, or to the end."""
    standings = standings_of(request.member)
    following = next_open(standings, after=_shown(standings, slug).number)
    return redirect(following.url if following else "start")


def _shown(standings: list[Standing], slug: str) -> Standing:
    return next(each for each in standings if each.step.slug == slug)
