"""Letting another member decide for a while, and ending that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Q

from yanzhen.activity.spine import record
from yanzhen.kernel.text import clean_text
from yanzhen.people.actions.keep import lock
from yanzhen.people.events import DELEGATED, DELEGATION_ENDED, Delegated, DelegationEnded
from yanzhen.people.grants import held_somewhere
from yanzhen.people.models import LONGEST, Delegation, Member
from yanzhen.people.rights import DUTIES, LENDABLE, Actor, Decision, require


class CannotLend(ValueError):
    """The delegation asked for cannot be.

    ``why``: nothing (no decision chosen), other (the receiver is the giver, or no active member
    here), past (it is over before it begins), long (more than a month), or right, with the
    ``decisions`` that the giver's own roles do not carry or that nobody may lend.
    """

    def __init__(self, why: str, decisions: Sequence[Decision] = ()) -> None:
        super().__init__(why)
        self.why = why
        self.decisions = decisions


class DelegationOver(Exception):
    """It has ended already."""


def lendable_of(giver: Member) -> list[Decision]:
    """Return what the member could let another decide, in the order of the table.

    Only what their own roles carry: what was lent to them they cannot lend on.
    """
    own = held_somewhere(giver.grants)
    return [d for d in DUTIES if d.value in LENDABLE & own]


@transaction.atomic
def delegate(
    giver: Member,
    *,
    receiver: Member,
    decisions: Iterable[Decision],
    starts_at: datetime | None = None,
    ends_at: datetime,
    reason: str = "",
    by: Member,
    now: datetime,
) -> Delegation:
    """Let ``receiver`` decide for ``giver`` from ``starts_at`` (None: at once) until ``ends_at``.

    Both moments are aware. Asked by the giver, or by whoever may give members their roles. Raises
    NotAllowed, CannotLend and TextRefused.
    """
    if by.pk != giver.pk or not by.active:
        require(by, Decision.MEMBER_ROLES, workspace_id=giver.workspace_id)
    lock(giver.workspace_id)
    wanted, start = [Decision(d) for d in decisions], starts_at or now
    fresh = Member.objects.with_roles().get(pk=giver.pk)
    _check(fresh, receiver, wanted, start, ends_at, now=now)
    made = Delegation.objects.create(
        workspace_id=giver.workspace_id,
        giver=fresh,
        receiver=receiver,
        decisions=[d.value for d in DUTIES if d in wanted],
        reason=clean_text(reason).strip(),
        starts_at=max(start, now),
        ends_at=ends_at,
        made_at=now,
        begun_at=now if start <= now else None,
    )
    record(
        DELEGATED,
        Delegated(
            delegation=made.pk,
            giver=fresh.name,
            giver_id=fresh.pk,
            receiver=receiver.name,
            receiver_id=receiver.pk,
            decisions=made.decisions,
            until=f"{ends_at.astimezone(UTC):%Y-%m-%d %H:%M}",
            starts=made.starts_at.isoformat(),
            ends=ends_at.isoformat(),
            reason=made.reason,
        ),
        actor=by.ref,
        subject=fresh.ref,
        workspace_id=giver.workspace_id,
        at=now,
    )
    return made


def _check(
    giver: Member,
    receiver: Member,
    wanted: Sequence[Decision],
    start: datetime,
    end: datetime,
    *,
    now: datetime,
) -> None:
    if not wanted:
        raise CannotLend("nothing")
    here = Member.objects.active().filter(workspace_id=giver.workspace_id)
    if receiver.pk == giver.pk or not here.filter(pk=receiver.pk).exists():
        raise CannotLend("other")
    if end <= max(start, now):
        raise CannotLend("past")
    if end - max(start, now) > LONGEST or start - now > LONGEST:
        raise CannotLend("long")
    able = set(lendable_of(giver))
    beyond = [d for d in wanted if d not in able]
    if beyond:
        raise CannotLend("right", beyond)


@transaction.atomic
def end_delegation(delegation: Delegation, *, by: Member, now: datetime) -> Delegation:
    """End a delegation before its time: either of the two, or whoever may give members roles.

    Raises NotAllowed and DelegationOver.
    """
    if by.pk not in (delegation.giver_id, delegation.receiver_id):
        require(by, Decision.MEMBER_ROLES, workspace_id=delegation.workspace_id)
    lock(delegation.workspace_id)
    found = Delegation.objects.with_people().get(pk=delegation.pk)
    if found.ended_at is not None or found.ends_at <= now:
        raise DelegationOver
    return _end(found, by=by, now=now)


def end_delegations_of(member: Member, *, by: Actor, now: datetime) -> None:
    """End what a member who leaves lent or was lent; for the caller's transaction, which asked."""
    theirs = Delegation.objects.not_over(now=now).filter(Q(giver=member) | Q(receiver=member))
    for each in theirs.with_people().order_by("pk"):
        _end(each, by=by, now=now)


def _end(delegation: Delegation, *, by: Actor, now: datetime) -> Delegation:
    delegation.ended_at = now
    delegation.save(update_fields=["ended_at"])
    record(
        DELEGATION_ENDED,
        DelegationEnded(
            delegation=delegation.pk,
            giver=delegation.giver.name,
            giver_id=delegation.giver_id,
            receiver=delegation.receiver.name,
            receiver_id=delegation.receiver_id,
        ),
        actor=by.ref,
        subject=delegation.giver.ref,
        workspace_id=delegation.workspace_id,
        at=now,
    )
    return delegation
