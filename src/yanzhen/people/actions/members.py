"""Giving members their roles, letting them go and bringing them back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.people.actions.delegations import end_delegations_of
from yanzhen.people.actions.keep import keep_keys, lock, step
from yanzhen.people.actions.sessions import end_sessions_in
from yanzhen.people.events import (
    MEMBER_LEFT,
    MEMBER_RETURNED,
    ROLES_CHANGED,
    Bare,
    RolesChanged,
)
from yanzhen.people.models import Member, Role
from yanzhen.people.rights import Actor, Decision, require


def require_reach(by: Actor, granted: Iterable[str], *, workspace_id: int) -> None:
    """Require MEMBER_INVITE, and MEMBER_ROLES for somebody who may decide more than the actor.

    Without the second, whoever may invite could make themselves an administrator by a detour.
    What was lent to the actor does not count: it ends, and the new member stays. Raises NotAllowed.
    """
    require(by, Decision.MEMBER_INVITE, workspace_id=workspace_id)
    if not set(granted) <= by.own_decisions():
        require(by, Decision.MEMBER_ROLES, workspace_id=workspace_id)


def _own(role: Role, member: Member) -> Role:
    if role.workspace_id != member.workspace_id or role.retired_at is not None:
        raise Role.DoesNotExist(role.slug)
    return role


@transaction.atomic
def change_roles(
    member: Member,
    *,
    primary: Role,
    further: Iterable[Role],
    seen: int,
    by: Actor,
    now: datetime,
) -> Member:
    """Give ``member`` exactly these roles. ``seen`` is the revision the caller's page showed.

    Raises NotAllowed, ChangedMeanwhile, LastHolder, and Role.DoesNotExist for another
    workspace's role.
    """
    require(by, Decision.MEMBER_ROLES, workspace_id=member.workspace_id)
    lock(member.workspace_id)
    more = [_own(role, member) for role in further if role.pk != primary.pk]
    before = [role.slug for role in member.roles]
    step(member, seen=seen)

    def give() -> None:
        member.primary_role = _own(primary, member)
        member.save(update_fields=["primary_role"])
        member.further_roles.set(more)

    keep_keys(member.workspace_id, give)
    after = [primary.slug, *(role.slug for role in more)]
    record(
        ROLES_CHANGED,
        RolesChanged(before=before, after=after),
        actor=by.ref,
        subject=member.ref,
        workspace_id=member.workspace_id,
        at=now,
    )
    return Member.objects.with_roles().get(pk=member.pk)


@transaction.atomic
def deactivate_member(member: Member, *, seen: int, by: Actor, now: datetime) -> Member:
    """Let a member go: no way in from now, their sessions here ended, what was lent freed.

    What they wrote and decided stays under their name. Who had the lead hands it on by leaving:
    see handoff's subscribers. Raises NotAllowed, ChangedMeanwhile and
    LastHolder.
    """
    require_reach(by, _granted(member), workspace_id=member.workspace_id)
    lock(member.workspace_id)
    step(member, seen=seen)

    def leave() -> None:
        member.active, member.left_at = False, now
        member.save(update_fields=["active", "left_at"])

    keep_keys(member.workspace_id, leave)
    end_sessions_in(member)
    end_delegations_of(member, by=by, now=now)
    record(
        MEMBER_LEFT,
        Bare(),
        actor=by.ref,
        subject=member.ref,
        workspace_id=member.workspace_id,
        at=now,
    )
    return member


@transaction.atomic
def reactivate_member(member: Member, *, seen: int, by: Actor, now: datetime) -> Member:
    """Bring a former member back with the roles they had. Raises NotAllowed, ChangedMeanwhile."""
    require_reach(by, _granted(member), workspace_id=member.workspace_id)
    lock(member.workspace_id)
    step(member, seen=seen)
    member.active, member.left_at = True, None
    member.save(update_fields=["active", "left_at"])
    record(
        MEMBER_RETURNED,
        Bare(),
        actor=by.ref,
        subject=member.ref,
        workspace_id=member.workspace_id,
        at=now,
    )
    return member


def _granted(member: Member) -> set[str]:
    """Return what the member's roles carry, whether or not they are active."""
    return {slug for role in member.roles for slug in role.granted}
