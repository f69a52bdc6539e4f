"""Public counts of what is out, asked for often at first and ever less."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction

from yanzhen.channels.actions import NotConnected, open_session
from yanzhen.channels.ports import Metrics, PlatformError
from yanzhen.publishing.engine import money
from yanzhen.publishing.models import Delivery, Reading
from yanzhen.publishing.states import DeliveryState, RemovalState

logger = logging.getLogger(__name__)
MOST_IDS = 100
AFTER_TROUBLE = timedelta(minutes=15)
#: (while younger than, ask again after); older than the last is left alone.
PACE = (
    (timedelta(hours=1), timedelta(minutes=5)),
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=30), timedelta(days=1)),
)


def next_due(published_at: datetime, now: datetime) -> datetime | None:
    """Return when counts are to be asked for again; None when the post is old enough."""
    age = now - published_at
    return next((now + pause for limit, pause in PACE if age < limit), None)


def refresh(now: datetime) -> int:
    """Ask X for the counts that are due at ``now``, account by account; return how many came."""
    due = Delivery.objects.filter(state=DeliveryState.PUBLISHED, counts_due_at__lte=now).exclude(
        account_id__in=money.paused_accounts()
    )
    by_account: defaultdict[int, list[Delivery]] = defaultdict(list)
    for delivery in due.select_related("account").order_by("counts_due_at", "pk")[: MOST_IDS * 5]:
        by_account[delivery.account_id].append(delivery)
    return sum(_refresh_account(batch[:MOST_IDS], now=now) for batch in by_account.values())


def _refresh_account(batch: list[Delivery], *, now: datetime) -> int:
    try:
        session = open_session(batch[0].account, now=now)
        shown = session.posts([delivery.remote_id for delivery in batch])
    except (NotConnected, PlatformError) as error:
        if isinstance(error, PlatformError) and error.code in ("no_credits", "spend_cap"):
            money.pause_app(
                batch[0].account, error.code, detail=error.detail, until=error.retry_at, now=now
            )
        logger.info("no counts for %s: %s", batch[0].account, error)
        later = max(getattr(error, "retry_at", None) or now, now + AFTER_TROUBLE)
        Delivery.objects.filter(pk__in=[d.pk for d in batch]).update(counts_due_at=later)
        return 0
    with transaction.atomic():
        for delivery in batch:
            post = shown.get(delivery.remote_id)
            if post is not None:
                _read(delivery, post.metrics, now=now)
            published_at = delivery.published_at or now
            # A post X no longer shows was deleted there; it is asked for ever more rarely as well.
            rows = Delivery.objects.filter(pk=delivery.pk)
            rows = rows.exclude(removals__state=RemovalState.GONE)
            rows.update(counts_due_at=next_due(published_at, now))
    return len(shown)


def _read(delivery: Delivery, metrics: Metrics, *, now: datetime) -> None:
    Reading.objects.create(
        delivery=delivery,
        at=now,
        impressions=metrics.impressions,
        likes=metrics.likes,
        reposts=metrics.reposts,
        replies=metrics.replies,
        quotes=metrics.quotes,
        bookmarks=metrics.bookmarks,
    )
