"""What new rules of time zones did to the turns ahead, all of it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yanzhen.duty.queries_zones import change_of_zones
from yanzhen.duty.views.answers import rota_for
from yanzhen.kernel.ids import parse_id
from yanzhen.people.gate import MemberRequest, members


@members
@require_GET
def duty_zones(request: MemberRequest) -> HttpResponse:
    """Show the turns moved by the last change of rules, or by ?change= (its number in the log)."""
    rota = rota_for(request)
    change = change_of_zones(rota, parse_id(request.GET.get("change")))
    return render(request, "duty/zones.html", {"change": change})
