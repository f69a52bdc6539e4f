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
    id_of,
    require_open,
    require_sender,
    resume,
    send_unseen,
    tell,
)
from yanzhen.publishing.actions.scheduling import in_doubt
from yanzhen.publishing.engine import outcome
from yanzhen.publishing.engine.matching import SETTLED_AFTER, plain
from yanzhen.publishing.engine.reconcile import adopt, look
from yanzhen.publishing.models import Attempt, Delivery
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


def confirm_published(delivery: Delivery, *, link: str, by: Member, now: datetime) -> Delivery:
    """Link the post that is there, after X has shown it; the rest of its thread goes on.

    ``link`` is the post's address or id. Asks X, so it may not be called inside a transaction.
    Raises NotAllowed, NotFound, NoAnswer, MoveRefused.
    """
    require(by, Decision.PUBLISH_RESOLVE, workspace_id=delivery.workspace_id)
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
            resume(delivery, now=now)
    except IntegrityError:
        raise NotFound(remote_id) from None
    delivery.refresh_from_db()
    return delivery


def send_again(delivery: Delivery, *, reason: str, by: Member, now: datetime) -> Delivery:
    """Send a held or refused delivery now, and what waits behind it in its thread.

    Where an earlier try may have landed, X is asked first: if it shows the post, that one is linked
    and nothing is sent. Nobody does this for their own words. May not be called inside a
    transaction. Raises NotAllowed, TextRefused, NoAnswer, TooSoon, MoveRefused.
    """
    reason = require_sender(delivery, reason=reason, by=by)
    if in_doubt(delivery) and _is_there(delivery, by=by, now=now):
        delivery.refresh_from_db()
        return delivery
    send_unseen(delivery, reason=reason, by=by, now=now)
    return delivery


def _is_there(delivery: Delivery, *, by: Member, now: datetime) -> bool:
    """Ask X afresh; link and return True when it shows the post. Raises NoAnswer, TooSoon."""
    unproven = Attempt.objects.filter(delivery=delivery, conclusion=Conclusion.UNPROVEN)
    last = unproven.order_by("-number").first()
    if last is not None and now - last.intended_at < SETTLED_AFTER:
        raise TooSoon(last.intended_at + SETTLED_AFTER)
    seen = look(delivery, now=now)
    if seen.found:
        with transaction.atomic():
            adopt(delivery, seen.found, now=clock.database_now())
            tell(events.CONFIRMED, delivery, by=by, reason=seen.found[0].id, now=now)
            resume(delivery, now=now)
        return True
    if not seen.proven:
        raise NoAnswer(seen.trouble)
    return False
