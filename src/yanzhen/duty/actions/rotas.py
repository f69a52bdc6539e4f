"""The rota itself and its settings."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.duty.actions.laying import lay, lock
from yanzhen.duty.events import ROTA_CHANGED, ROTA_OPENED, Bare, RotaChanged
from yanzhen.duty.models import Rota
from yanzhen.people.models import Member, Role, Workspace
from yanzhen.people.rights import Decision, require


@transaction.atomic
def open_rota(workspace: Workspace, *, by: Member, now: datetime) -> Rota:
    """Give the workspace its rota, still without layers, or return the one it has.

    Raises NotAllowed.
    """
    require(by, Decision.DUTY_KEEP, workspace_id=workspace.pk)
    rota, made = Rota.objects.get_or_create(
        workspace=workspace, defaults={"settled_at": now, "laid_until_at": now}
    )
    if made:
        record(
            ROTA_OPENED,
            Bare(),
            actor=by.ref,
            subject=workspace.ref,
            workspace_id=workspace.pk,
            at=now,
        )
        lay(lock(rota.pk), by=by.ref, now=now)
    return lock(rota.pk)


@transaction.atomic
def set_rota(rota: Rota, *, role: Role | None, always: bool, by: Member, now: datetime) -> Rota:
    """Say who may be on duty (a role; None: every active member) and whether round the clock.

    Raises NotAllowed, and Role.DoesNotExist for a role of another workspace.
    """
    require(by, Decision.DUTY_KEEP, workspace_id=rota.workspace_id)
    rota = lock(rota.pk)
    if role is not None and role.workspace_id != rota.workspace_id:
        raise Role.DoesNotExist(role.pk)
    rota.role, rota.always = role, always
    rota.save(update_fields=["role", "always"])
    record(
        ROTA_CHANGED,
        RotaChanged(role=role.shown_title if role else "", always=always),
        actor=by.ref,
        subject=rota.workspace.ref,
        workspace_id=rota.workspace_id,
        at=now,
    )
    lay(rota, by=by.ref, now=now)
    return rota
