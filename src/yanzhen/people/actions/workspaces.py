"""Making workspaces, bringing people into them, saying who leads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yanzhen.activity.refs import SYSTEM, Ref
from yanzhen.activity.spine import record
from yanzhen.people.actions.keep import lock, step
from yanzhen.people.events import (
    LEAD_ENDED,
    LEAD_SET,
    MEMBER_JOINED,
    WORKSPACE_CHANGED,
    WORKSPACE_CREATED,
    Bare,
    LeadSet,
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


@transaction.atomic
def set_lead(
    workspace: Workspace,
    *,
    member: Member | None,
    until: datetime | None,
    seen: int,
    by: Actor,
    now: datetime,
) -> Workspace:
    """Give the lead to an active member until an instant (aware; None: open end), or to nobody.

    Raises NotAllowed, ChangedMeanwhile, Member.DoesNotExist for somebody who is not an active
    member here, and ValueError for an end that has passed.
    """
    require(by, Decision.LEAD_SET, workspace_id=workspace.pk)
    fresh = lock(workspace.pk)
    if member is not None and (member.workspace_id != workspace.pk or not _active(member)):
        raise Member.DoesNotExist(member.pk)
    if until is not None and until <= now:
        raise ValueError("the end of the lead has passed")
    step(workspace, seen=seen)
    before = fresh.lead
    workspace.lead, workspace.lead_until_at = member, until if member else None
    workspace.save(update_fields=["lead", "lead_until_at"])
    if member is not None:
        record(
            LEAD_SET,
            LeadSet(until=until.isoformat() if until else ""),
            actor=by.ref,
            subject=member.ref,
            workspace_id=workspace.pk,
            at=now,
        )
    elif before is not None:
        record(
            LEAD_ENDED,
            Bare(),
            actor=by.ref,
            subject=before.ref,
            workspace_id=workspace.pk,
            at=now,
        )
    return workspace


def _active(member: Member) -> bool:
    """Tell whether the member is active now, whatever the caller's copy says."""
    return Member.objects.active().filter(pk=member.pk).exists()
