"""How evenly duty is spread, and what is too much for somebody."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yanzhen.duty.fair import fair_page
from yanzhen.duty.views.answers import rota_for
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, members

#: Weeks back (negative) or ahead; ahead only as far as turns are laid.
SPANS = (-52, -12, -4, 4, 12)
_USUAL = -12


@members
@require_GET
def duty_fairness(request: MemberRequest) -> HttpResponse:
    """Show what each member carries in some weeks, in numbers."""
    sent = request.GET.get("weeks", "")
    weeks = next((n for n in SPANS if str(n) == sent), _USUAL)
    moment = now()
    page = fair_page(rota_for(request), moment, timedelta(weeks=weeks))
    context = {"page": page, "weeks": weeks, "spans": SPANS, "me": request.member.pk}
    return render(request, "duty/fairness.html", context)
