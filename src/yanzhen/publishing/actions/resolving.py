"""What a person decides about a post the engine will not decide about."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import Kind, record
from yanzhen.channels.actions.asking import ask_errand
from yanzhen.channels.models import Errand
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
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import (
    DELIVERY,
    NEEDS_PERSON,
    WAITING,
    DeliveryState,
    HoldReason,
)

#: The errands that ask X before anything is decided; see publishing/errands.py.
CONFIRM = "publishing.confirm"
SEND_AGAIN = "publishing.send_again"
_ID = re.compile(r"(?:^|/status/)(\d{1,30})(?:$|[/?#])")


def id_of(link: str) -> str:
    """Return the post id in an address or the bare id; "" when there is none."""
    found = _ID.search(link.strip())
    return found.group(1) if found else ""


def tell(kind: Kind, delivery: Delivery, *, by: Member, reason: str, now: datetime) -> None:
    """Record what a person decided about a delivery, in the caller's transaction."""
    record(
        kind,
        events.Resolved(post=delivery.post_id, delivery=delivery.pk, reason=reason),
        actor=by.ref,
        subject=delivery.post.ref,
        workspace_id=delivery.workspace_id,
        at=now,
    )


def require_open(delivery: Delivery, move: str) -> None:
    """Raise MoveRefused unless the delivery waits for a person."""
    if delivery.state not in NEEDS_PERSON:
        raise MoveRefused(delivery, move, delivery.state)


def ask_to_confirm(delivery: Delivery, *, link: str, by: Member, now: datetime) -> Errand:
    """Have the worker ask X for the post in ``link`` and link it; see looking.confirm_published.

    Raises NotAllowed, MoveRefused.
    """
    require_open(delivery, "confirm")
    return ask_errand(
        CONFIRM,
        by=by,
        decision=Decision.PUBLISH_RESOLVE,
        account=delivery.account,
        params={"delivery": delivery.pk, "link": link},
        now=now,
    )


def ask_to_send_again(
    delivery: Delivery, *, reason: str, by: Member, now: datetime
) -> Errand | None:
    """Send a held or refused delivery now, at once (None) or after the worker has asked X.

    X is asked where an earlier try may have landed; see looking.send_again. Nobody does this for
    their own words. Raises NotAllowed, TextRefused, MoveRefused.
    """
    reason = require_sender(delivery, reason=reason, by=by)
    if not in_doubt(delivery):
        send_unseen(delivery, reason=reason, by=by, now=now)
        return None
    return ask_errand(
        SEND_AGAIN,
        by=by,
        decision=Decision.PUBLISH_RESOLVE,
        account=delivery.account,
        params={"delivery": delivery.pk, "reason": reason},
        now=now,
    )


def require_sender(delivery: Delivery, *, reason: str, by: Member) -> str:
    """Return the reason in its one form when ``by`` may send this delivery again.

    Raises NotAllowed, TextRefused, MoveRefused.
    """
    require(by, Decision.PUBLISH_RESOLVE, workspace_id=delivery.workspace_id)
    post = delivery.post
    if by.pk == post.author_id or post.writers.filter(pk=by.pk).exists():
        raise NotAllowed(Decision.PUBLISH_RESOLVE, "own_work")
    require_open(delivery, "send again")
    return " ".join(clean_text(reason).split())


@transaction.atomic
def send_unseen(delivery: Delivery, *, reason: str, by: Member, now: datetime) -> None:
    """Let a delivery that is surely not on X go out again, and what waits behind it."""
    outcome.lock_post(delivery)
    _reschedule(delivery, now=now)
    resume(delivery, now=now)
    tell(events.SENT_AGAIN, delivery, by=by, reason=reason, now=now)


def _reschedule(delivery: Delivery, *, now: datetime) -> None:
    """Schedule it again: in its old place while that is within the grace, else for now."""
    due_at = delivery.due_at if now - delivery.due_at <= grace() else now
    DELIVERY.apply(
        delivery, "reschedule", now=now, due_at=due_at, hold_reason="", hold_note="", retry_at=None
    )


def resume(delivery: Delivery, *, now: datetime) -> None:
    """Let the segments that only waited for this one follow it, and the post's stage with them."""
    behind = Delivery.objects.filter(
        post_id=delivery.post_id,
        version_id=delivery.version_id,
        position__gt=delivery.position,
        state=DeliveryState.HELD,
        hold_reason=HoldReason.BEFORE,
    )
    for follower in behind.order_by("position"):
        _reschedule(follower, now=now)
    outcome.project(Post.objects.select_for_update().get(pk=delivery.post_id), now=now)


@transaction.atomic
def give_up(delivery: Delivery, *, reason: str, by: Member, now: datetime) -> Delivery:
    """Call off a held or refused delivery and all of its post that is not out yet.

    A post of which nothing is out is dropped. Raises NotAllowed, TextRefused, MoveRefused.
    """
    require(by, Decision.PUBLISH_RESOLVE, workspace_id=delivery.workspace_id)
    reason = " ".join(clean_text(reason).split())
    require_open(delivery, "give up")
    post = outcome.lock_post(delivery)
    rest = Delivery.objects.filter(post=post, state__in=NEEDS_PERSON | WAITING)
    cancel(list(rest.select_related("post").order_by("position")), now=now)
    tell(events.GIVEN_UP, delivery, by=by, reason=reason, now=now)
    if Delivery.objects.live().filter(post=post).exists():
        outcome.project(post, now=now)
    else:
        mark(post, "drop", now=now)
    delivery.refresh_from_db()
    return delivery
