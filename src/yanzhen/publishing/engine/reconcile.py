"""Asking X what became of a send nobody is sure about. X's answer decides, never a guess."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError

from yanzhen.channels.actions import NotConnected, lost_authority, open_session
from yanzhen.channels.models import Account
from yanzhen.channels.ports import PlatformError, Reader, RemotePost
from yanzhen.kernel import clock
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.models import Member
from yanzhen.planning.models import content_of
from yanzhen.publishing.engine import outcome
from yanzhen.publishing.engine.claim import grace
from yanzhen.publishing.engine.crash import crash_point
from yanzhen.publishing.engine.matching import (
    Sought,
    Step,
    conclude,
    matches,
    next_look,
    sought_of,
)
from yanzhen.publishing.engine.prepare import payload_of
from yanzhen.publishing.models import Attempt, Delivery, LookUp
from yanzhen.publishing.states import Conclusion, Doubt, HoldReason
from yanzhen.publishing.states import DeliveryState as S

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")
BATCH = 20
FEW, MANY = 20, 100
#: How many posts that are not the one sought are kept for a person to look at.
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Look:
    """What one look-up showed: matching posts oldest first, and whether none means none.

    ``proven`` is False when X could not be asked or the page was cut; ``trouble`` says why.
    ``others`` are further posts of the account that belong to no delivery, newest first.
    """

    found: Sequence[RemotePost]
    proven: bool
    trouble: str = ""
    keys_refused: bool = False
    others: Sequence[RemotePost] = ()


def sought(delivery: Delivery) -> tuple[Sought, str]:
    """Return what to look for and after which id: from the first try that may have landed."""
    tries = Attempt.objects.filter(delivery=delivery).order_by("number")
    first = next(
        (a for a in tries if a.conclusion not in (Conclusion.UNSENT, Conclusion.ABSENT)), None
    )
    if first is None:
        content = content_of(delivery.version)
        payload = payload_of(delivery, content, reply_to_id=content.terms.reply_to)
        return sought_of(payload, delivery.due_at), ""
    return sought_of(first.payload, first.intended_at), first.since_id


def _linked(account: Account, ids: Sequence[str], delivery: Delivery) -> set[str]:
    others = Delivery.objects.filter(
        account__remote_id=account.remote_id, account__origin=account.origin, remote_id__in=ids
    )
    return set(others.exclude(pk=delivery.pk).values_list("remote_id", flat=True))


def _page(session: Reader, account: Account, since_id: str) -> tuple[Sequence[RemotePost], bool]:
    """Return the account's posts after ``since_id`` and whether these are all."""
    shown = session.own_posts(account.remote_id, since_id=since_id, limit=FEW)
    if len(shown) >= FEW:
        shown = session.own_posts(account.remote_id, since_id=since_id, limit=MANY)
    return shown, len(shown) < MANY


def ask(account: Account, question: Callable[[Reader], Answer], *, now: datetime) -> Answer:
    """Ask X as the account, with one renewal of the keys. Raises NotConnected, PlatformError."""
    session = open_session(account, now=now)
    try:
        return question(session)
    except PlatformError as error:
        if error.code != "unauthorised":
            raise
        if not lost_authority(account, generation=session.generation, now=now):
            raise NotConnected(account, account.problem) from error
    return question(open_session(account, now=now))


def look(delivery: Delivery, *, now: datetime) -> Look:
    """Ask X whether it shows this delivery. Never raises; a failing look proves nothing."""
    wanted, since_id = sought(delivery)
    account = delivery.account
    try:
        shown, whole = ask(account, lambda line: _page(line, account, since_id), now=now)
    except NotConnected as gone:
        return Look([], proven=False, trouble=str(gone), keys_refused=True)
    except PlatformError as error:
        return Look([], proven=False, trouble=str(error), keys_refused=error.code == "unauthorised")
    taken = _linked(account, [post.id for post in shown], delivery)
    found = matches(wanted, shown, linked=taken)
    # A page that begins after our own time leaves a gap we have not seen.
    seen_back_to_intent = any(post.created_at < wanted.intended_at for post in shown)
    ours = taken | {post.id for post in found}
    others = [post for post in shown if post.id not in ours]
    return Look(found, proven=whole or seen_back_to_intent, others=others)


def note(delivery: Delivery, seen: Look, *, by: Member | None = None, now: datetime) -> LookUp:
    """Write down what one look-up showed."""
    return LookUp.objects.create(
        delivery=delivery,
        at=now,
        by=by,
        proven=seen.proven,
        found=[post.id for post in seen.found],
        shown=[
            {"id": post.id, "text": post.text, "at": post.created_at.isoformat()}
            for post in seen.others[:MOST_SHOWN]
        ],
        trouble=seen.trouble[:300],
    )


