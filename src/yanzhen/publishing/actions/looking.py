"""Asking X before a person's decision about a stopped post counts. For the worker, with keys."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from yanzhen.channels.actions import NotConnected, open_session
from yanzhen.channels.ports import PlatformError
from yanzhen.kernel import clock
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require
from yanzhen.publishing import events
from yanzhen.publishing.actions.resolving import (
    close_resend,
    close_resends,
    id_of,
    let_go,
    require_open,
    require_second,
    resume,
    tell,
)
from yanzhen.publishing.engine import outcome, reconcile
from yanzhen.publishing.engine.matching import SETTLED_AFTER, plain
from yanzhen.publishing.models import Attempt, Delivery, LookUp, Resend
from yanzhen.publishing.states import Conclusion


class NotFound(Exception):
    """X does not show that post on this account, or it is another text or another delivery's."""


class NoAnswer(Exception):
    """X could not be asked, so nothing may be concluded; the message is X's words."""


class TooSoon(Exception):
    """X may still show a post of the last try. ``until`` (aware) is when it can be sent again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


def look_now(delivery: Delivery, *, by: Member, now: datetime) -> LookUp:
    """Ask X afresh whether it shows this delivery, and keep what it showed; found, it is linked.

    May not be called inside a transaction. Raises NotAllowed, NoAnswer, MoveRefused.
    """
    require(
        by,
        Decision.PUBLISH_RESOLVE,
        workspace_id=delivery.workspace_id,
        account_id=delivery.account_id,
    )
    require_open(delivery, "ask")
    return _look(delivery, by=by, now=now)


def _look(delivery: Delivery, *, by: Member, now: datetime) -> LookUp:
    """Look, write down what was seen, adopt what was found. Raises NoAnswer, MoveRefused."""
    seen = reconcile.look(delivery, now=now)
    now = clock.database_now()
    with transaction.atomic():
        kept = reconcile.note(delivery, seen, by=by, now=now)
        tell(events.ASKED, delivery, by=by, reason=kept.trouble, now=now)
    if seen.found:
        with transaction.atomic():
            reconcile.adopt(delivery, seen.found, now=now)
            tell(events.CONFIRMED, delivery, by=by, reason=seen.found[0].id, now=now)
            close_resends(delivery, now=now)
            resume(delivery, now=now)
    elif not seen.proven:
        raise NoAnswer(seen.trouble)
    return kept


def confirm_published(delivery: Delivery, *, link: str, by: Member, now: datetime) -> Delivery:
    """Link the post that is there, after X has shown it; the rest of its thread goes on.

    ``link`` is the post's address or id. Asks X, so it may not be called inside a transaction.
    Raises NotAllowed, NotFound, NoAnswer, MoveRefused.
    """
    require(
        by,
        Decision.PUBLISH_RESOLVE,
        workspace_id=delivery.workspace_id,
        account_id=delivery.account_id,
    )
    require_open(delivery, "confirm")
    remote_id = id_of(link)
    if not remote_id:
        raise NotFound(link)
    try:
        shown = open_session(delivery.account, now=now).posts([remote_id]).get(remote_id)
    except (NotConnected, PlatformError) as error:
        raise NoAnswer(str(error)) from error
    ours = shown is not None and shown.author_id in ("", delivery.account.remote_id)
    if shown is None or not ours or plain(shown.text) != plain(delivery.text):
        raise NotFound(remote_id)
    try:
        with transaction.atomic():
            found = outcome.Found(remote_id, by_looking=True)
            if not outcome.publish(delivery.pk, found, actor=by.ref, now=now):
                raise MoveRefused(delivery, "confirm", delivery.state)
            tell(events.CONFIRMED, delivery, by=by, reason=remote_id, now=now)
            close_resends(delivery, now=now)
            resume(delivery, now=now)
    except IntegrityError:
        raise NotFound(remote_id) from None
    delivery.refresh_from_db()
    return delivery


def confirm_resend(resend: Resend, *, by: Member, now: datetime) -> Delivery:
    """Be the second person: X is asked once more, and only if it shows nothing it is sent again.

    If X shows it, that one is linked and nothing is sent. May not be called inside a transaction.
    Raises NotAllowed (own words, or own proposal), NoAnswer, TooSoon, MoveRefused.
    """
    require_second(resend, by=by)
    delivery = resend.delivery
    unproven = Attempt.objects.filter(delivery=delivery, conclusion=Conclusion.UNPROVEN)
    last = unproven.order_by("-number").first()
    if last is not None and now - last.intended_at < SETTLED_AFTER:
        raise TooSoon(last.intended_at + SETTLED_AFTER)
    if _look(delivery, by=by, now=now).found:
        delivery.refresh_from_db()
        return delivery
    with transaction.atomic():
        outcome.lock_post(delivery)
        close_resend(resend, by=by, now=now)
        let_go(delivery, alone=resend.alone, now=now)
        tell(events.SENT_AGAIN, delivery, by=by, reason=resend.reason, now=now)
    return delivery
