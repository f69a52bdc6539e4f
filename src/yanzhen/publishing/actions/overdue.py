"""What becomes of one post that came due during a freeze: drop it, move it, or leave it missed."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from yanzhen.activity.spine import record
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, NotAllowed, require
from yanzhen.planning.actions.timing import mark, time_post
from yanzhen.planning.models import Post, Recurrence
from yanzhen.planning.states import POST, PostState
from yanzhen.publishing import events
from yanzhen.publishing.actions.scheduling import cancel, fold_if_repeated, move_delivery
from yanzhen.publishing.engine import outcome
from yanzhen.publishing.engine.waiting import DROP, HOLD
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState as S


def carry_out(
    delivery: Delivery, choice: str, *, by: Member | None, reason: str, now: datetime
) -> None:
    """Do what was chosen for ``delivery`` and what waits behind it; for the caller's transaction.

    ``choice`` as in Thaw.plan; ``by`` is who chose it, None only for "hold". Raises NotAllowed, and
    MoveRefused when it is being sent or may be on X already.
    """
    if choice == HOLD:
        _leave(delivery, now=now)
        return
    if by is None:
        raise NotAllowed(
            Decision.POST_DROP if choice == DROP else Decision.POST_SCHEDULE, "no_right"
        )
    for each in _rest_of(delivery):
        if each.state == S.CLAIMED:
            outcome.release(each, retry_at=None, now=now)
    if choice == DROP:
        _drop(delivery, by=by, reason=reason, now=now)
    else:
        _move(delivery, by=by, due_at=datetime.fromisoformat(choice), now=now)


def _rest_of(delivery: Delivery) -> list[Delivery]:
    """Return what is not out of the same post at the same occurrence, first segment first."""
    rest = Delivery.objects.filter(post_id=delivery.post_id, occurrence=delivery.occurrence)
    unsent = rest.exclude(state__in=(S.PUBLISHED, S.CANCELLED)).select_related("post")
    return list(unsent.order_by("position"))


def _leave(delivery: Delivery, *, now: datetime) -> None:
    """Leave it for a person; what is held already stays so."""
    if delivery.state in (S.SCHEDULED, S.CLAIMED):
        outcome.miss(delivery, now=now)


def _drop(delivery: Delivery, *, by: Member, reason: str, now: datetime) -> None:
    require(
        by, Decision.POST_DROP, workspace_id=delivery.workspace_id, account_id=delivery.account_id
    )
    cancel(_rest_of(delivery), now=now)
    post = outcome.lock_post(delivery)
    record(
        events.GIVEN_UP,
        events.Resolved(post=post.pk, delivery=delivery.pk, reason=reason),
        actor=by.ref,
        subject=post.ref,
        workspace_id=delivery.workspace_id,
        at=now,
    )
    if Delivery.objects.live().filter(post=post).exists():
        outcome.project(post, now=now)
    elif POST.allows("drop", post.state):
        mark(post, "drop", now=now)


def _move(delivery: Delivery, *, by: Member, due_at: datetime, now: datetime) -> None:
    require(
        by,
        Decision.POST_SCHEDULE,
        workspace_id=delivery.workspace_id,
        account_id=delivery.account_id,
    )
    post = Post.objects.select_related("account").get(pk=delivery.post_id)
    repeats = Recurrence.objects.filter(post=post).exists()
    if not repeats and post.state != PostState.PARTIAL:
        zone = post.due_zone or post.account.zone
        there = due_at.astimezone(ZoneInfo(zone))
        wall = there.replace(tzinfo=None, fold=0)
        time_post(post, by=by, wall=wall, zone=zone, fold=fold_if_repeated(there), now=now)
        return
    # One time of many, or the rest of a thread: the post's own time tells of another.
    for each in _rest_of(delivery):
        move_delivery(each, due_at=due_at, now=now)
    outcome.project(outcome.lock_post(delivery), now=now)
