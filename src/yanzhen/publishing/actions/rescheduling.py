"""Giving stopped posts another time: one, or many that keep their distances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.wall_time import resolve
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require
from yanzhen.planning.actions.timing import InThePast, respect_embargo, time_post
from yanzhen.planning.models import Post
from yanzhen.planning.states import TIMEABLE
from yanzhen.publishing import events
from yanzhen.publishing.actions.resolving import again, behind, close_resends, require_open
from yanzhen.publishing.actions.scheduling import InDoubt, in_doubt
from yanzhen.publishing.engine import outcome
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState, HoldReason


def zone_of(delivery: Delivery) -> str:
    """Return the zone a delivery's time is told in: the post's own, else its account's."""
    return delivery.post.due_zone or delivery.account.zone


def _moves_alone(delivery: Delivery, post: Post) -> bool:
    """Tell whether only this delivery moves: the post's own time stands for what is out already."""
    others = Delivery.objects.live().filter(post=post).exclude(occurrence=delivery.occurrence)
    return post.state not in TIMEABLE or others.exists()


@transaction.atomic
def reschedule(
    delivery: Delivery,
    *,
    wall: datetime,
    zone: str,
    fold: int | None = None,
    by: Member,
    now: datetime,
) -> Delivery:
    """Give a stopped delivery and what waits behind it another time; the approval stands.

    ``wall`` is naive, to the minute, in ``zone``. Raises NotAllowed, GapTime, FoldTime,
    UnknownZone, InThePast, BeforeLift, InDoubt (it may be on X), MoveRefused.
    """
    require(
        by,
        Decision.POST_SCHEDULE,
        workspace_id=delivery.workspace_id,
        account_id=delivery.account_id,
    )
    post = Post.objects.select_for_update().select_related("account").get(pk=delivery.post_id)
    delivery.refresh_from_db()
    require_open(delivery, "reschedule")
    if in_doubt(delivery):
        raise InDoubt(post, "reschedule")
    if not _moves_alone(delivery, post):
        time_post(post, by=by, wall=wall, zone=zone, fold=fold, now=now)
    else:
        at = resolve(wall, zone, fold).at
        if at < now.replace(second=0, microsecond=0):
            raise InThePast(str(at))
        respect_embargo(post.pk, at)
        _move_some(delivery, post, due_at=at, by=by, now=now)
    close_resends(delivery, now=now)
    delivery.refresh_from_db()
    return delivery


def _move_some(
    delivery: Delivery, post: Post, *, due_at: datetime, by: Member, now: datetime
) -> None:
    followers = list(behind(delivery))
    for each in (delivery, *followers):
        again(each, due_at=due_at, now=now)
    outcome.project(post, now=now)
    record(
        events.RESCHEDULED,
        events.Rescheduled(post=post.pk, delivery=delivery.pk, due=due_at.isoformat()),
        actor=by.ref,
        subject=post.ref,
        workspace_id=post.workspace_id,
        at=now,
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """A stopped delivery and the time it is to get; ``wall`` is naive, in ``zone``."""

    delivery: Delivery
    at: datetime
    wall: datetime
    zone: str
    fold: int | None


def spaced(deliveries: Sequence[Delivery], *, first_at: datetime) -> list[Moved]:
    """Give each its new time so that the earliest goes out at ``first_at`` and distances stay.

    ``first_at`` is aware and to the minute, as are the old times.
    """
    if not deliveries:
        return []
    in_order = sorted(deliveries, key=lambda each: (each.due_at, each.pk))
    shift = first_at - in_order[0].due_at
    return [_at(each, each.due_at + shift) for each in in_order]


def _at(delivery: Delivery, at: datetime) -> Moved:
    at += timedelta(seconds=59)  # an old time of "now" has seconds: the next whole minute
    zone = zone_of(delivery)
    here = at.replace(second=0, microsecond=0).astimezone(ZoneInfo(zone))
    other = here.replace(fold=1 - here.fold)
    fold = here.fold if other.utcoffset() != here.utcoffset() else None
    return Moved(delivery, here, here.replace(tzinfo=None, fold=0), zone, fold)


@transaction.atomic
def reschedule_all(
    deliveries: Sequence[Delivery], *, first_at: datetime, by: Member, now: datetime
) -> list[Moved]:
    """Move all of these, or none; see spaced. Raises as reschedule does."""
    moves = spaced(deliveries, first_at=first_at)
    for move in moves:
        reschedule(move.delivery, wall=move.wall, zone=move.zone, fold=move.fold, by=by, now=now)
    return moves


@transaction.atomic
def take_back(delivery: Delivery, *, by: Member, now: datetime) -> Delivery:
    """Undo a new time: hold the delivery and what follows it until somebody decides again.

    Raises NotAllowed, and MoveRefused when it is on its way already.
    """
    require(
        by,
        Decision.POST_SCHEDULE,
        workspace_id=delivery.workspace_id,
        account_id=delivery.account_id,
    )
    post = outcome.lock_post(delivery)
    delivery.refresh_from_db()
    if delivery.state != DeliveryState.SCHEDULED:
        raise MoveRefused(delivery, "take back", delivery.state)
    outcome.stop(delivery, HoldReason.BY_HAND, now=now)
    outcome.hold_followers(delivery, now=now)
    outcome.project(post, now=now)
    record(
        events.TAKEN_BACK,
        events.Resolved(post=post.pk, delivery=delivery.pk, reason=""),
        actor=by.ref,
        subject=post.ref,
        workspace_id=post.workspace_id,
        at=now,
    )
    return delivery
