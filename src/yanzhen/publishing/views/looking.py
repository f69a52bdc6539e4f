"""The lead's last look: what waits for it, one of them open, and the decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yanzhen.kernel import clock
from yanzhen.people.gate import MemberRequest, asks, members
from yanzhen.people.rights import Decision
from yanzhen.publishing import queries_looks
from yanzhen.publishing.actions.clearing import CannotClear, clear, take_back
from yanzhen.publishing.actions.scheduling import hold_post
from yanzhen.publishing.forms import ReasonForm
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.words_looks import why_not

PARTS = {"look-doc": "#doc", "look-queue": "#queue", "look-strip": "#strip"}


def _delivery(request: MemberRequest, pk: int) -> Delivery:
    """Return a delivery the member may see, or 404."""
    rows = Delivery.objects.visible_to(request.member).select_related(
        "account", "version", "post__account", "post__author__user", "post__embargo"
    )
    return get_object_or_404(rows, pk=pk)


def _context(request: MemberRequest, delivery: Delivery | None, **more: Any) -> dict[str, Any]:
    """Return what the page shows, with ``delivery`` open or the first that waits."""
    now = clock.now()
    member = request.member
    waiting = queries_looks.waiting_for(member, now=now)
    if delivery is None and waiting:
        delivery = _delivery(request, waiting[0].pk)
    asked = queries_looks.asks_for_looks(member)
    return {
        "waiting": waiting,
        "let_go": queries_looks.let_go(member),
        "sheet": queries_looks.look_sheet(delivery, member) if delivery and asked else None,
        "asked": asked,
        "leads": member.leads,
        "may_edit_flow": member.may(Decision.FLOW_EDIT),
        "now": now,
        "wrong": "",
        **more,
    }


def _answer(request: MemberRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    target = request.headers.get("HX-Target", "")
    response = render(
        request, f"publishing/looks.html{PARTS.get(target, '')}", context, status=status
    )
    response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
    return response


@require_GET
@members
def last_look(request: MemberRequest, pk: int | None = None) -> HttpResponse:
    """Show what waits for the lead's last look and one of them with its whole text."""
    return _answer(request, _context(request, None if pk is None else _delivery(request, pk)))


def _refused(request: MemberRequest, delivery: Delivery, refused: CannotClear) -> HttpResponse:
    status = 403 if refused.why == "not_lead" else 409
    return _answer(request, _context(request, delivery, wrong=why_not(refused)), status)


@require_POST
@members
def let_out(request: MemberRequest, pk: int) -> HttpResponse:
    """Give one delivery its last look: it goes out at its time."""
    delivery = _delivery(request, pk)
    try:
        seen = request.POST.get("seen", "")
        clear(delivery, seen=seen, by=request.member, now=clock.database_now())
    except CannotClear as refused:
        return _refused(request, delivery, refused)
    said = _("“%(post)s” goes out at its time. Until then you may take that back here.")
    messages.success(request, said % {"post": delivery.post.shown_title})
    return redirect("last-look")


@require_POST
@members
def back(request: MemberRequest, pk: int) -> HttpResponse:
    """Take the last look at one delivery back: it waits for another."""
    delivery = _delivery(request, pk)
    try:
        take_back(delivery, by=request.member, now=clock.database_now())
    except CannotClear as refused:
        return _refused(request, delivery, refused)
    messages.info(request, _("It waits for another look and does not go out before."))
    return redirect("look", pk=pk)


@require_POST
@asks(Decision.POST_HOLD)
def hold(request: MemberRequest, pk: int) -> HttpResponse:
    """Hold the post instead of letting it go, with a reason."""
    delivery = _delivery(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        wrong = _("Say why it is held; the team sees the reason.")
        return _answer(request, _context(request, delivery, wrong=wrong), 422)
    reason = form.cleaned_data["reason"]
    hold_post(delivery.post, by=request.member, reason=reason, now=clock.now())
    messages.info(request, _("It is held and will not go out until it gets a time again."))
    return redirect("last-look")
