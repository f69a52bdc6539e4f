"""Deliveries follow the plan: made when a version has passed, moved, held and called off with it.

All of it runs in the transaction of whoever changed the plan, so that a change that is answered
with yes has stopped the post, and one that came too late is answered with no.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext

from yanzhen.activity.refs import Ref
from yanzhen.activity.spine import Kind, record
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require
from yanzhen.planning.actions.timing import mark, time_post
from yanzhen.planning.models import Post, Version, content_of
from yanzhen.planning.states import PostState
from yanzhen.publishing import events
from yanzhen.publishing.actions.clearing import clear_what_goes_now, lock_lead
from yanzhen.publishing.engine import outcome
from yanzhen.publishing.models import Attempt, Delivery, Upload
from yanzhen.publishing.states import (
    DELIVERY,
    IN_FLIGHT,
    NEEDS_PERSON,
    Conclusion,
    DeliveryState,
    HoldReason,
    UploadState,
)
from yanzhen.review.models import Round
from yanzhen.review.states import RoundState


class AlreadySending(MoveRefused):
    """The post is being sent at this moment, or X is being asked about it. Look again shortly."""

    def __init__(self, post: Post, move: str, delivery: Delivery) -> None:
        super().__init__(post, move, str(DeliveryState(delivery.state).label))
        self.delivery = delivery


class InDoubt(MoveRefused):
    """The post may be on X already; a person must say so or send it again before it can change."""

    def __init__(self, post: Post, move: str) -> None:
        super().__init__(post, move, gettext("It may or may not be on X."))


def in_doubt(delivery: Delivery) -> bool:
    """Tell whether an earlier try of this delivery may have landed on X."""
    return Attempt.objects.filter(delivery=delivery, conclusion=Conclusion.UNPROVEN).exists()


def _lock(post_id: int) -> Post:
    return Post.objects.select_for_update().select_related("account").get(pk=post_id)


def _unsent(post: Post, move: str) -> Sequence[Delivery]:
    """Return the post's deliveries that are not out. Raises AlreadySending and InDoubt."""
    unsent = list(
        Delivery.objects.live()
        .filter(post=post)
        .exclude(state=DeliveryState.PUBLISHED)
        .order_by("position")
    )
    for delivery in unsent:
        if delivery.state in IN_FLIGHT:
            raise AlreadySending(post, move, delivery)
        if delivery.state in NEEDS_PERSON and in_doubt(delivery):
            raise InDoubt(post, move)
    return unsent


def _tell(kind: Kind, payload: object, post: Post, *, by: Ref, now: datetime) -> None:
    record(
        kind,
        payload,  # type: ignore[arg-type]  # record() checks it against the kind
        actor=by,
        subject=post.ref,
        workspace_id=post.workspace_id,
        at=now,
    )


def _make(post: Post, version: Version, *, due_at: datetime, now: datetime) -> None:
    """Make the deliveries of every time the post goes out."""
    times = [(0, due_at)]
    times += list(
        post.occurrences.filter(number__gt=0).order_by("number").values_list("number", "due_at")
    )
    for occurrence, at in times:
        _make_once(post, version, occurrence=occurrence, due_at=at, now=now)


def _make_once(
    post: Post, version: Version, *, occurrence: int, due_at: datetime, now: datetime
) -> None:
    """Make one delivery for each segment, each waiting for the one before it."""
    before: Delivery | None = None
    for position, segment in enumerate(content_of(version).segments):
        before = Delivery.objects.create(
            workspace_id=post.workspace_id,
            post=post,
            version=version,
            account_id=version.account_id,
            position=position,
            occurrence=occurrence,
            kind=version.kind,
            target_id=version.target_id,
            after=before,
            text=segment.text,
            digest=version.digest,
            origin=post.account.origin,
            due_at=due_at,
            created_at=now,
            state_since_at=now,
        )
        Upload.objects.bulk_create(
            Upload(delivery=before, media_id=use.media, position=place, changed_at=now)
            for place, use in enumerate(segment.media)
        )


def move_delivery(delivery: Delivery, *, due_at: datetime, now: datetime) -> None:
    """Move one delivery to another time, whatever kept it. Raises AlreadySending."""
    try:
        DELIVERY.apply(
            delivery,
            "reschedule",
            now=now,
            due_at=due_at,
            hold_reason="",
            hold_note="",
            retry_at=None,
        )
    except MoveRefused as refused:
        delivery.refresh_from_db()
        raise AlreadySending(delivery.post, "reschedule", delivery) from refused
    upload_again(delivery, now=now)


def upload_again(delivery: Delivery, *, now: datetime) -> None:
    """Let media that X did not take be uploaded once more: a person wants another try."""
    Upload.objects.filter(delivery=delivery, state=UploadState.FAILED).update(
        state=UploadState.WAITING, tries=0, check_at=None, detail="", changed_at=now
    )


def _told_scheduled(post: Post, *, by: Ref, now: datetime) -> None:
    if post.due_at is None:
        return
    payload = events.Scheduled(
        post=post.pk, segments=post.segment_count, due=post.due_at.isoformat()
    )
    _tell(events.SCHEDULED, payload, post, by=by, now=now)


