"""The calendar's settings of a workspace."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yanzhen.kernel.clock import now
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.planning.actions.slotting import set_spacing
from yanzhen.planning.forms_slots import SpacingForm
from yanzhen.planning.models import APART_MINUTES, Spacing


@asks(Decision.PLAN_THEME)
@require_http_methods(["GET", "POST"])
def calendar_settings(request: MemberRequest) -> HttpResponse:
    """Say how far apart two posts of one account should be."""
    note, status = "", 200
    form = SpacingForm(request.POST if request.method == "POST" else None, initial=_now(request))
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                set_spacing(**form.cleaned_data, by=request.member, now=now())
            except MoveRefused:
                form, status = SpacingForm(initial=_now(request)), 409
                note = _("Somebody changed this meanwhile. You see what stands now.")
            else:
                messages.success(request, _("The settings are saved."))
                return redirect("calendar-settings")
    context = {"form": form, "note": note}
    return render(request, "planning/calendar_settings.html", context, status=status)


def _now(request: MemberRequest) -> dict[str, int]:
    member: Member = request.member
    found = Spacing.objects.filter(workspace_id=member.workspace_id).first()
    if found is None:
        return {"minutes": APART_MINUTES, "seen": 0}
    return {"minutes": found.apart_minutes, "seen": found.revision}
