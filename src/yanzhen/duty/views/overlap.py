"""The overlap planner: when the places of the team are at work together, a year ahead."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yanzhen.duty.queries_board import rota_of, sites_by_name
from yanzhen.duty.together import planner
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.rights import Decision


@members
@require_GET
def duty_overlap(request: MemberRequest) -> HttpResponse:
    """Show the hours of all places over the reader's day, and each pair's year."""
    member, moment = request.member, now()
    sites = sites_by_name(member)
    context = {
        "planner": planner([value for _row, value in sites], viewer=member.zone, now=moment),
        "sites": [row for row, _value in sites],
        "may_keep": member.may(Decision.DUTY_KEEP),
        "rota": rota_of(member),
        "now": moment,
    }
    return render(request, "duty/overlap.html", context)
