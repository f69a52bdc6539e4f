"""Resolving a discussion, and opening it again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import Kind, record
from yanzhen.discussion.actions.talking import require_sight
from yanzhen.discussion.events import REOPENED, RESOLVED, Settled
from yanzhen.discussion.models import Thread
from yanzhen.discussion.states import DISCUSSION
from yanzhen.people.models import Member


def _move(thread: Thread, move: str, kind: Kind, *, by: Member, now: datetime) -> None:
    require_sight(by, thread.post)
    DISCUSSION.apply(thread, move, now=now, moved_by=by)
    record(
        kind,
        Settled(thread=thread.pk),
        actor=by.ref,
        subject=thread.post.ref,
        workspace_id=thread.workspace_id,
        at=now,
    )


@transaction.atomic
def resolve_thread(thread: Thread, *, by: Member, now: datetime) -> None:
    """Say that a discussion asks nothing any more. Raises NotAllowed and MoveRefused."""
    _move(thread, "resolve", RESOLVED, by=by, now=now)


@transaction.atomic
def reopen_thread(thread: Thread, *, by: Member, now: datetime) -> None:
    """Open a resolved discussion again. Raises NotAllowed and MoveRefused."""
    _move(thread, "reopen", REOPENED, by=by, now=now)
