"""A month on paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, members
from yanzhen.planning.calendar_days import span_of
from yanzhen.planning.queries_calendar import month_for
from yanzhen.planning.queries_slots import slots_between
from yanzhen.planning.states import PostState
from yanzhen.planning.views.calendar import LEGEND, WEEKDAYS, Sign, looked


@members
@require_GET
def calendar_print(request: MemberRequest) -> HttpResponse:
    """Show the month in the address with every post in it, laid out for paper."""
    at = looked(request)
    month = month_for(
        request.member,
        at.asked.month,
        at.asked.wanted,
        at.offer.accounts,
        dated={},
        slots=slots_between(
            request.member,
            *span_of(at.asked.month),
            at.asked.wanted,
            at.offer.accounts,
            now=now(),
        ),
        now=now(),
    )
    events = [event for day in month.days for event in day.events]
    slots = [slot for day in month.days for slot in day.slots]
    shown = {event.account for event in events} | {slot.account for slot in slots}
    signs = {sign.state for sign in LEGEND}
    further = sorted({event.state for event in events} - signs, key=list(PostState).index)
    context = {
        "asked": at.asked,
        "month": month,
        "weekdays": WEEKDAYS,
        # Paper has no words to point at, so that every stage on it is explained.
        "legend": [*LEGEND, *map(Sign, further)],
        "has_slots": bool(slots),
        "accounts": [account for account in at.offer.accounts if account in shown],
        "printed_at": now(),
    }
    return render(request, "planning/calendar_print.html", context)
