"""The freeze: what is closed and what had left before, and one form to close more."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from yanzhen.channels.models import Account
from yanzhen.kernel.clock import database_now
from yanzhen.kernel.ids import parse_id
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision
from yanzhen.planning.models import Campaign
from yanzhen.publishing import freezes
from yanzhen.publishing.actions import freezing
from yanzhen.publishing.forms_thaw import FreezeForm
from yanzhen.publishing.models import GateScope


def _target(member: Member, key: str) -> freezing.Target:
    """Return what a form's key names, of the member's own workspace only. Raises Http404."""
    scope, _sign, raw = key.partition(":")
    pk = parse_id(raw)
    if scope == GateScope.WORKSPACE.value:
        return get_object_or_404(Workspace, pk=pk if pk == member.workspace_id else None)
    if scope == GateScope.ACCOUNT.value:
        return get_object_or_404(Account.objects.visible_to(member), pk=pk)
    if scope == GateScope.CAMPAIGN.value:
        return get_object_or_404(Campaign, workspace_id=member.workspace_id, pk=pk)
    raise Http404(key)


def _page(
    request: MemberRequest, *, closing: FreezeForm | None = None, status: int = 200
) -> HttpResponse:
    member = request.member
    closed = freezes.closed_for(member, now=database_now())
    widest = closed[0].gate.scope if closed else ""
    flights = freezes.flights(member, [one.gate for one in closed])
    context = {
        "closed": closed,
        "everything": widest in (GateScope.INSTALLATION, GateScope.WORKSPACE),
        "closing": closing or FreezeForm(member=member),
        "flights": flights,
        "may_freeze": member.may_somewhere(Decision.PUBLISH_FREEZE),
        "deletable": {
            number
            for number in {flight.delivery.account_id for flight in flights}
            if member.may(Decision.PUBLISH_DELETE, account_id=number)
        },
    }
    template = "publishing/freeze.html"
    if request.headers.get("HX-Request"):
        template += "#state"
    return render(request, template, context, status=status)


@members
@require_GET
def freeze(request: MemberRequest) -> HttpResponse:
    """Show what is frozen, and what became of what had left before."""
    return _page(request)


@asks(Decision.PUBLISH_FREEZE)
@require_POST
def close(request: MemberRequest) -> HttpResponse:
    """Freeze the workspace, an account or a campaign; already frozen is fine."""
    form = FreezeForm(request.POST, member=request.member)
    if not form.is_valid():
        return _page(request, closing=form, status=422)
    target = _target(request.member, form.cleaned_data["scope"])
    reason = form.cleaned_data["reason"]
    done = freezing.freeze(target, by=request.member, reason=reason, now=database_now())
    messages.warning(request, _said(done))
    return redirect("freeze")


def _said(done: freezing.Frozen) -> str:
    if done.already:
        return _("It was frozen already, and stays so.")
    flying = len(done.in_flight)
    if not flying:
        return _("Frozen. Nothing was on its way.")
    return ngettext(
        "Frozen. %(count)s post had left before and may still appear.",
        "Frozen. %(count)s posts had left before and may still appear.",
        flying,
    ) % {"count": flying}
