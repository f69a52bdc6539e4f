"""What a try came to: every move of a delivery that is not the way to X, each in one transaction.

The post is locked before its deliveries, everywhere, so that two of these never wait for one
another.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Coalesce

from yanzhen.activity.refs import SYSTEM, Ref
from yanzhen.activity.spine import Kind, record
from yanzhen.kernel.machine import MoveRefused
from yanzhen.planning.actions.timing import mark
from yanzhen.planning.models import Post
from yanzhen.planning.states import POST, PostState
from yanzhen.publishing import events
from yanzhen.publishing.engine import money
from yanzhen.publishing.engine.crash import crash_point
from yanzhen.publishing.engine.matching import next_look
from yanzhen.publishing.models import Attempt, Delivery
from yanzhen.publishing.states import DELIVERY, NEEDS_PERSON, Conclusion, Doubt, HoldReason
from yanzhen.publishing.states import DeliveryState as S

logger = logging.getLogger(__name__)
FIRST_COUNTS_AFTER = timedelta(minutes=5)
_TO_STAGE = {
    PostState.PUBLISHED: "publish",
    PostState.PARTIAL: "part",
    PostState.HELD: "hold",
    PostState.MISSED: "miss",
    PostState.FAILED: "fail",
    PostState.SCHEDULED: "schedule",
}


@dataclass(frozen=True, slots=True)
class Found:
    """X shows the post: its id, and whether a look found it rather than the answer to the send."""

    remote_id: str
    by_looking: bool = False


def lock_post(delivery: Delivery) -> Post:
    """Lock and return the delivery's post; every outcome begins with it."""
    return Post.objects.select_for_update().get(pk=delivery.post_id)


def stage_of(states: Iterable[str]) -> PostState | None:
    """Return the stage of a post whose deliveries are in ``states``; None when it has none.

    What needs a person comes first, what is still to come next.
    """
    seen = set(states)
    if not seen:
        return None
    if seen == {S.PUBLISHED}:
        return PostState.PUBLISHED
    if seen & NEEDS_PERSON:
        if S.PUBLISHED in seen:
            return PostState.PARTIAL
        if S.HELD in seen:
            return PostState.HELD
        return PostState.FAILED if S.FAILED in seen else PostState.MISSED
    return PostState.SCHEDULED


def project(post: Post, *, now: datetime) -> None:
    """Let the post's stage follow its deliveries."""
    states = Delivery.objects.live().filter(post=post).values_list("state", flat=True)
    stage = stage_of(states)
    if stage is None or stage == post.state:
        return
    move = _TO_STAGE[stage]
    if not POST.allows(move, post.state):
        logger.warning("post %s is %s, its deliveries say %s", post.pk, post.state, stage)
        return
    mark(post, move, now=now)


def tell(
    kind: Kind, delivery: Delivery, post: Post, *, why: str = "", note: str = "", now: datetime
) -> None:
    """Record that the engine stopped, doubted, refused or requeued a delivery."""
    record(
        kind,
        events.Stopped(
            post=post.pk,
            delivery=delivery.pk,
            segment=delivery.position + 1,
            why=why,
            note=note[:300],
        ),
        actor=SYSTEM,
        subject=post.ref,
        workspace_id=delivery.workspace_id,
        at=now,
    )


def alarm_double(delivery: Delivery, post: Post, ids: list[str], *, now: datetime) -> None:
    """Record that X shows more posts than it should. Never hidden, never repaired by itself."""
    logger.error("delivery %s may be doubled: %s", delivery.pk, ", ".join(ids))
    record(
        events.DOUBLED,
        events.Doubled(post=post.pk, delivery=delivery.pk, remote_ids=ids),
        actor=SYSTEM,
        subject=post.ref,
        workspace_id=delivery.workspace_id,
        at=now,
    )


@transaction.atomic
def alarm_double_of(delivery: Delivery, ids: list[str], *, now: datetime) -> None:
    """Record a double outside any other outcome."""
    alarm_double(delivery, lock_post(delivery), ids, now=now)


