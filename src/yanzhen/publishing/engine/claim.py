"""Claiming: one post of an account at a time, in order, by one compare-and-set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q

from yanzhen.channels.models import Account
from yanzhen.planning.content import PostKind
from yanzhen.publishing.engine import gates, limits, money
from yanzhen.publishing.engine.crash import crash_point
from yanzhen.publishing.models import Delivery, DeliveryQuerySet
from yanzhen.publishing.states import DELIVERY, Doubt
from yanzhen.publishing.states import DeliveryState as S

LEASE = timedelta(seconds=60)
#: After so many empty look-ups (5, 20 and 60 s) an unclear post no longer keeps its account back:
#: it will not be sent again by itself, so nothing can overtake it any more.
CHECKS_THAT_BLOCK = 3


def grace() -> timedelta:
    """Return how late a post may still go out by itself."""
    return timedelta(minutes=settings.ENV.grace_minutes)


def _unsettled() -> DeliveryQuerySet:
    """Return what keeps the lane of its account busy."""
    in_hand = Q(state__in=(S.CLAIMED, S.SENDING))
    will_follow = Q(state=S.AMBIGUOUS, doubt__in=(Doubt.AUTHORITY, Doubt.LIMIT, Doubt.MONEY))
    fresh_doubt = Q(
        state=S.AMBIGUOUS,
        doubt__in=(Doubt.UNKNOWN, Doubt.DUPLICATE),
        checks_done__lt=CHECKS_THAT_BLOCK,
    )
    # The states once more by themselves: an index leads to them past all that is long published.
    unsettled = Delivery.objects.filter(state__in=(S.CLAIMED, S.SENDING, S.AMBIGUOUS))
    return unsettled.filter(in_hand | will_follow | fresh_doubt)


def _lane_is_busy() -> Exists:
    """Tell, for each delivery, whether another of its account must be settled first."""
    return Exists(_unsettled().filter(account_id=OuterRef("account_id")))


def _due(now: datetime) -> DeliveryQuerySet:
    """Return what no gate keeps back at ``now``; later than the grace is not due any more."""
    ready = Q(after=None) | Q(after__state=S.PUBLISHED)
    return gates.sendable().filter(
        ready, state=S.SCHEDULED, due_at__lte=now, due_at__gte=now - grace()
    )


def _candidates(now: datetime) -> DeliveryQuerySet:
    """Return what could be claimed at ``now`` were its lane free, of all accounts."""
    rests = Q(kind=PostKind.REPOST) & Q(limits.is_resting(limits.REPOST, now=now)) | ~Q(
        kind=PostKind.REPOST
    ) & Q(limits.is_resting(limits.CREATE, now=now))
    return _due(now).exclude(account_id__in=money.paused_accounts()).filter(~rests)


def _candidates_of(account_id: int, now: datetime) -> DeliveryQuerySet:
    """Return the same of one account: its limits are asked first, so the query stays small.

    A claim asks three times for what it leads to, and each time Django writes the SQL anew.
    """
    if account_id in money.paused_accounts():
        return Delivery.objects.none()
    due = _due(now).filter(account_id=account_id)
    rest = limits.resting_routes(account_id, now=now)
    if limits.REPOST in rest:
        due = due.exclude(kind=PostKind.REPOST)
    if limits.CREATE in rest:
        due = due.filter(kind=PostKind.REPOST)
    return due


def accounts_due(now: datetime) -> Sequence[int]:
    """Return the accounts that have something to send at ``now`` and a free lane.

    Asked account by account, so that it costs as much for ten thousand due posts as for one.
    """
    mine = {"account_id": OuterRef("pk")}
    found = Account.objects.filter(
        Exists(_candidates(now).filter(**mine)), ~Exists(_unsettled().filter(**mine))
    )
    return list(found.order_by("pk").values_list("pk", flat=True))


class _Head(Protocol):
    """What a claim must know of the first in a lane."""

    due_at: datetime
    post_id: int
    position: int


def _before(head: _Head, due: DeliveryQuerySet) -> DeliveryQuerySet:
    """Return those of ``due`` that stand before ``head`` in its lane."""
    same_time = Q(due_at=head.due_at)
    return due.filter(
        # Alone as well as below: it is what an index can be asked for.
        Q(due_at__lte=head.due_at),
        Q(due_at__lt=head.due_at)
        | same_time & Q(post_id__lt=head.post_id)
        | same_time & Q(post_id=head.post_id, position__lt=head.position),
    )


def claim_next(account_id: int, *, owner: str, now: datetime) -> Delivery | None:
    """Claim the account's earliest due delivery for ``owner``, or return None.

    Raises the epoch, so that results of an older claim are refused. None when nothing is due, the
    lane is busy, the head waits for its next try, or another worker was faster.
    """
    due = _candidates_of(account_id, now)
    fields = ("pk", "state_version", "retry_at", "due_at", "post_id", "position")
    head = due.order_by("due_at", "post_id", "position").values_list(*fields, named=True).first()
    if head is None or (head.retry_at is not None and head.retry_at > now):
        return None
    move = DELIVERY.moves["claim"]
    # The machine's compare-and-set with two more conditions: the lane is free, and nothing came
    # back to stand before this one since it was read. Should two workers still meet, the database
    # lets only one row of an account be in hand. Built here, so that the lock is held shortly.
    still_first = Delivery.objects.filter(
        ~_lane_is_busy(),
        ~Exists(_before(head, due)),
        pk=head.pk,
        state__in=move.sources,
        state_version=head.state_version,
    )
    crash_point("claiming")
    try:
        with transaction.atomic():
            won = still_first.update(
                state=move.target,
                state_version=F("state_version") + 1,
                state_since_at=now,
                owner=owner,
                epoch=F("epoch") + 1,
                lease_until_at=now + LEASE,
                retry_at=None,
            )
    except IntegrityError:
        return None
    if won != 1:
        return None
    crash_point("claimed")
    return (
        Delivery.objects.select_related("account", "version")
        .filter(pk=head.pk, owner=owner, state_version=head.state_version + 1)
        .first()
    )
