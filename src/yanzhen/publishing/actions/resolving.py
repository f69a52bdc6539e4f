"""What a person decides about a post the engine will not decide about."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import IntegrityError, transaction

from yanzhen.activity.spine import Kind, record
from yanzhen.channels.actions import NotConnected, open_session
from yanzhen.channels.ports import PlatformError
from yanzhen.kernel import clock
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, NotAllowed, require
from yanzhen.planning.actions.timing import mark
from yanzhen.planning.models import Post
from yanzhen.publishing import events
from yanzhen.publishing.actions.scheduling import cancel, in_doubt
from yanzhen.publishing.engine import outcome
from yanzhen.publishing.engine.claim import grace
from yanzhen.publishing.engine.matching import SETTLED_AFTER, plain
from yanzhen.publishing.engine.reconcile import adopt, look
from yanzhen.publishing.models import Attempt, Delivery
from yanzhen.publishing.states import (
    DELIVERY,
    NEEDS_PERSON,
    WAITING,
    Conclusion,
    DeliveryState,
    HoldReason,
)

_ID = re.compile(r"(?:^|/status/)(\d{1,30})(?:$|[/?#])")


class NotFound(Exception):
    """X does not show that post on this account, or it is another text or another delivery's."""


class NoAnswer(Exception):
    """X could not be asked, so nothing may be concluded; the message is X's words."""


class TooSoon(Exception):
    """X may still show a post of the last try. ``until`` (aware) is when it can be sent again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


def id_of(link: str) -> str:
    """Return the post id in an address or the bare id; "" when there is none."""
    found = _ID.search(link.strip())
    return found.group(1) if found else ""


def _tell(kind: Kind, delivery: Delivery, *, by: Member, reason: str, now: datetime) -> None:
    record(
        kind,
        events.Resolved(post=delivery.post_id, delivery=delivery.pk, reason=reason),
        actor=by.ref,
        subject=delivery.post.ref,
        workspace_id=delivery.workspace_id,
        at=now,
    )


def _require_open(delivery: Delivery, move: str) -> None:
    if delivery.state not in NEEDS_PERSON:
        raise MoveRefused(delivery, move, delivery.state)


def confirm_published(delivery: Delivery, *, link: str, by: Member, now: datetime) -> Delivery:
    """Link the post that is there, after X has shown it; the rest of its thread goes on.

    ``link`` is the post's address or id. Asks X, so it may not be called inside a transaction.
    Raises NotAllowed, NotFound, NoAnswer, MoveRefused.
    """
    require(by, Decision.PUBLISH_RESOLVE, workspace_id=delivery.workspace_id)
    _require_open(delivery, "confirm")
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
            _tell(events.CONFIRMED, delivery, by=by, reason=remote_id, now=now)
            _resume(delivery, now=now)
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
    require(by, Decision.PUBLISH_RESOLVE, workspace_id=delivery.workspace_id)
    post = delivery.post
    if by.pk == post.author_id or post.writers.filter(pk=by.pk).exists():
        raise NotAllowed(Decision.PUBLISH_RESOLVE, "own_work")
    reason = " ".join(clean_text(reason).split())
    _require_open(delivery, "send again")
    if in_doubt(delivery) and _is_there(delivery, by=by, now=now):
        delivery.refresh_from_db()
        return delivery
    with transaction.atomic():
        outcome.lock_post(delivery)
        _again(delivery, now=now)
        _resume(delivery, now=now)
        _tell(events.SENT_AGAIN, delivery, by=by, reason=reason, now=now)
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
            _tell(events.CONFIRMED, delivery, by=by, reason=seen.found[0].id, now=now)
            _resume(delivery, now=now)
        return True
    if not seen.proven:
        raise NoAnswer(seen.trouble)
    return False


def _again(delivery: Delivery, *, now: datetime) -> None:
    """Schedule it again: in its old place while that is within the grace, else for now."""
    due_at = delivery.due_at if now - delivery.due_at <= grace() else now
    DELIVERY.apply(
        delivery, "reschedule", now=now, due_at=due_at, hold_reason="", hold_note="", retry_at=None
    )


def _resume(delivery: Delivery, *, now: datetime) -> None:
    """Let the segments that only waited for this one follow it, and the post's stage with them."""
    behind = Delivery.objects.filter(
        post_id=delivery.post_id,
        version_id=delivery.version_id,
        position__gt=delivery.position,
        state=DeliveryState.HELD,
        hold_reason=HoldReason.BEFORE,
    )
    for follower in behind.order_by("position"):
        _again(follower, now=now)
    outcome.project(Post.objects.select_for_update().get(pk=delivery.post_id), now=now)


@transaction.atomic
def give_up(delivery: Delivery, *, reason: str, by: Member, now: datetime) -> Delivery:
    """Call off a held or refused delivery and all of its post that is not out yet.

    A post of which nothing is out is dropped. Raises NotAllowed, TextRefused, MoveRefused.
    """
    require(by, Decision.PUBLISH_RESOLVE, workspace_id=delivery.workspace_id)
    reason = " ".join(clean_text(reason).split())
    _require_open(delivery, "give up")
    post = outcome.lock_post(delivery)
    rest = Delivery.objects.filter(post=post, state__in=NEEDS_PERSON | WAITING)
    cancel(list(rest.select_related("post").order_by("position")), now=now)
    _tell(events.GIVEN_UP, delivery, by=by, reason=reason, now=now)
    if Delivery.objects.live().filter(post=post).exists():
        outcome.project(post, now=now)
    else:
        mark(post, "drop", now=now)
    delivery.refresh_from_db()
    return delivery
