"""What a person decides about a post the engine will not decide about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from yanzhen.activity.spine import Kind, record
from yanzhen.channels.actions.asking import ask_errand
from yanzhen.channels.models import Errand
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, NotAllowed, require
from yanzhen.planning.actions.timing import mark, respect_embargo
from yanzhen.planning.models import Post
from yanzhen.publishing import events
from yanzhen.publishing.actions.scheduling import cancel, in_doubt, upload_again
from yanzhen.publishing.engine import outcome
from yanzhen.publishing.engine.claim import grace
from yanzhen.publishing.models import Delivery, DeliveryQuerySet, Resend
from yanzhen.publishing.states import (
    DELIVERY,
    NEEDS_PERSON,
    WAITING,
    DeliveryState,
    HoldReason,
)

#: The errands that ask X before anything is decided; see publishing/errands.py.
CONFIRM = "publishing.confirm"
LOOK = "publishing.look"
RESEND = "publishing.resend"
_ID = re.compile(r"(?:^|/status/)(\d{1,30})(?:$|[/?#])")


class NeedsSecond(Exception):
    """An earlier try may have landed: one member proposes to send it again, another confirms."""


def id_of(link: str) -> str:
    """Return the post id in an address or the bare id; "" when there is none."""
    found = _ID.search(link.strip())
    return found.group(1) if found else ""


def writers_of(post: Post) -> set[int]:
    """Return who wrote any of the post's words, by number."""
    return {post.author_id, *post.writers.values_list("pk", flat=True)}


def wrote(member: Member, post: Post) -> bool:
    """Tell whether any of the post's words are the member's own."""
    return member.pk == post.author_id or post.writers.filter(pk=member.pk).exists()


def tell(kind: Kind, delivery: Delivery, *, by: Member, reason: str, now: datetime) -> None:
    """Record what a member decided about a delivery."""
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


def clean_reason(reason: str) -> str:
    """Return a reason on one line. Raises TextRefused."""
    return " ".join(clean_text(reason).split())[:300]


def ask_to_look(delivery: Delivery, *, by: Member, now: datetime) -> Errand:
    """Have the worker ask X whether it shows this delivery; see looking.look_now.

    Raises NotAllowed, MoveRefused.
    """
    require_open(delivery, "ask")
    return _errand(LOOK, delivery, by=by, now=now)


def ask_to_confirm(delivery: Delivery, *, link: str, by: Member, now: datetime) -> Errand:
    """Have the worker ask X for the post in ``link`` and link it; see looking.confirm_published.

    Raises NotAllowed, MoveRefused.
    """
    require_open(delivery, "confirm")
    return _errand(CONFIRM, delivery, link=link, by=by, now=now)


def ask_to_resend(resend: Resend, *, by: Member, now: datetime) -> Errand:
    """Be the second person: have the worker ask X once more, then send it again.

    See looking.confirm_resend. Raises NotAllowed, MoveRefused.
    """
    require_second(resend, by=by)
    return _errand(RESEND, resend.delivery, resend=resend.pk, by=by, now=now)


def _errand(
    kind: str, delivery: Delivery, *, by: Member, now: datetime, **params: str | int
) -> Errand:
    return ask_errand(
        kind,
        by=by,
        decision=Decision.PUBLISH_RESOLVE,
        account=delivery.account,
        params={"delivery": delivery.pk, **params},
        now=now,
    )


def require_second(resend: Resend, *, by: Member) -> None:
    """Raise NotAllowed or MoveRefused unless ``by`` may confirm this proposal."""
    delivery = resend.delivery
    require(
        by,
        Decision.PUBLISH_RESOLVE,
        workspace_id=delivery.workspace_id,
        account_id=delivery.account_id,
        barred={resend.asked_by_id, *writers_of(delivery.post)},
    )
    if wrote(by, delivery.post):
        raise NotAllowed(Decision.PUBLISH_RESOLVE, "own_work")
    if by.pk == resend.asked_by_id:
        raise NotAllowed(Decision.PUBLISH_RESOLVE, "own_proposal")
    if resend.closed_at is not None:
        raise MoveRefused(delivery, "confirm", "changed")
    require_open(delivery, "send again")


def send_again(
    delivery: Delivery, *, reason: str, alone: bool = False, by: Member, now: datetime
) -> Delivery:
    """Send a stopped delivery now of which nothing can be on X.

    ``alone`` keeps what waits behind it in its thread. Nobody does this for their own words. Raises
    NotAllowed, TextRefused, NeedsSecond (an earlier try may have landed), MoveRefused.
    """
    require(
        by,
        Decision.PUBLISH_RESOLVE,
        workspace_id=delivery.workspace_id,
        account_id=delivery.account_id,
        barred=writers_of(delivery.post),
    )
    if wrote(by, delivery.post):
        raise NotAllowed(Decision.PUBLISH_RESOLVE, "own_work")
    reason = clean_reason(reason)
    require_open(delivery, "send again")
    with transaction.atomic():
        outcome.lock_post(delivery)
        if in_doubt(delivery):
            raise NeedsSecond(str(delivery))
        let_go(delivery, alone=alone, now=now)
        tell(events.SENT_AGAIN, delivery, by=by, reason=reason, now=now)
    return delivery


