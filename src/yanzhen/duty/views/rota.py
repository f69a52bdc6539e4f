"""The rota: who is on duty now and next, and the days ahead."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from yanzhen.duty.board import drawn, hours_by_member, rows_by_day
from yanzhen.duty.looking import MONTH, Asked, asked_in
from yanzhen.duty.models import Place, Rota
from yanzhen.duty.queries_board import ahead_of, load_board, own_turns, rota_of, zones_of
from yanzhen.duty.queries_swaps import waiting_for
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.rights import Decision


@members
@require_GET
def duty(request: MemberRequest) -> HttpResponse:
    """Show the rota, the days alone when htmx asks for them; before there is one, how to begin."""
    member, moment = request.member, now()
    rota = rota_of(member)
    context: dict[str, Any] = {
        "rota": rota,
        "now": moment,
        "may_keep": member.may(Decision.DUTY_KEEP),
    }
    if rota is None or not rota.layers.exists():
        return render(request, "duty/empty.html", context)
    asked = asked_in(request.GET, own=member.zone, now=moment)
    context |= _days(request, rota, asked)
    piece = request.headers.get("HX-Target") == "duty-days"
    answer = render(request, f"duty/duty.html{'#days' if piece else ''}", context)
    patch_vary_headers(answer, ["HX-Target"])
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _days(request: MemberRequest, rota: Rota, asked: Asked) -> dict[str, Any]:
    member, moment = request.member, now()
    window = asked.window
    found = load_board(rota, window.span, now=moment)
    month = asked.view == MONTH
    weeks = window.weeks if month else [window]
    return {
        "asked": asked,
        "boards": [drawn(found, week, now=moment, whole=not month) for week in weeks],
        "days": [] if month else rows_by_day(found, window),
        "hours": hours_by_member(found, window),
        "gaps": found.gaps,
        "primary": ahead_of(rota.workspace, now=moment),
        "backup": ahead_of(rota.workspace, now=moment, place=Place.BACKUP),
        "own": own_turns(member, now=moment),
        "waiting": waiting_for(member, rota, now=moment),
        "zones": zones_of(member),
        "me": member.pk,
    }
