"""Changing what a role is for and what it may decide."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.people.actions.keep import keep_keys, lock, step
from yanzhen.people.events import ROLE_EDITED, RoleEdited
from yanzhen.people.models import Role
from yanzhen.people.rights import Actor, Decision, require


@transaction.atomic
def edit_role(
    role: Role,
    *,
    title: str,
    mission: str,
    decisions: Iterable[Decision],
    seen: int,
    by: Actor,
    now: datetime,
) -> Role:
    """Set a role's own title and mission ("" for the standard words) and what it may decide.

    ``seen`` is the revision the caller's page showed. Decisions that this build does not know stay.
    Raises NotAllowed, ChangedMeanwhile and LastHolder.
    """
    require(by, Decision.ROLE_EDIT, workspace_id=role.workspace_id)
    lock(role.workspace_id)
    step(role, seen=seen)
    before, known = set(role.granted), {d.value for d in Decision}
    after = {Decision(d).value for d in decisions} | (before - known)
    reworded = (role.title, role.mission) != (title, mission)

    def change() -> None:
        role.title, role.mission, role.granted = title, mission, sorted(after)
        role.save(update_fields=["title", "mission", "granted"])

    keep_keys(role.workspace_id, change)
    record(
        ROLE_EDITED,
        RoleEdited(given=sorted(after - before), taken=sorted(before - after), reworded=reworded),
        actor=by.ref,
        subject=role.ref,
        workspace_id=role.workspace_id,
        at=now,
    )
    return role