def close_attempts(delivery: Delivery, conclusion: Conclusion, *, now: datetime) -> None:
    """Conclude the delivery's open attempt, if any."""
    Attempt.objects.filter(delivery=delivery, open=True).update(
        open=False, conclusion=conclusion, ended_at=Coalesce("ended_at", now)
    )


@transaction.atomic
def publish(delivery_id: int, found: Found, *, actor: Ref = SYSTEM, now: datetime) -> bool:
    """Write down that X shows the post. True when this call did it; True facts are never refused.

    Anyone may call it, stale owners too. A second id for the same delivery, or one for a delivery
    that was called off, is an alarm.
    """
    post = Post.objects.select_for_update(of=("self",)).get(deliveries=delivery_id)
    delivery = Delivery.objects.select_related("account").get(pk=delivery_id)
    if delivery.state == S.PUBLISHED and delivery.remote_id == found.remote_id:
        return False
    if not DELIVERY.allows("publish", delivery.state):
        ids = [i for i in (delivery.remote_id, found.remote_id) if i]
        alarm_double(delivery, post, ids, now=now)
        return False
    conclusion = Conclusion.FOUND if found.by_looking else Conclusion.PUBLISHED
    close_attempts(delivery, conclusion, now=now)
    DELIVERY.apply(
        delivery,
        "publish",
        now=now,
        remote_id=found.remote_id,
        published_at=now,
        counts_due_at=now + FIRST_COUNTS_AFTER,
        hold_reason="",
        hold_note="",
        doubt="",
        owner="",
        lease_until_at=None,
        check_at=None,
        retry_at=None,
    )
    event = record(
        events.PUBLISHED,
        events.Published(
            post=post.pk,
            delivery=delivery.pk,
            segment=delivery.position + 1,
            handle=delivery.account.handle,
            remote_id=found.remote_id,
            found=found.by_looking,
        ),
        actor=actor,
        subject=post.ref,
        workspace_id=delivery.workspace_id,
        at=now,
    )
    if event.lead_number is not None:
        Delivery.objects.filter(pk=delivery.pk).update(lead_id=event.lead_number)
    last = Attempt.objects.filter(delivery=delivery).order_by("-number").first()
    if last is not None:
        charges = money.charges_for(delivery, last.payload)
        money.charge(delivery.account, charges, delivery=delivery, now=now)
    project(post, now=now)
    crash_point("concluding")
    return True


@transaction.atomic
def hold(
    delivery: Delivery,
    reason: HoldReason,
    *,
    note: str = "",
    conclusion: Conclusion = Conclusion.UNPROVEN,
    now: datetime,
) -> None:
    """Stop a delivery until a person decides, and the rest of its thread with it.

    ``conclusion`` is what became of an open attempt. Raises MoveRefused when it moved meanwhile.
    """
    post = lock_post(delivery)
    stop(delivery, reason, note=note, now=now)
    close_attempts(delivery, conclusion, now=now)
    tell(events.HELD, delivery, post, why=reason, note=note, now=now)
    hold_followers(delivery, now=now)
    project(post, now=now)


def stop(delivery: Delivery, reason: HoldReason, *, note: str = "", now: datetime) -> None:
    """Move one delivery to held and nothing else; for the caller's transaction."""
    DELIVERY.apply(
        delivery,
        "hold",
        now=now,
        hold_reason=reason,
        hold_note=note[:300],
        doubt="",
        owner="",
        lease_until_at=None,
        check_at=None,
        retry_at=None,
    )


@transaction.atomic
def miss(delivery: Delivery, *, now: datetime) -> None:
    """Write down that a delivery missed its time: it never goes out by itself any more.

    The rest of its thread is held. Raises MoveRefused when it moved meanwhile.
    """
    post = lock_post(delivery)
    DELIVERY.apply(
        delivery, "miss", now=now, hold_reason="", hold_note="", owner="", lease_until_at=None
    )
    tell(events.MISSED, delivery, post, why="missed", now=now)
    hold_followers(delivery, now=now)
    project(post, now=now)


