"""Deleting on X what a member wants gone. It works during a freeze: that is how a crisis is met.

Deleting twice does no harm, so whatever is unclear is simply tried again, and what a dead worker
left is taken up by another. A thread goes from its end, so that no answer stands without what it
answers.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from yanzhen.activity.refs import SYSTEM
from yanzhen.activity.spine import Kind, record
from yanzhen.channels import prices
from yanzhen.channels.actions import NotConnected, lost_authority
from yanzhen.channels.platforms import platform
from yanzhen.channels.ports import PlatformError, SendResult, Sent
from yanzhen.jobs.worker import worker_name
from yanzhen.kernel import clock
from yanzhen.kernel.machine import MoveRefused
from yanzhen.planning.actions.timing import mark
from yanzhen.planning.content import PostKind
from yanzhen.publishing import events
from yanzhen.publishing.engine import limits, money, outcome
from yanzhen.publishing.engine.editing import newest_id
from yanzhen.publishing.engine.send import Deletion, open_line, send_once
from yanzhen.publishing.models import Delivery, Removal
from yanzhen.publishing.states import (
    DELIVERY,
    IN_FLIGHT,
    REMOVAL,
    Conclusion,
    DeliveryState,
    RemovalState,
)

logger = logging.getLogger(__name__)
BATCH = 20
LEASE = timedelta(seconds=90)
MOST_TRIES = 10
#: Answers after which trying again by itself would not help.
_FINAL = frozenset({"refused", "forbidden", "suspended", "unauthorised", "no_credits", "spend_cap"})
_MONEY = frozenset({"no_credits", "spend_cap"})


def remove(now: datetime) -> int:
    """Delete what is asked for at ``now`` (the database's clock); return how many were tried."""
    _give_back_left(now)
    _settle_moot(now)
    done = 0
    while done < BATCH and (removal := _take_next(clock.database_now())) is not None:
        _carry_out(removal)
        done += 1
    return done


def _give_back_left(now: datetime) -> None:
    """What a dead worker held is asked for again."""
    for removal in Removal.objects.filter(state=RemovalState.DOING, lease_until_at__lt=now)[:BATCH]:
        _apply(removal, "give_back", owner="", lease_until_at=None, now=now)


def _settle_moot(now: datetime) -> None:
    """What never came to be on X needs no deleting: its delivery is called off instead."""
    asked = Removal.objects.filter(state=RemovalState.ASKED).exclude(
        delivery__state__in=IN_FLIGHT | {DeliveryState.PUBLISHED}
    )
    for removal in asked.select_related("delivery__post", "delivery__account")[:BATCH]:
        try:
            _call_off(removal, now=now)
        except MoveRefused as refused:
            outcome.moved_meanwhile(refused)


@transaction.atomic
def _call_off(removal: Removal, *, now: datetime) -> None:
    delivery = removal.delivery
    post = outcome.lock_post(delivery)
    delivery.refresh_from_db()
    if delivery.state == DeliveryState.HELD and _may_be_there(delivery):
        return
    if delivery.state != DeliveryState.CANCELLED:
        DELIVERY.apply(delivery, "cancel", now=now, retry_at=None)
        if Delivery.objects.live().filter(post=post).exists():
            outcome.project(post, now=now)
        else:
            mark(post, "drop", now=now)
    REMOVAL.apply(removal, "take", now=now)
    REMOVAL.apply(removal, "finish", now=now, ended_at=now, detail="It never was on X.")


def _may_be_there(delivery: Delivery) -> bool:
    return delivery.attempts.filter(conclusion=Conclusion.UNPROVEN).exists()


def _take_next(now: datetime) -> Removal | None:
    """Take the next removal whose turn it is, or return None."""
    later = Removal.objects.filter(
        delivery__post_id=OuterRef("delivery__post_id"),
        delivery__occurrence=OuterRef("delivery__occurrence"),
        delivery__position__gt=OuterRef("delivery__position"),
        state__in=(RemovalState.ASKED, RemovalState.DOING),
    )
    ready = Q(retry_at=None) | Q(retry_at__lte=now)
    waiting = Removal.objects.filter(
        ready, ~Exists(later), state=RemovalState.ASKED, delivery__state=DeliveryState.PUBLISHED
    ).exclude(delivery__account_id__in=limits.resting_on(limits.DELETE, now=now))
    names = ("delivery__account", "delivery__post")
    for removal in waiting.select_related(*names).order_by("asked_at", "pk")[:BATCH]:
        taken = _apply(
            removal,
            "take",
            owner=worker_name()[:80],
            lease_until_at=now + LEASE,
            retry_at=None,
            tries=F("tries") + 1,
            now=now,
        )
        if taken:
            removal.refresh_from_db()
            return removal
    return None


def _apply(removal: Removal, move: str, *, now: datetime, **writes: object) -> bool:
    """Make a move; False when another worker made one first."""
    try:
        REMOVAL.apply(removal, move, now=now, **writes)
    except MoveRefused as refused:
        outcome.moved_meanwhile(refused)
        return False
    return True


def _carry_out(removal: Removal) -> None:
    """Try once, and write down what came of it."""
    delivery = removal.delivery
    account = delivery.account
    here = platform(account.platform).origin
    if not delivery.origin == account.origin == here:
        _fail(removal, f"{delivery.origin} ≠ {here}")
        return
    began = time.monotonic()
    try:
        line = open_line(account, now=clock.database_now())
    except NotConnected as gone:
        _fail(removal, str(gone))
        return
    except PlatformError as error:
        _again(removal, SendResult(Sent.UNSENT, error.code, detail=error.detail))
        return
    result = send_once(removal, line, _deletion(delivery), began=began)
    if result.sent == Sent.CREATED:
        _finish(removal, result)
    elif result.code == "unauthorised" and _renewed(delivery, line.generation):
        _again(removal, result)
    elif result.code in _FINAL:
        _refused(removal, result)
    else:
        _again(removal, result)


def _deletion(delivery: Delivery) -> Deletion:
    if delivery.kind == PostKind.REPOST:
        return Deletion(delivery.remote_id, reposter=delivery.account.remote_id)
    return Deletion(newest_id(delivery))


def _renewed(delivery: Delivery, generation: int) -> bool:
    """Tell whether there are new keys to try with after a 401."""
    now = clock.database_now()
    try:
        return lost_authority(delivery.account, generation=generation, now=now)
    except PlatformError:
        return True


@transaction.atomic
def _finish(removal: Removal, result: SendResult) -> None:
    now, delivery = clock.database_now(), removal.delivery
    limits.learn(delivery.account, limits.DELETE, result.rates, now=now)
    if not _apply(removal, "finish", now=now, ended_at=now, detail="", lease_until_at=None):
        return
    Delivery.objects.filter(pk=delivery.pk).update(counts_due_at=None)
    if delivery.kind != PostKind.REPOST:
        money.charge(
            delivery.account,
            [prices.Charge("delete", prices.DELETE)],
            delivery=delivery,
            now=now,
        )
    _tell(events.REMOVED, removal, note="", now=now)


def _again(removal: Removal, result: SendResult) -> None:
    """Try again later, ever more rarely; after MOST_TRIES a person must look."""
    now, account = clock.database_now(), removal.delivery.account
    limits.learn(account, limits.DELETE, result.rates, now=now)
    if result.code == "rate_limited":
        limits.rest(account, limits.DELETE, until=result.retry_at, now=now)
    elif removal.tries >= MOST_TRIES:
        _fail(removal, _words(result))
        return
    pause = timedelta(seconds=min(2.0**removal.tries, 300.0))
    _apply(
        removal,
        "give_back",
        now=now,
        owner="",
        lease_until_at=None,
        retry_at=now + pause,
        detail=_words(result),
    )


def _refused(removal: Removal, result: SendResult) -> None:
    if result.code in _MONEY:
        money.pause_app(
            removal.delivery.account,
            result.code,
            detail=result.detail,
            until=result.retry_at,
            now=clock.database_now(),
        )
    _fail(removal, _words(result))


def _words(result: SendResult) -> str:
    return (f"{result.status}: {result.detail}" if result.status else result.detail)[:300]


@transaction.atomic
def _fail(removal: Removal, detail: str) -> None:
    now = clock.database_now()
    if _apply(removal, "fail", now=now, ended_at=now, detail=detail[:300], lease_until_at=None):
        _tell(events.REMOVAL_FAILED, removal, note=detail, now=now)


def _tell(kind: Kind, removal: Removal, *, note: str, now: datetime) -> None:
    delivery = removal.delivery
    record(
        kind,
        events.Removed(
            post=delivery.post_id,
            delivery=delivery.pk,
            segment=delivery.position + 1,
            handle=delivery.account.handle,
            remote_id=delivery.remote_id,
            note=note[:300],
        ),
        actor=SYSTEM,
        subject=delivery.post.ref,
        workspace_id=delivery.workspace_id,
        at=now,
    )
