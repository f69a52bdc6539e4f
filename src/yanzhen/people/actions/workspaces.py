"""Making workspaces and bringing people into them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yanzhen.activity.refs import SYSTEM, Ref
from yanzhen.activity.spine import record
from yanzhen.people.events import (
    MEMBER_JOINED,
    WORKSPACE_CREATED,
    MemberJoined,
    WorkspaceCreated,
)
from yanzhen.people.models import Member, Role, User, Workspace
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
