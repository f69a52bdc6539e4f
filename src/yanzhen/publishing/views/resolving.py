"""Settling one stopped post: each address takes one decision and leads on."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yanzhen.channels.models import Errand
from yanzhen.kernel.clock import now
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.gate import MemberRequest, asks
from yanzhen.people.rights import Decision
from yanzhen.planning.forms import TimeForm
from yanzhen.planning.moments import moment_words
from yanzhen.planning.views.answers import time_refusals
from yanzhen.publishing import inbox
from yanzhen.publishing.actions import rescheduling, resolving
from yanzhen.publishing.forms import AgainForm, LinkForm, ReasonForm
from yanzhen.publishing.models import Delivery, Resend
from yanzhen.publishing.views.failures import Answer, load, page

UNPROCESSABLE = 422


def _next(request: MemberRequest, *, open_pk: int | None = None) -> HttpResponse:
    """Lead back to the list as it was narrowed, with one item open or the next."""
    where = reverse("failure", args=[open_pk]) if open_pk else reverse("failures")
    kept = {name: request.GET[name] for name in ("show", "account") if name in request.GET}
    return redirect(f"{where}?{urlencode(kept)}" if kept else where)


def _wait(errand: Errand) -> HttpResponse:
    """Lead to the page that waits for the worker's answer."""
    return redirect("accounts-errand", key=errand.key)


@asks(Decision.PUBLISH_RESOLVE)
@require_POST
def ask(request: MemberRequest, pk: int) -> HttpResponse:
    """Have X asked whether it shows the post."""
    return _wait(resolving.ask_to_look(load(request.member, pk), by=request.member, now=now()))


@asks(Decision.PUBLISH_RESOLVE)
@require_POST
def confirm(request: MemberRequest, pk: int) -> HttpResponse:
    """Link the post that is on X."""
    delivery = load(request.member, pk)
    form = LinkForm(request.POST, auto_id="there-%s")
    if not form.is_valid():
        return page(request, delivery, Answer("there", form), status=UNPROCESSABLE)
    link = form.cleaned_data["link"]
    return _wait(resolving.ask_to_confirm(delivery, link=link, by=request.member, now=now()))


@asks(Decision.PUBLISH_RESOLVE)
@require_POST
def again(request: MemberRequest, pk: int) -> HttpResponse:
    """Send it again; where it may have landed, propose that to a second member."""
    delivery = load(request.member, pk)
    form = AgainForm(request.POST, auto_id="again-%s")
    if not form.is_valid():
        return page(request, delivery, Answer("again", form), status=UNPROCESSABLE)
    told = form.cleaned_data
    try:
        resolving.send_again(
            delivery, reason=told["reason"], alone=told["alone"], by=request.member, now=now()
        )
    except resolving.NeedsSecond:
        # A tab opened before X was asked: nothing was sent, and its form says what it takes now.
        form.add_error("reason", _("It may be on X: propose it, and a second member confirms."))
        return page(request, delivery, Answer("again", form), status=UNPROCESSABLE)
    messages.info(request, _("It goes out now."))
    return _next(request)


@asks(Decision.PUBLISH_RESOLVE)
@require_POST
def propose(request: MemberRequest, pk: int) -> HttpResponse:
    """Propose to send it again; nothing happens until a second member confirms."""
    delivery = load(request.member, pk)
    form = AgainForm(request.POST, auto_id="again-%s")
    if not form.is_valid():
        return page(request, delivery, Answer("again", form), status=UNPROCESSABLE)
    told = form.cleaned_data
    resolving.propose_resend(
        delivery, reason=told["reason"], alone=told["alone"], by=request.member, now=now()
    )
    undo = reverse("failure-withdraw", args=[pk])
    messages.info(request, _("Proposed. A second member confirms it."), extra_tags=f"undo:{undo}")
    return _next(request, open_pk=pk)


def _resend(request: MemberRequest, delivery: Delivery) -> Resend:
    """Return the proposal that waits. Raises MoveRefused when there is none (any more)."""
    found = inbox.open_resend(delivery)
    if found is None:
        raise MoveRefused(delivery, "confirm", "changed")
    found.delivery = delivery
    return found


@asks(Decision.PUBLISH_RESOLVE)
@require_POST
def second(request: MemberRequest, pk: int) -> HttpResponse:
    """Confirm another member's proposal: X is asked once more, then it is sent again."""
    resend = _resend(request, load(request.member, pk))
    return _wait(resolving.ask_to_resend(resend, by=request.member, now=now()))


@asks(Decision.PUBLISH_RESOLVE)
@require_POST
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a proposal back."""
    resend = _resend(request, load(request.member, pk))
    resolving.withdraw_resend(resend, by=request.member, now=now())
    messages.info(request, _("The proposal is taken back. Nothing was sent."))
    return _next(request, open_pk=pk)


@asks(Decision.POST_SCHEDULE)
@require_POST
def reschedule(request: MemberRequest, pk: int) -> HttpResponse:
    """Give it another time, in the zone that was chosen."""
    delivery = load(request.member, pk)
    form = TimeForm(request.POST, member=request.member, post=delivery.post)
    if not form.is_valid():
        return page(request, delivery, Answer("time", form), status=UNPROCESSABLE)
    told = form.cleaned_data
    with time_refusals() as refusals:
        rescheduling.reschedule(
            delivery,
            wall=told["wall"],
            zone=told["zone"],
            fold=told["fold"],
            by=request.member,
            now=now(),
        )
        said = _("Goes out %(moment)s. The approval stands: the text is the same.")
        messages.info(
            request,
            said % {"moment": moment_words(told["wall"])},
            extra_tags=f"undo:{reverse('failure-back', args=[pk])}",
        )
        return _next(request)
    answer = Answer("time", form, refusals.found)
    return page(request, delivery, answer, status=UNPROCESSABLE)


@asks(Decision.POST_SCHEDULE)
@require_POST
def back(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo a new time: it is held again."""
    rescheduling.take_back(load(request.member, pk), by=request.member, now=now())
    messages.info(request, _("It is held again. Nothing was sent."))
    return _next(request, open_pk=pk)


@asks(Decision.PUBLISH_RESOLVE)
@require_POST
def drop(request: MemberRequest, pk: int) -> HttpResponse:
    """Give up what is not out yet."""
    delivery = load(request.member, pk)
    form = ReasonForm(request.POST, auto_id="drop-%s")
    if not form.is_valid():
        return page(request, delivery, Answer("drop", form), status=UNPROCESSABLE)
    resolving.give_up(delivery, reason=form.cleaned_data["reason"], by=request.member, now=now())
    messages.info(request, _("It will not go out. Its text stays on the post’s page."))
    return _next(request)
