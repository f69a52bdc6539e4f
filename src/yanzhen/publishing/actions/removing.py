"""Deleting published posts on X, with a reason; a worker carries it out, see engine/remove.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require
from yanzhen.planning.models import Post
from yanzhen.publishing import events
from yanzhen.publishing.actions.resolving import clean_reason
from yanzhen.publishing.actions.scheduling import cancel, in_doubt
from yanzhen.publishing.engine import outcome
from yanzhen.publishing.models import Delivery, Removal
from yanzhen.publishing.states import (
    IN_FLIGHT,
    NEEDS_PERSON,
    REMOVAL,
    WAITING,
    DeliveryState,
    RemovalState,
)

#: It is on X, or may be about to be: then it is deleted as soon as X shows it.
REMOVABLE = IN_FLIGHT | {DeliveryState.PUBLISHED}


@transaction.atomic
def remove_from_x(
    delivery: Delivery, *, reason: str, whole: bool = False, by: Member, now: datetime
) -> list[Removal]:
    """Have a post deleted on X: this one, or with ``whole`` all of its thread.

    What of the thread is not out yet is called off with it. One that is on its way is deleted as
    soon as X shows it. Works during a freeze. Raises NotAllowed, TextRefused, MoveRefused (not on
    X, or asked for already).
    """
    require(
        by,
        Decision.PUBLISH_DELETE,
        workspace_id=delivery.workspace_id,
        account_id=delivery.account_id,
    )
    reason = clean_reason(reason)
    post = outcome.lock_post(delivery)
    delivery.refresh_from_db()
    thread = list(
        Delivery.objects.live()
        .filter(post=post, occurrence=delivery.occurrence)
        .select_related("post")
        .order_by("position")
    )
    targets = [each for each in thread if each.state in REMOVABLE] if whole else [delivery]
    if delivery.state not in REMOVABLE or not targets:
        raise MoveRefused(delivery, "delete on X", delivery.state)
    removals = [_ask(each, reason=reason, by=by, now=now) for each in targets]
    asked = [removal for removal in removals if removal is not None]
    if not asked:
        raise MoveRefused(delivery, "delete on X", "changed")
    if whole:
        _call_off_rest(thread, post, now=now)
    record(
        events.REMOVAL_ASKED,
        events.RemovalAsked(post=post.pk, delivery=delivery.pk, segments=len(asked), reason=reason),
        actor=by.ref,
        subject=post.ref,
        workspace_id=post.workspace_id,
        at=now,
    )
    return asked


def _ask(delivery: Delivery, *, reason: str, by: Member, now: datetime) -> Removal | None:
    """Ask for one deletion, again after a failure; None when it is under way or done."""
    known = Removal.objects.filter(delivery=delivery).first()
    if known is None:
        return Removal.objects.create(
            delivery=delivery, reason=reason, asked_by=by, asked_at=now, state_since_at=now
        )
    if known.state != RemovalState.FAILED:
        return None
    REMOVAL.apply(
        known,
        "ask_again",
        now=now,
        reason=reason,
        asked_by=by,
        asked_at=now,
        tries=0,
        retry_at=None,
        ended_at=None,
    )
    return known


def _call_off_rest(thread: Sequence[Delivery], post: Post, *, now: datetime) -> None:
    """Let nothing more of the thread go out; what may be on X stays for a person to settle."""
    rest = [
        each
        for each in thread
        if each.state in WAITING or (each.state in NEEDS_PERSON and not in_doubt(each))
    ]
    cancel(rest, now=now)
    outcome.project(post, now=now)