def schedule_passed(post_id: int, *, by: Ref, now: datetime) -> None:
    """Make the deliveries of a post that has passed review and has a time; else do nothing.

    For the transaction in which the last level passes or the time is set. Asks no right.
    """
    post = _lock(post_id)
    if post.state != PostState.PASSED or post.due_at is None or post.version is None:
        return
    passed = Round.objects.filter(post=post, version=post.version).order_by("-number").first()
    if passed is None or passed.state != RoundState.PASSED:
        return
    _make(post, post.version, due_at=post.due_at, now=now)
    mark(post, "schedule", now=now)
    _told_scheduled(post, by=by, now=now)


def follow_time(post_id: int, *, by: Ref, now: datetime) -> None:
    """Let the deliveries follow the post's new time; for the transaction that set it.

    What a person held, or what missed its time, is scheduled again by it. Raises AlreadySending
    and InDoubt.
    """
    post = _lock(post_id)
    unsent = _unsent(post, "time")
    if not unsent:
        schedule_passed(post_id, by=by, now=now)
        return
    if post.due_at is None:
        return
    times = {0: post.due_at, **dict(post.occurrences.values_list("number", "due_at"))}
    for delivery in unsent:
        move_delivery(delivery, due_at=times.get(delivery.occurrence, post.due_at), now=now)
    outcome.project(post, now=now)
    _told_scheduled(post, by=by, now=now)


def call_off(post_id: int, *, move: str, by: Ref, now: datetime) -> None:
    """Cancel what is not out yet; for the transaction that took the post off.

    Raises AlreadySending and InDoubt, and with it undoes the caller's change.
    """
    post = _lock(post_id)
    unsent = _unsent(post, move)
    cancel(unsent, now=now)
    if unsent:
        payload = events.CalledOff(post=post.pk, segments=len(unsent))
        _tell(events.CALLED_OFF, payload, post, by=by, now=now)


def wait_for_flight(post_id: int) -> None:
    """Keep the post's deliveries from being claimed until the caller's transaction ends.

    A claim changes the row, so it waits for this lock, and the intent behind it sees what was
    written here. Raises AlreadySending when one is on its way already.
    """
    post = Post.objects.get(pk=post_id)
    for delivery in Delivery.objects.live().filter(post=post).select_for_update():
        if delivery.state in IN_FLIGHT:
            raise AlreadySending(post, "embargo", delivery)


def cancel(deliveries: Iterable[Delivery], *, now: datetime) -> None:
    """Cancel these; for the caller's transaction. Raises AlreadySending when one was claimed."""
    for delivery in deliveries:
        try:
            DELIVERY.apply(delivery, "cancel", now=now, retry_at=None)
        except MoveRefused as refused:
            delivery.refresh_from_db()
            raise AlreadySending(delivery.post, "cancel", delivery) from refused


@transaction.atomic
def hold_post(post: Post, *, by: Member, reason: str, now: datetime) -> Post:
    """Keep a scheduled post from going out until it gets a time again.

    Raises NotAllowed, TextRefused, AlreadySending, and MoveRefused when it is not scheduled.
    """
    require(by, Decision.POST_HOLD, workspace_id=post.workspace_id, account_id=post.account_id)
    reason = " ".join(clean_text(reason).split())
    post = _lock(post.pk)
    waiting = [d for d in _unsent(post, "hold") if d.state == DeliveryState.SCHEDULED]
    if not waiting:
        raise MoveRefused(post, "hold", post.state)
    for delivery in waiting:
        try:
            outcome.stop(delivery, HoldReason.BY_HAND, note=reason, now=now)
        except MoveRefused as refused:
            delivery.refresh_from_db()
            raise AlreadySending(post, "hold", delivery) from refused
    payload = events.Resolved(post=post.pk, delivery=waiting[0].pk, reason=reason)
    _tell(events.HELD_BY_HAND, payload, post, by=by.ref, now=now)
    outcome.project(post, now=now)
    return post


@transaction.atomic
def publish_now(post: Post, *, by: Member, now: datetime) -> Post:
    """Let a passed post go out at once, all checks of the engine included.

    Where the flow asks for the lead's last look, this is it when the lead does it; else the post
    waits for the lead. Raises NotAllowed, AlreadySending, InDoubt, and MoveRefused when it has not
    passed or is out.
    """
    require(by, Decision.PUBLISH_NOW, workspace_id=post.workspace_id, account_id=post.account_id)
    waiting = (
        PostState.PASSED,
        PostState.SCHEDULED,
        PostState.HELD,
        PostState.MISSED,
        PostState.FAILED,
    )
    lock_lead(post.workspace_id)
    post = _lock(post.pk)
    if post.state not in waiting:
        raise MoveRefused(post, "publish now", post.state)
    here = now.astimezone(ZoneInfo(post.account.zone))
    wall = here.replace(tzinfo=None, fold=0)
    post = time_post(
        post, by=by, wall=wall, zone=post.account.zone, fold=fold_if_repeated(here), now=now
    )
    Delivery.objects.filter(post=post, state=DeliveryState.SCHEDULED).update(uses_reserve=True)
    payload = events.Resolved(post=post.pk, delivery=0, reason="")
    _tell(events.HURRIED, payload, post, by=by.ref, now=now)
    clear_what_goes_now(post, by=by, now=now)
    return post


def fold_if_repeated(here: datetime) -> int | None:
    """Return which of a repeated hour's two ``here`` is in; None for every other hour."""
    other = here.replace(fold=1 - here.fold)
    return here.fold if other.utcoffset() != here.utcoffset() else None
