"""Events to tell of, made by a real action."""

from __future__ import annotations

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.notify.actions.telling import tell
from yanzhen.people.events import WORKSPACE_CHANGED, WorkspaceChanged
from yanzhen.people.tests.cast import NOW


def happen(cast, name="Ferrow", *, workspace=None, at=NOW):
    """Record one event about the workspace, in the caller's transaction."""
    workspace = workspace or cast.workspace
    return record(
        WORKSPACE_CHANGED,
        WorkspaceChanged(name=name, zone="UTC"),
        actor=cast.admin.ref,
        subject=workspace.ref,
        workspace_id=workspace.pk,
        at=at,
    )


@transaction.atomic
def told(cast, *members, name="Ferrow", url="/posts/", urgent=False, at=NOW):
    """Let something happen and tell these members; returns the event."""
    event = happen(cast, name, at=at)
    tell(event, members=members, url=url, urgent=urgent)
    return event
