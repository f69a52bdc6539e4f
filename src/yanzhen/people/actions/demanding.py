"""Saying who must sign in with more than a password."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.people.actions.keep import lock, step
from yanzhen.people.events import SECOND_FACTOR_ASKED, SecondFactorAsked
from yanzhen.people.models import Role, Workspace
from yanzhen.people.rights import Actor, Decision, require


@transaction.atomic
def demand_second_factor(
    workspace: Workspace,
    *,
    everybody: bool,
    roles: Collection[Role],
    seen: int,
    by: Actor,
    now: datetime,
) -> Workspace:
    """Ask a second factor of everybody, or of whoever holds one of ``roles``; of nobody else.

    ``seen`` is the workspace's revision the caller's page showed. Raises NotAllowed,
    ChangedMeanwhile, and Role.DoesNotExist for another workspace's role.
    """
    require(by, Decision.WORKSPACE_EDIT, workspace_id=workspace.pk)
    lock(workspace.pk)
    for role in roles:
        if role.workspace_id != workspace.pk:
            raise Role.DoesNotExist(role.slug)
    step(workspace, seen=seen)
    workspace.second_factor = everybody
    workspace.save(update_fields=["second_factor"])
    own = Role.objects.filter(workspace=workspace)
    chosen = [role.pk for role in roles]
    own.filter(pk__in=chosen).update(second_factor=True)
    own.exclude(pk__in=chosen).update(second_factor=False)
    record(
        SECOND_FACTOR_ASKED,
        SecondFactorAsked(everybody=everybody, roles=sorted(role.slug for role in roles)),
        actor=by.ref,
        subject=workspace.ref,
        workspace_id=workspace.pk,
        at=now,
    )
    return workspace
