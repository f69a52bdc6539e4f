"""What becomes of swaps that nobody moves by hand: they begin, lapse, or do not hold any more."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from yanzhen.activity.refs import SYSTEM, Ref
from yanzhen.activity.spine import Kind, record
from yanzhen.duty.events import SWAP_BEGUN, SWAP_LAPSED, SWAP_VOID, SwapMade
from yanzhen.duty.models import Swap
from yanzhen.duty.states import SWAP, SwapState


def void_swap(swap: Swap, *, now: datetime) -> None:
    """End a taken swap that one of the two cannot keep. One that has begun is left as it is.

    For use in a transaction. Raises MoveRefused when somebody moved it first.
    """
    if swap.state == SwapState.BEGUN:
        return
    SWAP.apply(swap, "void", now=now)
    tell_of(SWAP_VOID, swap, actor=SYSTEM, now=now)


def withdraw_offers_of(member_id: int, *, now: datetime) -> None:
    """Take back what a member who left had offered, and what only they were asked to take.

    For the transaction that lets them go, which holds the workspace's lock.
    """
    theirs = Swap.objects.filter(Q(giver=member_id) | Q(asked=member_id))
    for swap in theirs.in_state(SwapState.OFFERED).select_related("rota"):
        SWAP.apply(swap, "withdraw", now=now)
        tell_of(SWAP_VOID, swap, actor=SYSTEM, now=now)


def begin_swap(swap: Swap, *, now: datetime) -> None:
    """Let a taken swap begin. For use in a transaction; raises MoveRefused."""
    SWAP.apply(swap, "begin", now=now)
    tell_of(SWAP_BEGUN, swap, actor=SYSTEM, now=now)


def lapse_swap(swap: Swap, *, now: datetime) -> None:
    """End an offer that nobody took in time. For use in a transaction; raises MoveRefused."""
    SWAP.apply(swap, "lapse", now=now)
    tell_of(SWAP_LAPSED, swap, actor=SYSTEM, now=now)


def tell_of(kind: Kind, swap: Swap, *, actor: Ref, now: datetime) -> None:
    """Record what happened to a swap."""
    record(
        kind,
        SwapMade(
            giver=swap.giver_id,
            taker=swap.taker_id or 0,
            asked=swap.asked_id or 0,
            start=swap.start_at.isoformat(),
            end=swap.end_at.isoformat(),
            back=swap.back_start_at.isoformat() if swap.back_start_at else "",
        ),
        actor=actor,
        subject=swap.ref,
        workspace_id=swap.rota.workspace_id,
        at=now,
    )
