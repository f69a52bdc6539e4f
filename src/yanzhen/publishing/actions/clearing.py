"""The lead's last look: letting a delivery go, taking that back, and asking the lead for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction

from yanzhen.activity.feed import events as log
from yanzhen.activity.spine import SYSTEM, record
from yanzhen.people.models import Member, Workspace
from yanzhen.planning.models import Post
from yanzhen.publishing import events
from yanzhen.publishing.engine import looks
from yanzhen.publishing.engine.claim import grace
from yanzhen.publishing.models import Clearance, Delivery
from yanzhen.publishing.states import IN_FLIGHT, DeliveryState
from yanzhen.review.models import Flow

#: How long before its minute the lead is called, when nobody has looked.
CALL_BEFORE = timedelta(minutes=15)
SOON, DUE = "soon", "due"


class CannotClear(Exception):
    """The last look cannot be given, or taken back.

    ``why`` is a stable word: not_asked (the flow does not ask for it), not_lead, own_work (and the
    flow does not let the lead look at what they wrote), changed (another text than was looked at),
    early (the look is not open yet), late (past the grace), sending (it is on its way) or
    not_waiting.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def _flow_of(workspace_id: int) -> Flow:
    flows = Flow.objects.filter(workspace_id=workspace_id, active=True)
    flow = flows.filter(look_minutes__isnull=False).first()
    if flow is None:
        raise CannotClear("not_asked")
    return flow


def lock_lead(workspace_id: int) -> Workspace:
    """Lock who has the lead until the caller's transaction ends; before any post is locked.

    A lead that moves meanwhile has moved before or moves after.
    """
    return Workspace.objects.select_for_update(no_key=True).get(pk=workspace_id)


def _lock_for(member: Member, post_id: int) -> Post:
    workspace = lock_lead(member.workspace_id)
    if workspace.lead_id != member.pk:
        raise CannotClear("not_lead")
    posts = Post.objects.select_for_update(of=("self",)).select_related("account")
    return posts.get(pk=post_id, workspace=workspace)


def _not_out(delivery: Delivery, post: Post) -> list[Delivery]:
    """Lock and return what is not out of this time of the post. Raises CannotClear.

    A claim changes the row, so it waits for this lock, and the intent behind it sees what was
    written under it.
    """
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("post")
    found = rows.filter(post=post, version=delivery.version_id, occurrence=delivery.occurrence)
    settled = (DeliveryState.PUBLISHED, DeliveryState.CANCELLED)
    unsent = list(found.exclude(state__in=settled).order_by("position"))
    if any(each.state in IN_FLIGHT for each in unsent):
        raise CannotClear("sending")
    return unsent


def is_own(post: Post, member: Member) -> bool:
    """Tell whether the member wrote any of the post."""
    return post.author_id == member.pk or post.writers.filter(pk=member.pk).exists()


@transaction.atomic
def clear(delivery: Delivery, *, seen: str, by: Member, now: datetime) -> Delivery:
    """Let a delivery, and what follows it in its thread, go out at its time.

    ``seen`` is the digest of what the lead was shown, ``now`` the database's. Raises CannotClear.
    """
    post = _lock_for(by, delivery.post_id)
    flow = _flow_of(post.workspace_id)
    unsent = _not_out(delivery, post)
    delivery.refresh_from_db()
    if delivery.state != DeliveryState.SCHEDULED:
        raise CannotClear("not_waiting")
    if delivery.digest != seen:
        raise CannotClear("changed")
    span = timedelta(minutes=flow.look_minutes or 0)
    if now < delivery.due_at - span:
        raise CannotClear("early")
    if now - delivery.due_at > grace():
        raise CannotClear("late")
    if not flow.look_own and is_own(post, by):
        raise CannotClear("own_work")
    _give(unsent, span=span, by=by, now=now)
    record(
        events.CLEARED,
        events.Looked(
            post=post.pk,
            delivery=delivery.pk,
            segments=len(unsent),
            due=delivery.due_at.isoformat(),
            digest=delivery.digest,
        ),
        actor=by.ref,
        subject=post.ref,
        workspace_id=post.workspace_id,
        at=now,
    )
    return delivery


