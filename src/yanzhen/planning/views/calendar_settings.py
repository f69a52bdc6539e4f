"""The calendar's settings of a workspace."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yanzhen.kernel.clock import now
from yanzhen.kernel.holidays import country_name
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.slotting import set_spacing
from yanzhen.planning.forms_days import CountryForm, TeamDayForm
from yanzhen.planning.forms_slots import SpacingForm
from yanzhen.planning.models import APART_MINUTES, Spacing, TeamDay
from yanzhen.planning.queries_days import shown_countries, team_countries


@asks(Decision.PLAN_THEME)
@require_http_methods(["GET", "POST"])
def calendar_settings(request: MemberRequest) -> HttpResponse:
    """Say how far apart two posts of one account should be, and which days differ."""
    if request.method == "GET":
        return settings_page(request)
    form = SpacingForm(request.POST, initial=_now(request))
    if not form.is_valid():
        return settings_page(request, form=form, status=422)
    try:
        set_spacing(**form.cleaned_data, by=request.member, now=now())
    except MoveRefused:
        note = _("Somebody changed this meanwhile. You see what stands now.")
        return settings_page(request, note=note, status=409)
    messages.success(request, _("The settings are saved."))
    return redirect("calendar-settings")


def settings_page(request: MemberRequest, *, status: int = 200, **given: Any) -> HttpResponse:
    """Answer with the page, with forms that were refused in place of its own."""
    member = request.member
    shown = shown_countries(member)
    nearby = [code for code in team_countries(member) if code not in shown]
    context = {
        "form": SpacingForm(initial=_now(request)),
        "countries": [(code, country_name(code)) for code in shown],
        "nearby": [(code, country_name(code)) for code in nearby],
        "country_form": CountryForm(shown=shown),
        "team_days": TeamDay.objects.visible_to(member).order_by("date", "pk"),
        "day_form": TeamDayForm(initial={"free": True}),
        **given,
    }
    return render(request, "planning/calendar_settings.html", context, status=status)


def _now(request: MemberRequest) -> dict[str, int]:
    member: Member = request.member
    found = Spacing.objects.filter(workspace_id=member.workspace_id).first()
    if found is None:
        return {"minutes": APART_MINUTES, "seen": 0}
    return {"minutes": found.apart_minutes, "seen": found.revision}
