"""The freeze: its state in large, one form to close, one to open."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from yanzhen.channels.models import Account
from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision
from yanzhen.planning.models import Campaign
from yanzhen.publishing.actions import freezing
from yanzhen.publishing.forms import FreezeForm
from yanzhen.publishing.models import GateScope
from yanzhen.publishing.queries import closables, in_flight, whole_freeze


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
    request: MemberRequest,
    *,
    closing: FreezeForm | None = None,
    opening: FreezeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    member = request.member
    everything = closables(member)
    holders: list[Member] = []
    if not member.may(Decision.PUBLISH_UNFREEZE):
        team = Member.objects.filter(workspace_id=member.workspace_id)
        holders = team.holding(Decision.PUBLISH_UNFREEZE)
    context = {
        "whole": whole_freeze(),
        "workspace_gate": everything[0],
        "frozen": [one for one in everything if one.frozen],
        "closing": closing or FreezeForm(member=member),
        "opening": opening or FreezeForm(member=member, frozen=True),
        "flying": list(in_flight(member)[:50]),
        "may_freeze": member.may(Decision.PUBLISH_FREEZE),
        "may_delete": member.may(Decision.PUBLISH_DELETE),
        "may_unfreeze": member.may(Decision.PUBLISH_UNFREEZE),
        "holders": holders,
    }
    return render(request, "publishing/freeze.html", context, status=status)


@members
@require_GET
def freeze(request: MemberRequest) -> HttpResponse:
    """Show what is frozen, and what is in the air."""
    return _page(request)


@asks(Decision.PUBLISH_FREEZE)
@require_POST
def close(request: MemberRequest) -> HttpResponse:
    """Freeze the workspace, an account or a campaign."""
    form = FreezeForm(request.POST, member=request.member)
    if not form.is_valid():
        return _page(request, closing=form, status=422)
    target = _target(request.member, form.cleaned_data["scope"])
    reason = form.cleaned_data["reason"]
    done = freezing.freeze(target, by=request.member, reason=reason, now=now())
    flying = len(done.in_flight)
    if flying:
        said = ngettext(
            "Frozen. %(count)s post had left before and may still appear.",
            "Frozen. %(count)s posts had left before and may still appear.",
            flying,
        ) % {"count": flying}
    else:
        said = _("Frozen. Nothing was on its way.")
    messages.warning(request, said)
    return redirect("freeze")


@asks(Decision.PUBLISH_UNFREEZE)
@require_POST
def lift(request: MemberRequest) -> HttpResponse:
    """Lift one freeze; what was missed waits for a person."""
    form = FreezeForm(request.POST, member=request.member, frozen=True)
    if not form.is_valid():
        return _page(request, opening=form, status=422)
    target = _target(request.member, form.cleaned_data["scope"])
    reason = form.cleaned_data["reason"]
    missed = freezing.unfreeze(target, by=request.member, reason=reason, now=now())
    if missed:
        said = ngettext(
            "The freeze is lifted. %(count)s post missed its time and waits for a person.",
            "The freeze is lifted. %(count)s posts missed their time and wait for a person.",
            missed,
        ) % {"count": missed}
    else:
        said = _("The freeze is lifted. No post missed its time.")
    messages.info(request, said)
    return redirect("freeze")