def _give(unsent: Sequence[Delivery], *, span: timedelta, by: Member, now: datetime) -> None:
    _end(unsent, by=by, now=now)
    Clearance.objects.bulk_create(
        Clearance(
            delivery=each,
            digest=each.digest,
            by=by,
            at=now,
            good_from_at=each.due_at - span,
            good_until_at=each.due_at + span,
        )
        for each in unsent
    )


def _end(unsent: Sequence[Delivery], *, by: Member, now: datetime) -> int:
    standing = Clearance.objects.standing().filter(delivery__in=[each.pk for each in unsent])
    return standing.update(ended_at=now, ended_by=by)


def clear_what_goes_now(post: Post, *, by: Member, now: datetime) -> None:
    """Count it as the last look that who has the lead lets a post out at once.

    For the transaction that does so and locked the lead. Does nothing where nobody asks, or the
    member may not look: then the post waits.
    """
    first = looks.lacking(looks.heads().filter(post=post)).order_by("due_at", "pk").first()
    if first is None:
        return
    try:
        clear(first, seen=first.digest, by=by, now=now)
    except CannotClear:
        return


@transaction.atomic
def take_back(delivery: Delivery, *, by: Member, now: datetime) -> Delivery:
    """End the clearance of a delivery and of what follows it: it waits for another look.

    Answered without an error, nothing of it has begun to go out. Raises CannotClear (not_lead,
    sending, not_waiting).
    """
    post = _lock_for(by, delivery.post_id)
    unsent = _not_out(delivery, post)
    if not _end(unsent, by=by, now=now):
        raise CannotClear("not_waiting")
    record(
        events.CLEARANCE_ENDED,
        events.Resolved(post=post.pk, delivery=delivery.pk, reason=""),
        actor=by.ref,
        subject=post.ref,
        workspace_id=post.workspace_id,
        at=now,
    )
    return delivery


# --- calling the lead ----------------------------------------------------------------------------


def call_for_looks(now: datetime) -> int:
    """Record that the lead's look is wanted: a quarter of an hour before, and at the minute.

    ``now`` is the database's. Once for each time of a delivery and each of the two, whoever calls
    and however many at once. Returns how many.
    """
    near = looks.heads().filter(due_at__lte=now + CALL_BEFORE, due_at__gte=now - grace())
    found = list(looks.lacking(near).order_by("due_at", "pk"))
    if not found:
        return 0
    told = _told([each.post_id for each in found])
    return sum(_call(each, now=now) for each in found if _mark(each, now) not in told)


def _mark(delivery: Delivery, now: datetime) -> tuple[int, str, str]:
    stage = DUE if delivery.due_at <= now else SOON
    return delivery.pk, delivery.due_at.astimezone(UTC).isoformat(), stage


def _told(posts: Sequence[int]) -> set[tuple[int, str, str]]:
    rows = log().objects.filter(
        kind=events.LOOK_WANTED.slug,
        subject_type=Post(pk=0).ref.type,
        subject_id__in=[str(pk) for pk in posts],
    )
    found = rows.values_list("data", flat=True)
    return {(data["delivery"], data["due"], data["stage"]) for data in found}


@transaction.atomic
def _call(delivery: Delivery, *, now: datetime) -> bool:
    """Record one call, unless it was cleared, moved or called for meanwhile."""
    posts = Post.objects.select_for_update(of=("self",), skip_locked=True)
    post = posts.filter(pk=delivery.post_id).first()
    still = looks.heads().filter(pk=delivery.pk, due_at=delivery.due_at)
    if post is None or not looks.lacking(still).exists():
        return False
    mark = _mark(delivery, now)
    if mark in _told([post.pk]):
        return False
    number, due, stage = mark
    record(
        events.LOOK_WANTED,
        events.LookWanted(post=post.pk, delivery=number, due=due, stage=stage),
        actor=SYSTEM,
        subject=post.ref,
        workspace_id=post.workspace_id,
        at=now,
    )
    return True
