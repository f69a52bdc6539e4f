"""Picking up what dead or sleeping workers left, and what nobody may send any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from yanzhen.kernel.machine import MoveRefused
from yanzhen.publishing.engine import gates, money, outcome
from yanzhen.publishing.engine.claim import grace
from yanzhen.publishing.models import Delivery, DeliveryQuerySet
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import HoldReason

#: How long after its deadline a send is left to its own worker.
PATIENCE = timedelta(seconds=5)
BATCH = 200


def reap(now: datetime) -> int:
    """Settle what was left behind at ``now`` (the database's clock); return how many."""
    return (
        money.lift_ended(now)
        + _free_claims(now)
        + _doubt_sends(now)
        + _miss_late(now)
        + hold_frozen(now)
    )


def _free_claims(now: datetime) -> int:
    """A claim whose lease ran out goes back: nothing was sent without an intent."""
    done = 0
    for delivery in Delivery.objects.filter(state=S.CLAIMED, lease_until_at__lt=now)[:BATCH]:
        try:
            outcome.release(delivery, retry_at=None, now=now)
            done += 1
        except MoveRefused as refused:
            outcome.moved_meanwhile(refused)
    return done


def _doubt_sends(now: datetime) -> int:
    """A send past its deadline may have landed: X is asked, it is never sent again from here."""
    done = 0
    late = Delivery.objects.filter(state=S.SENDING, lease_until_at__lt=now - PATIENCE)
    for delivery in late[:BATCH]:
        try:
            outcome.lose_owner(delivery, now=now)
            done += 1
        except MoveRefused as refused:
            outcome.moved_meanwhile(refused)
    return done


def _settle_each(deliveries: DeliveryQuerySet, settle: Callable[[Delivery], None]) -> int:
    done = 0
    for delivery in deliveries.order_by("due_at", "post_id", "position")[:BATCH]:
        # Settling the first of a thread has held the rest.
        delivery.refresh_from_db()
        if delivery.state != S.SCHEDULED:
            continue
        try:
            settle(delivery)
            done += 1
        except MoveRefused as refused:
            outcome.moved_meanwhile(refused)
    return done


def _miss_late(now: datetime) -> int:
    late = Delivery.objects.filter(state=S.SCHEDULED, due_at__lt=now - grace())
    return _settle_each(late, lambda delivery: outcome.miss(delivery, now=now))


def hold_frozen(now: datetime) -> int:
    """Hold what has come due behind a closed gate, a batch at a time; return how many."""
    due = gates.closed(Delivery.objects.filter(state=S.SCHEDULED, due_at__lte=now))
    return _settle_each(due, lambda delivery: outcome.hold(delivery, HoldReason.FROZEN, now=now))
