"""Paying the outbox: every event owed to a durable subscriber is delivered at least once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from yanzhen.activity.models import Outbox
from yanzhen.activity.spine import subscriber
from yanzhen.jobs.registry import Loop, register

logger = logging.getLogger(__name__)
BATCH = 200


def _wait(attempts: int) -> timedelta:
    """Return how long to wait after the given number of failures: 2 s doubling up to 1 h."""
    return timedelta(seconds=min(2**attempts, 3600))


def _pay(owed: Outbox, now: datetime) -> bool:
    listener = subscriber(owed.subscriber)
    rows = Outbox.objects.filter(pk=owed.pk, done_at=None)
    if listener is None:
        rows.update(due_at=now + timedelta(hours=1), last_error="no such subscriber in this build")
        return False
    try:
        with transaction.atomic():
            # Claim by writing first: on both databases a second worker waits here and finds no row.
            if rows.update(done_at=now) != 1:
                return False
            listener(owed.event)
    except Exception as error:
        logger.exception("subscriber %s failed on event %s", owed.subscriber, owed.event_id)
        rows.update(
            attempts=owed.attempts + 1,
            due_at=now + _wait(owed.attempts + 1),
            last_error=f"{type(error).__name__}: {error}"[:300],
        )
        return False
    return True


def drain(now: datetime) -> int:
    """Deliver what is due, oldest first, and return how many succeeded."""
    due = Outbox.objects.filter(done_at=None, due_at__lte=now).select_related("event")
    return sum(_pay(owed, now) for owed in due.order_by("id")[:BATCH])


register(Loop("activity.outbox", drain, every_seconds=1))
