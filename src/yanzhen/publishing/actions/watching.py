"""Raising the alarm about posts that should be out: once for each, whoever watches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction

from yanzhen.activity.feed import events as log
from yanzhen.activity.spine import SYSTEM, record
from yanzhen.planning.models import Post
from yanzhen.publishing import events
from yanzhen.publishing.engine.watch import Late, overdue, stuck
from yanzhen.publishing.models import Delivery

Told = set[tuple[int, str]]


def raise_alarms(now: datetime) -> int:
    """Record what is stuck at ``now`` (the database's clock) and new; return how many.

    Several processes may call it at once, and any of them may die anywhere.
    """
    found = stuck(now=now)
    told = _told(found)
    return sum(_raise(one, now=now) for one in found if _mark(one.delivery) not in told)


def _mark(delivery: Delivery) -> tuple[int, str]:
    """What one alarm stands for: a delivery at one due time."""
    return delivery.pk, delivery.due_at.astimezone(UTC).isoformat()


def _told(late: Sequence[Late]) -> Told:
    """Return the alarms the log has since the first of these was due."""
    if not late:
        return set()
    workspaces = {one.delivery.workspace_id for one in late}
    since = min(one.delivery.due_at for one in late)
    rows = log().objects.filter(kind=events.STUCK.slug, workspace_id__in=workspaces, at__gte=since)
    return {(data["delivery"], data["due"]) for data in rows.values_list("data", flat=True)}


def _told_of(post: Post) -> Told:
    """Return the alarms the log has about one post."""
    rows = log().objects.about(post.ref.type, post.ref.id).filter(kind=events.STUCK.slug)
    return {(data["delivery"], data["due"]) for data in rows.values_list("data", flat=True)}


@transaction.atomic
def _raise(one: Late, *, now: datetime) -> bool:
    """Record one alarm, unless it went out, moved or was told meanwhile."""
    # A row that is locked is being worked on; the next turn comes in seconds, and hangs nowhere.
    post = Post.objects.select_for_update(skip_locked=True).filter(pk=one.delivery.post_id).first()
    still = overdue(now=now).filter(pk=one.delivery.pk, due_at=one.delivery.due_at)
    if post is None or not still.exists() or _mark(one.delivery) in _told_of(post):
        return False
    delivery, due = _mark(one.delivery)
    record(
        events.STUCK,
        events.Stuck(
            post=post.pk,
            delivery=delivery,
            segment=one.delivery.position + 1,
            due=due,
            why=one.why,
        ),
        actor=SYSTEM,
        subject=post.ref,
        workspace_id=one.delivery.workspace_id,
        at=now,
    )
    return True
