"""Handing over, accepting, refusing, taking."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from yanzhen.handoff.actions.checks import Incomplete, LogChanged, Unread, require_taker
from yanzhen.handoff.actions.deciding import accept_handover, refuse_handover
from yanzhen.handoff.actions.sending import send_handover, withdraw_handover
from yanzhen.handoff.actions.taking import take_lead
from yanzhen.handoff.forms import AcceptForm, RefuseForm
from yanzhen.handoff.panel import panel_context
from yanzhen.handoff.queries import strip_for
from yanzhen.handoff.views.one import find, meanwhile, page
from yanzhen.kernel.clock import now
from yanzhen.kernel.ids import parse_id
from yanzhen.kernel.text import TextRefused
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.rights import Decision


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


@members
@require_POST
def accept(request: MemberRequest, pk: int) -> HttpResponse:
    """Take the lead, on the page of the log or in the panel of Today."""
    require_taker(find(request.member, pk), request.member, "accept")
    form = AcceptForm(request.POST)
    ticked = frozenset(n for raw in request.POST.getlist("ticked") if (n := parse_id(raw)))
    if not form.is_valid():
        return _again(request, pk, form, ticked)
    found = find(request.member, pk)
    try:
        accept_handover(found, ticked=ticked, **form.cleaned_data, by=request.member, now=now())
    except LogChanged:
        return _renewed(request, pk, form.cleaned_data["read_back"])
    except Unread as unread:
        count = len(unread.items)
        said = ngettext("%(count)d point is not ticked.", "%(count)d points are not ticked.", count)
        form.add_error(None, said % {"count": count})
        return _again(request, pk, form, ticked)
    except TextRefused as refused:
        form.add_error("read_back", str(refused))
        return _again(request, pk, form, ticked)
    messages.success(request, _("You have the lead."))
    if _in_panel(request):
        # The lead stands all over the page, so all of it is drawn anew.
        return HttpResponse(headers={"HX-Redirect": reverse("today")})
    return redirect("today") if request.POST.get("from") == "today" else redirect("handoff", pk)


def _in_panel(request: MemberRequest) -> bool:
    return request.headers.get("HX-Target") == "today-accept"


def _again(
    request: MemberRequest, pk: int, form: AcceptForm, ticked: frozenset[int]
) -> HttpResponse:
    """Show what is wrong, where it was sent from."""
    if _in_panel(request):
        return _panel(request, status=422, form=form, ticked=ticked)
    found = find(request.member, pk)
    return page(request, found, accept_form=form, ticked=ticked, status=422)


def _renewed(request: MemberRequest, pk: int, read_back: str) -> HttpResponse:
    """Show the log as it is by now; the line stays, the points are to be ticked anew."""
    fresh = find(request.member, pk)
    form = AcceptForm(initial={"seen": fresh.revision, "read_back": read_back})
    if _in_panel(request):
        return _panel(request, status=409, form=form, note=meanwhile())
    return page(request, fresh, accept_form=form, note=meanwhile(), status=409)


def _panel(
    request: MemberRequest,
    *,
    status: int,
    form: AcceptForm,
    ticked: frozenset[int] = frozenset(),
    note: str = "",
) -> HttpResponse:
    moment = now()
    context = panel_context(strip_for(request.member, now=moment), form=form, ticked=ticked)
    context |= {"now": moment, "note": note}
    return render(request, "handoff/_today.html", context, status=status)


@members
@require_POST
def refuse(request: MemberRequest, pk: int) -> HttpResponse:
    """Refuse a handover; the lead stays."""
    found, form = find(request.member, pk), RefuseForm(request.POST)
    require_taker(found, request.member, "refuse")
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