@transaction.atomic
def propose_resend(
    delivery: Delivery, *, reason: str, alone: bool = False, by: Member, now: datetime
) -> Resend:
    """Propose to send again what may be on X already. A second member confirms or nothing happens.

    The one who proposes may have written it; the one who confirms may not. Raises NotAllowed,
    TextRefused, MoveRefused (settled, or proposed already).
    """
    require(
        by,
        Decision.PUBLISH_RESOLVE,
        workspace_id=delivery.workspace_id,
        account_id=delivery.account_id,
    )
    reason = clean_reason(reason)
    outcome.lock_post(delivery)
    delivery.refresh_from_db()
    require_open(delivery, "propose")
    try:
        with transaction.atomic():
            resend = Resend.objects.create(
                delivery=delivery, alone=alone, reason=reason, asked_by=by, asked_at=now
            )
    except IntegrityError:
        raise MoveRefused(delivery, "propose", "changed") from None
    tell(events.RESEND_ASKED, delivery, by=by, reason=reason, now=now)
    return resend


@transaction.atomic
def withdraw_resend(resend: Resend, *, by: Member, now: datetime) -> Resend:
    """Take a proposal back; anyone who may resolve may. Raises NotAllowed, MoveRefused."""
    require(
        by,
        Decision.PUBLISH_RESOLVE,
        workspace_id=resend.delivery.workspace_id,
        account_id=resend.delivery.account_id,
    )
    close_resend(resend, by=None, now=now)
    tell(events.RESEND_WITHDRAWN, resend.delivery, by=by, reason=resend.reason, now=now)
    return resend


def close_resend(resend: Resend, *, by: Member | None, now: datetime) -> None:
    """Close a proposal once. Raises MoveRefused when somebody else did."""
    rows = Resend.objects.filter(pk=resend.pk, closed_at=None)
    if not rows.update(closed_at=now, confirmed_by=by):
        raise MoveRefused(resend.delivery, "close", "changed")
    resend.closed_at, resend.confirmed_by = now, by


def close_resends(delivery: Delivery, *, now: datetime) -> None:
    """Close what was proposed for a delivery that is settled by other means."""
    Resend.objects.filter(delivery=delivery, closed_at=None).update(closed_at=now)


def let_go(delivery: Delivery, *, alone: bool, now: datetime) -> None:
    """Schedule a delivery again, and what waits behind it unless ``alone``."""
    again(delivery, now=now)
    if alone:
        _project(delivery, now=now)
    else:
        resume(delivery, now=now)


def again(delivery: Delivery, *, due_at: datetime | None = None, now: datetime) -> None:
    """Schedule it again: for ``due_at``, else in its old place within the grace, else for now.

    Raises BeforeLift, a MoveRefused, while an embargo on it stands.
    """
    if due_at is None:
        due_at = delivery.due_at if now - delivery.due_at <= grace() else now
    respect_embargo(delivery.post_id, max(due_at, now))
    DELIVERY.apply(
        delivery, "reschedule", now=now, due_at=due_at, hold_reason="", hold_note="", retry_at=None
    )
    upload_again(delivery, now=now)


def behind(delivery: Delivery) -> DeliveryQuerySet:
    """Return the segments that only wait for this one, in order."""
    return Delivery.objects.filter(
        post_id=delivery.post_id,
        version_id=delivery.version_id,
        occurrence=delivery.occurrence,
        position__gt=delivery.position,
        state=DeliveryState.HELD,
        hold_reason=HoldReason.BEFORE,
    ).order_by("position")


def resume(delivery: Delivery, *, now: datetime) -> None:
    """Let the segments that only waited for this one follow it, and the post's stage with them."""
    for follower in behind(delivery):
        again(follower, now=now)
    _project(delivery, now=now)


def _project(delivery: Delivery, *, now: datetime) -> None:
    outcome.project(Post.objects.select_for_update().get(pk=delivery.post_id), now=now)


@transaction.atomic
def give_up(delivery: Delivery, *, reason: str, by: Member, now: datetime) -> Delivery:
    """Call off a stopped delivery and all of this time of its post that is not out yet.

    A post of which nothing is out or to come is dropped. Raises NotAllowed, TextRefused,
    MoveRefused.
    """
    require(
        by,
        Decision.PUBLISH_RESOLVE,
        workspace_id=delivery.workspace_id,
        account_id=delivery.account_id,
    )
    reason = clean_reason(reason)
    post = outcome.lock_post(delivery)
    delivery.refresh_from_db()
    require_open(delivery, "give up")
    rest = Delivery.objects.filter(
        post=post, occurrence=delivery.occurrence, state__in=NEEDS_PERSON | WAITING
    )
    cancel(list(rest.select_related("post").order_by("position")), now=now)
    close_resends(delivery, now=now)
    tell(events.GIVEN_UP, delivery, by=by, reason=reason, now=now)
    if Delivery.objects.live().filter(post=post).exists():
        outcome.project(post, now=now)
    else:
        mark(post, "drop", now=now)
    delivery.refresh_from_db()
    return delivery


@transaction.atomic
def give_up_all(deliveries: Iterable[Delivery], *, reason: str, by: Member, now: datetime) -> int:
    """Call off each of these, all or none, and return how many. Raises as give_up does."""
    return len([give_up(each, reason=reason, by=by, now=now) for each in deliveries])