def hold_followers(delivery: Delivery, *, now: datetime) -> None:
    """Hold what waits behind this segment of a thread; for the caller's transaction."""
    behind = Delivery.objects.filter(
        post_id=delivery.post_id,
        version_id=delivery.version_id,
        occurrence=delivery.occurrence,
        position__gt=delivery.position,
        state=S.SCHEDULED,
    )
    for follower in behind.order_by("position"):
        stop(follower, HoldReason.BEFORE, now=now)


@transaction.atomic
def doubt(
    delivery: Delivery, kind: Doubt, *, note: str = "", check_at: datetime, now: datetime
) -> None:
    """Write down that the post may or may not be on X. Raises MoveRefused."""
    post = lock_post(delivery)
    DELIVERY.apply(
        delivery,
        "doubt",
        now=now,
        doubt=kind,
        check_at=check_at,
        checks_done=0,
        owner="",
        lease_until_at=None,
    )
    tell(events.DOUBTED, delivery, post, why=kind, note=note, now=now)
    crash_point("concluding")


@transaction.atomic
def lose_owner(delivery: Delivery, *, now: datetime) -> None:
    """Put what a worker left half-sent under doubt. Raises MoveRefused."""
    Attempt.objects.filter(delivery=delivery, open=True).update(
        ended_at=now, sent="unknown", code="lost"
    )
    doubt(delivery, Doubt.UNKNOWN, check_at=next_look(now, now), now=now)


@transaction.atomic
def release(delivery: Delivery, *, retry_at: datetime | None, now: datetime) -> None:
    """Give a claim back before anything was tried. Raises MoveRefused."""
    DELIVERY.apply(delivery, "release", now=now, owner="", lease_until_at=None, retry_at=retry_at)


@transaction.atomic
def back_to_scheduled(delivery: Delivery, *, retry_at: datetime, now: datetime) -> None:
    """Send back what provably never left; only its own claim may. Raises MoveRefused."""
    close_attempts(delivery, Conclusion.UNSENT, now=now)
    DELIVERY.apply(
        delivery, "prove_unsent", now=now, owner="", lease_until_at=None, retry_at=retry_at
    )
    crash_point("concluding")


@transaction.atomic
def hold_unsent(delivery: Delivery, reason: HoldReason, *, note: str, now: datetime) -> None:
    """Hold what provably never left and shall not be tried again. Raises MoveRefused."""
    back_to_scheduled(delivery, retry_at=now, now=now)
    hold(delivery, reason, note=note, now=now)


@transaction.atomic
def requeue(delivery: Delivery, *, now: datetime) -> None:
    """Let X's limit or new keys have their second try, X having said it is not there.

    Raises MoveRefused.
    """
    post = lock_post(delivery)
    close_attempts(delivery, Conclusion.ABSENT, now=now)
    why = delivery.doubt
    DELIVERY.apply(delivery, "requeue", now=now, doubt="", check_at=None, retry_at=None)
    tell(events.REQUEUED, delivery, post, why=why, now=now)


@transaction.atomic
def refuse(delivery: Delivery, *, note: str, now: datetime) -> None:
    """Write down that X refused the post and does not show it. Raises MoveRefused."""
    post = lock_post(delivery)
    close_attempts(delivery, Conclusion.ABSENT, now=now)
    DELIVERY.apply(delivery, "refuse", now=now, doubt="", check_at=None, hold_note=note[:300])
    tell(events.REFUSED, delivery, post, why=delivery.doubt, note=note, now=now)
    hold_followers(delivery, now=now)
    project(post, now=now)


def moved_meanwhile(refused: MoveRefused) -> None:
    """Note that somebody else settled a delivery first; nothing is lost, nothing is to do."""
    logger.info("%s", refused)
