"""Waiting for the worker: what it is doing, what came of it, or that there is none."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yanzhen.channels.errands import KINDS, ErrandKind
from yanzhen.channels.models import Errand
from yanzhen.channels.queries import worker_answers
from yanzhen.channels.states import ErrandState
from yanzhen.kernel import clock
from yanzhen.people.gate import MemberRequest, members

#: After this long without a worker the page says so.
PATIENCE = timedelta(seconds=3)
#: How often an open page looks, in milliseconds: at first, and after it has looked for a while.
LOOK_MS, LOOK_LATER_MS = 300, 2000
FOR_A_WHILE = timedelta(seconds=10)


@members
@never_cache
@require_GET
def errand(request: MemberRequest, key: str) -> HttpResponse:
    """Show one errand of the member's own; lead on when it is done."""
    rows = Errand.objects.visible_to(request.member).select_related("account")
    found = get_object_or_404(rows, key=key, kind__in=KINDS)
    kind = KINDS[found.kind]
    if not found.is_over:
        return _waiting(request, found, kind, now=clock.database_now())
    if request.headers.get("HX-Request"):
        # The page that waits is left: what comes now has another heading, or is another page.
        return HttpResponse(headers={"HX-Redirect": request.path})
    if found.state == ErrandState.DONE:
        if kind.said is not None:
            messages.info(request, kind.said(found))
        return redirect(kind.leads_to(found))
    return _failed(request, found, kind)


def _waiting(
    request: MemberRequest, found: Errand, kind: ErrandKind, *, now: datetime
) -> HttpResponse:
    waited = now - found.asked_at
    context = {
        "kind": kind,
        "back": kind.back(found) if kind.back else kind.leads_to(found),
        "look_ms": LOOK_MS if waited < FOR_A_WHILE else LOOK_LATER_MS,
        "silent": waited >= PATIENCE and not worker_answers(now=now),
    }
    part = "#waiting" if request.headers.get("HX-Request") else ""
    return render(request, f"channels/errand.html{part}", context)


def _failed(request: MemberRequest, found: Errand, kind: ErrandKind) -> HttpResponse:
    title, steps = kind.explain(found)
    context = {
        "title": title,
        "steps": steps,
        "back": kind.back(found) if kind.back else kind.leads_to(found),
    }
    return render(request, "channels/errand_failed.html", context)
