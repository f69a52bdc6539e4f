"""How healthy all connections are, and ending all of them at once."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from yanzhen.channels.actions.leaving import revoke_all as revoke
from yanzhen.channels.health import health_of
from yanzhen.channels.models import Account, DeveloperApp
from yanzhen.channels.platforms import platform
from yanzhen.channels.queries import lately_voided, worker_answers
from yanzhen.channels.states import AccountState
from yanzhen.channels.views.accounts import whole_or_rows
from yanzhen.kernel import clock
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.rights import Decision


@members
@require_GET
def health(request: MemberRequest) -> HttpResponse:
    """Show each connection: what it may do, how long it holds, and what X last said."""
    now = clock.database_now()
    rows = Account.objects.visible_to(request.member).select_related("credential").in_order()
    context = {
        "found": [health_of(account, now=now) for account in rows],
        "app": DeveloperApp.objects.of(request.member.workspace_id, "x", platform("x").origin),
        "worker": worker_answers(now=now),
        "may_connect": request.member.may_somewhere(Decision.ACCOUNT_CONNECT),
    }
    return whole_or_rows(request, "channels/health.html", context)


@asks(Decision.ACCOUNT_CONNECT)
@require_http_methods(["GET", "POST"])
def revoke_all(request: MemberRequest) -> HttpResponse:
    """Ask before everything is disconnected, do it, and show what became of each key."""
    now = clock.database_now()
    if request.method == "POST":
        revoke(request.member.workspace, by=request.member, now=now)
        return redirect("accounts-revoke-all")
    held = Account.objects.visible_to(request.member).exclude(state=AccountState.DISCONNECTED)
    voided = lately_voided(request.member, now=now)
    context = {
        "held": list(held.in_order()),
        "voided": voided,
        "under_way": any(report.under_way for _errand, report in voided),
        "worker": worker_answers(now=now),
    }
    return whole_or_rows(request, "channels/revoke_all.html", context)
