"""Swaps: one gives hours, another takes them, maybe for hours in return; both hold or neither."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.duty.actions.checks import (
    PastHours,
    check_ahead,
    check_theirs,
    check_there,
)
from yanzhen.duty.actions.laying import lay, lock
from yanzhen.duty.actions.voiding import tell_of
from yanzhen.duty.events import SWAP_DECLINED, SWAP_OFFERED, SWAP_TAKEN, SWAP_WITHDRAWN
from yanzhen.duty.models import Place, Rota, Swap
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.states import SWAP, SwapState
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, NotAllowed, require


class OwnSwap(ValueError):
    """Nobody swaps with themselves."""


class NotAsked(ValueError):
    """Somebody else was asked for this swap."""


class AlreadyOffered(ValueError):
    """Some of these hours are offered or swapped already."""


@transaction.atomic
def offer_swap(
    rota: Rota,
    *,
    given: Span,
    by: Member,
    now: datetime,
    asked: Member | None = None,
    back: Span | None = None,
    place: str = Place.PRIMARY,
    note: str = "",
) -> Swap:
    """Offer the hours ``given``, which are yours, to ``asked``, or to whoever takes them.

    With ``back`` only to who is on duty then, whose hours you take in return. Raises NotAllowed,
    OwnSwap, PastHours, TooFar, NotTheirs, NotQualified and IsAway (of who is asked, and for the
    hours in return), AlreadyOffered.
    """
    rota = lock(rota.pk)
    _require_member(rota, by)
    check_ahead(given, now=now)
    check_theirs(rota, place, by, given)
    if asked is not None:
        _check_asked(rota, place, by, asked, given=given, back=back, now=now)
    if back:
        check_ahead(back, now=now)
        check_there(rota, by, back, now=now)
    if _offered(rota, place, given) or (back and _offered(rota, place, back)):
        raise AlreadyOffered("these hours are offered already")
    swap = Swap.objects.create(
        rota=rota,
        place=place,
        state=SWAP.initial,
        state_since_at=now,
        giver=by,
        asked=asked,
        start_at=given.start,
        end_at=given.end,
        back_start_at=back.start if back else None,
        back_end_at=back.end if back else None,
        begins_at=min(given.start, back.start) if back else given.start,
        note=note.strip(),
    )
    tell_of(SWAP_OFFERED, swap, actor=by.ref, now=now)
    return swap


@transaction.atomic
def take_swap(swap: Swap, *, by: Member, now: datetime) -> Swap:
    """Take the offered hours, and give those in return: both change hands in one step.

    All is checked again: that the hours are still those of the two, that both may be on duty, that
    nobody is on leave. Raises NotAllowed, OwnSwap, PastHours, TooFar, NotTheirs, NotQualified,
    IsAway, NotAsked, and MoveRefused when somebody else took it or it was withdrawn.
    """
    rota = lock(swap.rota_id)
    _require_member(rota, by)
    if by.pk == swap.giver_id:
        raise OwnSwap("nobody swaps with themselves")
    if swap.asked_id not in (None, by.pk):
        raise NotAsked("somebody else was asked")
    if swap.begins_at < now:
        raise PastHours("these hours have begun")
    check_there(rota, by, swap.given, now=now)
    check_theirs(rota, swap.place, swap.giver, swap.given)
    if swap.back:
        check_there(rota, swap.giver, swap.back, now=now)
        check_theirs(rota, swap.place, by, swap.back)
    SWAP.apply(swap, "take", now=now, taker_id=by.pk)
    swap.taker = by
    tell_of(SWAP_TAKEN, swap, actor=by.ref, now=now)
    lay(rota, by=by.ref, now=now)
    return swap


@transaction.atomic
def decline_swap(swap: Swap, *, by: Member, now: datetime) -> Swap:
    """Say no to a swap you were asked for; the turns stay as they are.

    Raises NotAllowed, NotAsked, and MoveRefused when it was withdrawn or has lapsed.
    """
    rota = lock(swap.rota_id)
    _require_member(rota, by)
    if swap.asked_id != by.pk:
        raise NotAsked("somebody else was asked")
    SWAP.apply(swap, "decline", now=now)
    tell_of(SWAP_DECLINED, swap, actor=by.ref, now=now)
    return swap


@transaction.atomic
def withdraw_swap(swap: Swap, *, by: Member, now: datetime) -> Swap:
    """Take an offer or a taken swap back: the two may, and who keeps the rota.

    Raises NotAllowed, PastHours once it began, and MoveRefused.
    """
    rota = lock(swap.rota_id)
    if by.pk not in {swap.giver_id, swap.taker_id} or not by.active:
        require(by, Decision.DUTY_KEEP, workspace_id=rota.workspace_id)
    if swap.state == SwapState.TAKEN and swap.begins_at <= now:
        raise PastHours("this swap has begun")
    before = SWAP.apply(swap, "withdraw", now=now)
    tell_of(SWAP_WITHDRAWN, swap, actor=by.ref, now=now)
    if before == SwapState.TAKEN:
        lay(rota, by=by.ref, now=now)
    return swap


def _require_member(rota: Rota, by: Member) -> None:
    if by.workspace_id != rota.workspace_id:
        raise NotAllowed(Decision.DUTY_KEEP, "elsewhere")
    if not by.active:
        raise NotAllowed(Decision.DUTY_KEEP, "no_right")


def _check_asked(
    rota: Rota,
    place: str,
    by: Member,
    asked: Member,
    *,
    given: Span,
    back: Span | None,
    now: datetime,
) -> None:
    """Return quietly when ``asked`` could take the swap as things stand now."""
    if asked.pk == by.pk:
        raise OwnSwap("nobody swaps with themselves")
    check_there(rota, asked, given, now=now)
    if back:
        check_theirs(rota, place, asked, back)


def _offered(rota: Rota, place: str, span: Span) -> bool:
    """Tell whether some moment of ``span`` is in another swap that is open or holds."""
    open_ones = Swap.objects.filter(rota=rota, place=place).in_state(
        SwapState.OFFERED, SwapState.TAKEN, SwapState.BEGUN
    )
    return any(
        span.touches(swap.given) or (swap.back is not None and span.touches(swap.back))
        for swap in open_ones
    )
