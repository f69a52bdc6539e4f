"""One account's lane: claim, prepare, intend, send, conclude, and again while something is due."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.db import DatabaseError, IntegrityError, connection, transaction

from yanzhen.channels.ports import SendResult, Sent
from yanzhen.kernel import clock
from yanzhen.kernel.machine import MoveRefused
from yanzhen.planning.content import PostKind
from yanzhen.publishing.engine import limits, money, outcome, runaway
from yanzhen.publishing.engine.claim import claim_next, grace
from yanzhen.publishing.engine.crash import crash_point
from yanzhen.publishing.engine.intent import intend
from yanzhen.publishing.engine.matching import next_look
from yanzhen.publishing.engine.prepare import CannotSend, Missed, NotNow, prepare
from yanzhen.publishing.engine.send import send_once
from yanzhen.publishing.engine.turns import turn
from yanzhen.publishing.models import Attempt, Delivery
from yanzhen.publishing.states import Conclusion, Doubt, HoldReason

logger = logging.getLogger(__name__)
#: Where nobody answers at X the grace is what ends the tries; this only bounds a very long one.
MOST_TRIES = 60
_PAUSES_SECONDS = (0.1, 0.5, 2.0, 5.0)
_DOUBTS = {
    "refused": Doubt.REFUSED,
    "forbidden": Doubt.REFUSED,
    "reply_gate": Doubt.REFUSED,
    "quote_gate": Doubt.REFUSED,
    "day_limit": Doubt.REFUSED,
    "suspended": Doubt.REFUSED,
    "unauthorised": Doubt.AUTHORITY,
    "rate_limited": Doubt.LIMIT,
    "no_credits": Doubt.MONEY,
    "spend_cap": Doubt.MONEY,
}


def route_of(delivery: Delivery) -> str:
    """Return which of X's limits a send of this delivery counts against."""
    return limits.REPOST if delivery.kind == PostKind.REPOST else limits.CREATE


def back_off(tries: int) -> timedelta:
    """Return how long to wait after ``tries`` that left nothing: 1 s doubling up to a minute."""
    return timedelta(seconds=min(2.0 ** max(tries - 1, 0), 60.0))


def doubt_about(delivery: Delivery, result: SendResult) -> Doubt:
    """Return what an answer that is no clear yes leaves open.

    "Duplicate" after a try that may have landed means that it landed; without one it is a refusal.
    """
    if result.code == "duplicate":
        earlier = Attempt.objects.filter(delivery=delivery, conclusion=Conclusion.UNPROVEN)
        return Doubt.DUPLICATE if earlier.exists() else Doubt.REFUSED
    return _DOUBTS.get(result.code, Doubt.UNKNOWN)


def run_lane(account_id: int, *, owner: str, most: int = 50) -> int:
    """Send what is due on one account, one after the other, and return how many were tried."""
    tried = 0
    while tried < most:
        with turn():
            delivery = claim_next(account_id, owner=owner, now=clock.database_now())
        if delivery is None:
            break
        tried += 1
        if not _deliver(delivery):
            break
    return tried


def _deliver(delivery: Delivery) -> bool:
    """Take one claimed delivery as far as it goes; True when the next may follow at once."""
    try:
        prepared = prepare(delivery, now=clock.database_now())
        crash_point("prepared")
        began = time.monotonic()
        with turn():
            attempt = intend(delivery, prepared)
    except CannotSend as stop:
        _hold(delivery, stop)
        return True
    except Missed:
        _miss(delivery)
        return True
    except NotNow as wait:
        logger.info("delivery %s waits: %s", delivery.pk, wait)
        _give_back(delivery)
        return False
    except MoveRefused as refused:
        outcome.moved_meanwhile(refused)
        return False
    result = send_once(attempt, prepared.line, prepared.what, began=began)
    with turn():
        _conclude_surely(delivery, attempt, result)
    crash_point("concluded")
    return result.sent == Sent.CREATED


def _hold(delivery: Delivery, stop: CannotSend) -> None:
    try:
        now = clock.database_now()
        if stop.reason == HoldReason.RUNAWAY:
            runaway.stop_account(delivery, stop.note, now=now)
        note = "" if stop.reason == HoldReason.RUNAWAY else stop.note
        outcome.hold(delivery, stop.reason, note=note, now=now)
    except MoveRefused as refused:
        outcome.moved_meanwhile(refused)


def _miss(delivery: Delivery) -> None:
    try:
        outcome.miss(delivery, now=clock.database_now())
    except MoveRefused as refused:
        outcome.moved_meanwhile(refused)


def _give_back(delivery: Delivery) -> None:
    now = clock.database_now()
    try:
        outcome.release(delivery, retry_at=now + timedelta(seconds=5), now=now)
    except MoveRefused as refused:
        outcome.moved_meanwhile(refused)


def _conclude_surely(delivery: Delivery, attempt: Attempt, result: SendResult) -> None:
    """Write the outcome, again when the database is away; what stays unwritten gets doubted."""
    for pause in (*_PAUSES_SECONDS, None):
        try:
            conclude(delivery, attempt, result, now=clock.database_now())
        except MoveRefused as refused:
            outcome.moved_meanwhile(refused)
        except DatabaseError:
            if pause is None or transaction.get_connection().in_atomic_block:
                raise
            logger.warning("outcome of delivery %s not written yet", delivery.pk, exc_info=True)
            connection.close()
            time.sleep(pause)
            continue
        return


def conclude(delivery: Delivery, attempt: Attempt, result: SendResult, *, now: datetime) -> None:
    """Write what one try came to. Raises MoveRefused when this claim is stale and not sure."""
    with transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(
            ended_at=now,
            sent=result.sent,
            code=result.code,
            status=result.status,
            detail=result.detail,
            resets_at=result.retry_at,
        )
        if result.sent == Sent.UNSENT:
            _conclude_unsent(delivery, result, now=now)
            return
        if result.sent != Sent.CREATED:
            _conclude_unclear(delivery, result, now=now)
            return
        limits.learn(delivery.account, route_of(delivery), result.rates, now=now)
    try:
        outcome.publish(delivery.pk, outcome.Found(result.post_id), now=now)
    except IntegrityError:
        # X gave an id that another delivery has: believe neither, look.
        logger.exception("X answered delivery %s with a known id", delivery.pk)
        outcome.doubt(delivery, Doubt.UNKNOWN, check_at=next_look(now, now), now=now)


def _conclude_unsent(delivery: Delivery, result: SendResult, *, now: datetime) -> None:
    tries = Attempt.objects.filter(delivery=delivery, epoch__gt=0).count()
    retry_at = now + back_off(tries)
    if tries >= MOST_TRIES or retry_at - delivery.due_at > grace():
        outcome.hold_unsent(delivery, HoldReason.UNREACHABLE, note=result.detail, now=now)
    else:
        outcome.back_to_scheduled(delivery, retry_at=retry_at, now=now)


def _conclude_unclear(delivery: Delivery, result: SendResult, *, now: datetime) -> None:
    kind = doubt_about(delivery, result)
    limits.learn(delivery.account, route_of(delivery), result.rates, now=now)
    if kind == Doubt.MONEY:
        money.pause_app(
            delivery.account, result.code, detail=result.detail, until=result.retry_at, now=now
        )
    if kind == Doubt.LIMIT:
        limits.rest(delivery.account, route_of(delivery), until=result.retry_at, now=now)
    outcome.doubt(delivery, kind, note=result.detail, check_at=next_look(now, now), now=now)
