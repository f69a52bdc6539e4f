"""Swaps: offered, asked for, taken, declined and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yanzhen.duty.actions.minding import TooHard, minding
from yanzhen.duty.actions.swapping import decline_swap, offer_swap, take_swap, withdraw_swap
from yanzhen.duty.forms import SwapForm
from yanzhen.duty.models import Swap
from yanzhen.duty.queries_swaps import swaps_for, turns_to_swap
from yanzhen.duty.refusals import REFUSALS, refused_words, status_of
from yanzhen.duty.views.answers import rota_for, tried, visible
from yanzhen.kernel.clock import now
from yanzhen.people.gate import MemberRequest, members
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision

OK = 200


@members
@require_GET
def duty_swaps(request: MemberRequest) -> HttpResponse:
    """Show the swaps: what is asked of the reader first."""
    return _page(request)


def _page(request: MemberRequest, *, status: int = OK, **given: Any) -> HttpResponse:
    """Show the swaps; ``given`` is which ``hard`` one is to be taken all the same, and its mark."""
    member, rota, moment = request.member, rota_for(request), now()
    context = {
        "swaps": swaps_for(member, rota, now=moment),
        "me": member.pk,
        "keeps": member.may(Decision.DUTY_KEEP),
        "now": moment,
        **given,
    }
    piece = request.headers.get("HX-Target") == "swaps"
    name = f"duty/swaps.html{'#rows' if piece else ''}"
    answer = render(request, name, context, status=status)
    answer.headers["Vary"] = "HX-Target, Cookie"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@members
@require_http_methods(["GET", "POST"])
def duty_swap_new(request: MemberRequest) -> HttpResponse:
    """Offer one of your turns (?turn= chooses it)."""
    member, rota = request.member, rota_for(request)
    own, others = turns_to_swap(member, rota, now=now())
    data = request.POST if request.method == "POST" else None
    begin = {"turn": request.GET.get("turn", "")}
    form = SwapForm(data, member=member, own=own, others=others, initial=begin)
    status = OK
    if request.method == "POST":

        def act() -> Swap:
            wish, moment = form.cleaned_data, now()
            offer = partial(
                offer_swap,
                rota,
                given=wish["given"],
                back=wish["back_span"],
                asked=wish["asked"],
                place=wish["place"],
                note=wish["note"],
                by=member,
                now=moment,
            )

            def taken(swap: Swap) -> None:
                if wish["asked"] is not None:
                    take_swap(Swap.objects.get(pk=swap.pk), by=wish["asked"], now=moment)

            return minding(rota, offer, accepted=wish["accepted"], then=taken, now=moment)

        swap, status = tried(form, act, member)
        if swap is not None:
            undo = reverse("duty-swap-withdraw", args=[swap.pk])
            if swap.asked:
                text = _("%(name)s is asked. The turn stays yours until they take it.")
                text %= {"name": swap.asked.name}
            else:
                text = _("Everybody can take it. The turn stays yours until somebody does.")
            messages.success(request, text, extra_tags=f"undo:{undo}")
            return redirect("duty-swaps")
    return render(request, "duty/swap_new.html", {"form": form, "own": own}, status=status)


@members
@require_POST
def duty_swap_take(request: MemberRequest, pk: int) -> HttpResponse:
    """Take offered hours; what would be hard on one of the two is said first."""

    def said(swap: Swap) -> str:
        if swap.back:
            return _("Swapped. %(name)s was told.") % {"name": swap.giver.name}
        return _("These hours are yours now. %(name)s was told.") % {"name": swap.giver.name}

    def take(swap: Swap, *, by: Member, now: datetime) -> Swap:
        mark = request.POST.get("accepted", "")
        deed = partial(take_swap, swap, by=by, now=now)
        return minding(swap.rota, deed, accepted=mark, now=now)

    return _answer(request, pk, take, said)


@members
@require_POST
def duty_swap_decline(request: MemberRequest, pk: int) -> HttpResponse:
    """Say no to a swap one is asked for."""

    def said(swap: Swap) -> str:
        return _("Declined. %(name)s was told and keeps the turn.") % {"name": swap.giver.name}

    return _answer(request, pk, decline_swap, said)


@members
@require_POST
def duty_swap_withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Take an offer or a swap back."""

    def said(swap: Swap) -> str:
        if swap.taker_id:
            return _("The swap is taken back, and both have their own turns again.")
        return _("The offer is taken back.")

    return _answer(request, pk, withdraw_swap, said)


def _answer(
    request: MemberRequest, pk: int, act: Callable[..., Any], said: Callable[[Swap], str]
) -> HttpResponse:
    """Do it and lead to the swaps, or show them as they are with why it was not done."""
    swap = visible(Swap.objects.visible_to(request.member).with_names(), pk)
    status = OK
    try:
        act(swap, by=request.member, now=now())
        messages.success(request, said(swap))
    except TooHard as error:
        words = refused_words(error, request.member)
        return _page(request, status=422, hard=pk, mark=error.mark, hard_words=words)
    except REFUSALS as error:
        messages.error(request, refused_words(error, request.member))
        status = status_of(error)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=status, headers={"HX-Trigger": "activity:duty"})
    return redirect("duty-swaps") if status == OK else _page(request, status=status)