def _twins(delivery: Delivery) -> int:
    """Return how many other deliveries of this account seek the very same text just now."""
    return (
        Delivery.objects.filter(
            account_id=delivery.account_id, text=delivery.text, state__in=(S.AMBIGUOUS, S.SENDING)
        )
        .exclude(pk=delivery.pk)
        .count()
    )


def adopt(delivery: Delivery, found: Sequence[RemotePost], *, now: datetime) -> None:
    """Link the oldest match; more than there should be is an alarm."""
    outcome.publish(delivery.pk, outcome.Found(found[0].id, by_looking=True), now=now)
    if len(found) > 1 + _twins(delivery):
        outcome.alarm_double_of(delivery, [post.id for post in found], now=now)


def reconcile(now: datetime) -> int:
    """Ask X about everything whose look is due at ``now``; return how many were looked at."""
    due = Delivery.objects.filter(state=S.AMBIGUOUS, check_at__lte=now)
    batch = due.select_related("account", "post").order_by("check_at", "pk")[:BATCH]
    return sum(_reconcile_one(delivery) for delivery in batch)


def _reconcile_one(delivery: Delivery) -> bool:
    seen = look(delivery, now=clock.database_now())
    crash_point("looked")
    now = clock.database_now()
    note(delivery, seen, now=now)
    try:
        if seen.found:
            adopt(delivery, seen.found, now=now)
        else:
            _follow(delivery, seen, now=now)
    except MoveRefused as refused:
        outcome.moved_meanwhile(refused)
        return False
    except IntegrityError:
        logger.exception("delivery %s: somebody linked that post first", delivery.pk)
        return False
    crash_point("reconciled")
    return True


def _follow(delivery: Delivery, seen: Look, *, now: datetime) -> None:
    """Do what follows from not finding it. Raises MoveRefused."""
    empty_looks = delivery.checks_done + seen.proven
    step = conclude(
        delivery.doubt,
        elapsed=now - delivery.state_since_at,
        empty_looks=empty_looks,
        proven=seen.proven,
    )
    if delivery.doubt == Doubt.AUTHORITY and seen.keys_refused:
        outcome.hold(delivery, HoldReason.AUTHORITY, note=seen.trouble, now=now)
    elif step == Step.REQUEUE:
        _requeue(delivery, empty_looks=empty_looks, now=now)
    elif step == Step.REFUSE:
        outcome.refuse(delivery, note=_last_words(delivery), now=now)
    elif step == Step.HOLD:
        note = seen.trouble or _last_words(delivery)
        outcome.hold(delivery, HoldReason.AMBIGUOUS, note=note, now=now)
    else:
        _look_again(delivery, empty_looks=empty_looks, now=now)


def _last_words(delivery: Delivery) -> str:
    last = Attempt.objects.filter(delivery=delivery).order_by("-number").first()
    if last is None:
        return ""
    return f"{last.status}: {last.detail}" if last.status else last.detail


def _look_again(delivery: Delivery, *, empty_looks: int, now: datetime) -> None:
    rows = Delivery.objects.filter(
        pk=delivery.pk, state=S.AMBIGUOUS, state_version=delivery.state_version
    )
    rows.update(check_at=next_look(delivery.state_since_at, now), checks_done=empty_looks)


def _requeue(delivery: Delivery, *, empty_looks: int, now: datetime) -> None:
    """Give limit and keys their second try, if the time allows and it is the second only.

    Money never comes back by itself: that is for a person.
    """
    last = Attempt.objects.filter(delivery=delivery).order_by("-number").first()
    reason = {Doubt.LIMIT: HoldReason.LIMIT, Doubt.MONEY: HoldReason.CREDITS}.get(
        Doubt(delivery.doubt), HoldReason.AUTHORITY
    )
    same = Attempt.objects.filter(delivery=delivery, code=last.code if last else "").count()
    resets_at = last.resets_at if last else None
    latest = delivery.due_at + grace()
    too_late = now > latest or (resets_at is not None and resets_at > latest)
    if too_late or same > 1 or delivery.doubt == Doubt.MONEY:
        outcome.hold(
            delivery, reason, note=_last_words(delivery), conclusion=Conclusion.ABSENT, now=now
        )
    elif resets_at is not None and resets_at > now:
        rows = Delivery.objects.filter(
            pk=delivery.pk, state=S.AMBIGUOUS, state_version=delivery.state_version
        )
        rows.update(check_at=resets_at, checks_done=empty_looks)
    else:
        outcome.requeue(delivery, now=now)
