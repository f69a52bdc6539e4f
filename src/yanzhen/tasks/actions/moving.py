"""Moving tasks over the board, deleting them, and bringing them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import Kind, record
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.models import Member
from yanzhen.tasks.actions.asking import require_change
from yanzhen.tasks.actions.repeating import call_off_next, make_next
from yanzhen.tasks.events import (
    ARCHIVED,
    MOVED,
    RESTORED,
    UNBLOCKED,
    TaskAbout,
    TaskMoved,
    TaskPlain,
)
from yanzhen.tasks.models import Column, Need, Task
from yanzhen.tasks.ranks import rank_before, top_rank
from yanzhen.tasks.states import MOVE_TO, OPEN, TASK, TaskState


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move led to. ``over`` is how many more than it should the column holds now."""

    task: Task
    next: Task | None = None
    over: int = 0


class ColumnFull(Exception):
    """The column takes no further task; ``column`` is the one."""

    def __init__(self, column: Column) -> None:
        super().__init__(column.shown_title)
        self.column = column


@transaction.atomic
def move_task(
    task: Task,
    *,
    by: Member,
    column: Column,
    before: Task | None = None,
    on_top: bool = True,
    now: datetime,
) -> Moved:
    """Move a task into a column: above ``before``, else on top or (``on_top`` False) to the end.

    A repeating task that is done brings its next occurrence. Raises NotAllowed, ColumnFull (a
    strict column that holds as many as it may) and MoveRefused (moved or deleted meanwhile).
    """
    require_change(task, by)
    if task.state == TaskState.ARCHIVED:
        raise MoveRefused(task, MOVE_TO[column.state], TaskState.ARCHIVED)
    locked = Column.objects.select_for_update().filter(pk=column.pk).first()
    if locked is None:
        raise MoveRefused(task, MOVE_TO[column.state], task.state)
    # Two who move at once count one after the other.
    column = locked
    enters = column.pk != task.column_id
    if enters and column.strict and _room(column) == 0:
        raise ColumnFull(column)
    if before is not None and (before.column_id != column.pk or before.pk == task.pk):
        before = None
    rank = top_rank(column) if before is None and on_top else rank_before(task, column, before)
    was_title = task.column.shown_title
    was = TASK.apply(
        task, MOVE_TO[column.state], now=now, column_id=column.pk, rank=rank, updated_at=now
    )
    task.column = column
    if enters:
        record(
            MOVED,
            TaskMoved(before=was_title, column=column.shown_title),
            actor=by.ref,
            subject=task.ref,
            workspace_id=task.workspace_id,
            at=now,
        )
    following = settle(task, was, by=by, now=now)
    room = _room(column)
    return Moved(task, following, over=-room if enters and room is not None and room < 0 else 0)


def _room(column: Column) -> int | None:
    """Return how many more the column should hold, below 0 for too many; None for any number."""
    if column.most is None:
        return None
    return column.most - Task.objects.live().filter(column=column).count()


def settle(task: Task, was: str, *, by: Member, now: datetime) -> Task | None:
    """Do what follows from being done, or from not being done any more; return the next one.

    For the caller's transaction, after the machine's move. ``was`` is the state before; ``by`` is
    who makes the next occurrence of a repeating task.
    """
    if task.state == was:
        return None
    if was in OPEN and task.state not in OPEN:
        _unblock(task, now=now)
    if task.state == TaskState.DONE:
        return make_next(task, by=by, now=now)
    if was == TaskState.DONE:
        call_off_next(task, by=by, now=now)
    return None


def _unblock(done: Task, *, now: datetime) -> None:
    """Say of each task that waited for this one alone that it can go on."""
    waited = Task.objects.open().filter(needs__on=done)
    stuck = Need.objects.open().filter(task__in=waited).values("task_id")
    for task in waited.exclude(pk__in=stuck).order_by("pk"):
        record(
            UNBLOCKED,
            TaskAbout(what=done.title),
            actor=done.ref,
            subject=task.ref,
            workspace_id=task.workspace_id,
            at=now,
        )


@transaction.atomic
def archive_task(task: Task, *, by: Member, now: datetime) -> Task:
    """Delete a task: it leaves every list and can be brought back.

    Raises NotAllowed and MoveRefused.
    """
    require_change(task, by)
    was = TASK.apply(task, "archive", now=now, updated_at=now)
    _said(ARCHIVED, task, by=by, now=now)
    if was in OPEN:
        _unblock(task, now=now)
    return task


@transaction.atomic
def restore_task(task: Task, *, by: Member, now: datetime) -> Task:
    """Bring a deleted task back to the column it was in. Raises NotAllowed and MoveRefused."""
    require_change(task, by)
    if task.state != TaskState.ARCHIVED:
        raise MoveRefused(task, "restore", task.state)
    TASK.apply(task, MOVE_TO[task.column.state], now=now, updated_at=now)
    _said(RESTORED, task, by=by, now=now)
    return task


def _said(kind: Kind, task: Task, *, by: Member, now: datetime) -> None:
    record(
        kind,
        TaskPlain(due=task.due_wall),
        actor=by.ref,
        subject=task.ref,
        workspace_id=task.workspace_id,
        at=now,
    )
