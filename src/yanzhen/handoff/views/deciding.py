"""Handing over, accepting, refusing, taking."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from yanzhen.handoff.actions.checks import Incomplete, LogChanged, Unread
from yanzhen.handoff.actions.deciding import accept_handover, refuse_handover
from yanzhen.handoff.actions.sending import send_handover, withdraw_handover
from yanzhen.handoff.actions.taking import take_lead
from yanzhen.handoff.forms import AcceptForm, RefuseForm
from yanzhen.handoff.queries import may_accept
from yanzhen.handoff.states import HandoverState
from yanzhen.handoff.views.one import find, meanwhile, page
from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import TextRefused
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.rights import Decision, NotAllowed


@members
@require_POST
def send(request: MemberRequest, pk: int) -> HttpResponse:
    """Hand the log to the receiver."""
    found = find(request.member, pk)
    try:
        sent = send_handover(found, by=request.member, now=now())
    except Incomplete as lacking:
        names = ", ".join(section.shown_title for section in lacking.sections)
        note = _("Still empty: %(sections)s. Add a point, or say that there is nothing.")
        return page(request, found, note=note % {"sections": names}, status=422)
    said = _("%(name)s is asked to take the lead. Until then it stays where it is.")
    messages.success(request, said % {"name": sent.receiver.user.name})
    return redirect("handoff", pk)


@members
@require_POST
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a handover back."""
    withdraw_handover(find(request.member, pk), by=request.member, now=now())
    messages.success(request, _("The handoff is taken back. The lead stays where it is."))
    return redirect("handoffs")


def _check(request: MemberRequest, pk: int, move: str) -> None:
    """Stop who may not decide before anything is said about what they sent."""
    found = find(request.member, pk)
    if found.state != HandoverState.WAITING:
        raise MoveRefused(found, move, found.state)
    if not may_accept(found, request.member):
        raise NotAllowed(Decision.LEAD_SET, "no_right")


@members
@require_POST
def accept(request: MemberRequest, pk: int) -> HttpResponse:
    """Take the lead."""
    _check(request, pk, "accept")
    found, form = find(request.member, pk), AcceptForm(request.POST)
    ticked = {number for raw in request.POST.getlist("ticked") if (number := parse_id(raw))}
    if not form.is_valid():
        return page(request, found, accept_form=form, ticked=ticked, status=422)
    try:
        accept_handover(found, ticked=ticked, **form.cleaned_data, by=request.member, now=now())
    except LogChanged:
        fresh = find(request.member, pk)
        kept = AcceptForm(
            initial={"seen": fresh.revision, "read_back": form.cleaned_data["read_back"]}
        )
        return page(request, fresh, accept_form=kept, note=meanwhile(), status=409)
    except Unread as unread:
        count = len(unread.items)
        said = ngettext("%(count)d point is not ticked.", "%(count)d points are not ticked.", count)
        form.add_error(None, said % {"count": count})
        return page(request, found, accept_form=form, ticked=ticked, status=422)
    except TextRefused as refused:
        form.add_error("read_back", str(refused))
        return page(request, found, accept_form=form, ticked=ticked, status=422)
    messages.success(request, _("You have the lead."))
    return redirect("handoff", pk)


@members
@require_POST
def refuse(request: MemberRequest, pk: int) -> HttpResponse:
    """Refuse a handover; the lead stays."""
    _check(request, pk, "refuse")
    found, form = find(request.member, pk), RefuseForm(request.POST)
    if not form.is_valid():
        return page(request, found, refuse_form=form, status=422)
    try:
        refuse_handover(found, **form.cleaned_data, by=request.member, now=now())
    except TextRefused as refused:
        form.add_error("reason", str(refused))
        return page(request, found, refuse_form=form, status=422)
    messages.success(request, _("Refused. The lead stays where it is, and the log is mended."))
    return redirect("handoff", pk)


@asks(Decision.LEAD_SET)
@require_POST
def take(request: MemberRequest) -> HttpResponse:
    """Take the lead without a log."""
    if take_lead(request.member.workspace, by=request.member, now=now()):
        messages.success(request, _("You have the lead."))
    return redirect("handoffs")
