"""Making workspaces, bringing people into them, saying who leads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yanzhen.activity.refs import SYSTEM, Ref
from yanzhen.activity.spine import record
from yanzhen.people.actions.keep import ChangedMeanwhile, lock, step
from yanzhen.people.actions.lead import move_lead
from yanzhen.people.events import (
    MEMBER_JOINED,
    WORKSPACE_CHANGED,
    WORKSPACE_CREATED,
    MemberJoined,
    WorkspaceChanged,
    WorkspaceCreated,
)
from yanzhen.people.models import Member, Role, User, Workspace
from yanzhen.people.rights import Actor, Decision, require
from yanzhen.people.roles import SEEDS


@transaction.atomic
def create_workspace(
    *, name: str, slug: str, zone: str, now: datetime, by: Ref = SYSTEM
) -> Workspace:
    """Create a workspace with the seeded roles. ``zone`` is an IANA name, ``now`` aware UTC.

    Asks no right: it is for the command line and the first start.
    """
    workspace = Workspace.objects.create(name=name, slug=slug, zone=zone, created_at=now)
    Role.objects.bulk_create(
        Role(
            workspace=workspace,
            slug=seed.slug,
            granted=sorted(d.value for d in seed.decisions),
            position=position,
        )
        for position, seed in enumerate(SEEDS.values())
    )
    record(
        WORKSPACE_CREATED,
        WorkspaceCreated(name=name),
        actor=by,
        subject=workspace.ref,
        workspace_id=workspace.pk,
        at=now,
    )
    return workspace


@transaction.atomic
def add_member(
    workspace: Workspace,
    user: User,
    *,
    role: str,
    further: Iterable[str] = (),
    now: datetime,
    by: Ref = SYSTEM,
) -> Member:
    """Make ``user`` a member with one primary role and any further ones, by role slug.

    Asks no right: callers are the command line and accept_invitation. Raises Role.DoesNotExist for
    a slug the workspace lacks.
    """
    roles = {r.slug: r for r in workspace.roles.all()}
    missing = {role, *further} - roles.keys()
    if missing:
        raise Role.DoesNotExist(", ".join(sorted(missing)))
    member = Member.objects.create(
        workspace=workspace, user=user, primary_role=roles[role], joined_at=now
    )
    member.further_roles.set([roles[slug] for slug in further])
    record(
        MEMBER_JOINED,
        MemberJoined(role=role),
        actor=by,
        subject=member.ref,
        workspace_id=workspace.pk,
        at=now,
    )
    return member


@transaction.atomic
def change_workspace(
    workspace: Workspace,
    *,
    name: str,
    zone: str,
    alt_required: bool | None = None,
    seen: int,
    by: Actor,
    now: datetime,
) -> Workspace:
    """Set the workspace's name, home zone (IANA), and whether pictures need alt text (None keeps).

    Raises NotAllowed and ChangedMeanwhile.
    """
    require(by, Decision.WORKSPACE_EDIT, workspace_id=workspace.pk)
    lock(workspace.pk)
    step(workspace, seen=seen)
    workspace.name, workspace.zone = name, zone
    if alt_required is not None:
        workspace.alt_required = alt_required
    workspace.save(update_fields=["name", "zone", "alt_required"])
    record(
        WORKSPACE_CHANGED,
        WorkspaceChanged(name=name, zone=zone, alt_required=workspace.alt_required),
        actor=by.ref,
        subject=workspace.ref,
        workspace_id=workspace.pk,
        at=now,
    )
    return workspace


class NotAccepted(Exception):
    """The lead is somebody's, and whom it was meant for has not accepted it."""


@transaction.atomic
def set_lead(
    workspace: Workspace,
    *,
    member: Member | None,
    until: datetime | None,
    seen: int,
    by: Member,
    now: datetime,
) -> Workspace:
    """Name the first to have the lead, until an instant (aware; None: open end), or take it.

    Once somebody has it, it goes to somebody else by a handoff that they accept, so another one
    cannot be named here, nor can it be taken by a right that whoever has it lent. Raises
    NotAllowed, ChangedMeanwhile, NotAccepted, Member.DoesNotExist for somebody who is not an active
    member here, and ValueError for nobody or an end that has passed.
    """
    require(by, Decision.LEAD_SET, workspace_id=workspace.pk)
    fresh = lock(workspace.pk)
    if fresh.lead_id is not None:
        # Who has the lead hands it over; a right they lent is no second pair of eyes on that.
        require(by, Decision.LEAD_SET, workspace_id=workspace.pk, barred={fresh.lead_id})
    if member is None:
        raise ValueError("somebody must have the lead")
    if until is not None and until <= now:
        raise ValueError("the end of the lead has passed")
    if fresh.revision != seen:
        raise ChangedMeanwhile(fresh)
    if fresh.lead_id is not None and member.pk not in (by.pk, fresh.lead_id):
        raise NotAccepted(member.pk)
    return move_lead(workspace, to=member, until=until, by=by.ref, now=now)
