"""Reminding assignees of what is due: once for each step, by the database's clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import SYSTEM, Kind, record
from yanzhen.tasks.due import Reminder, next_reminder, read_due, reminders_of
from yanzhen.tasks.events import DUE, OVERDUE, SOON, TaskPlain
from yanzhen.tasks.models import Task, TaskQuerySet
from yanzhen.tasks.states import OPEN

KINDS: Mapping[Reminder, Kind] = {
    Reminder.SOON: SOON,
    Reminder.DUE: DUE,
    Reminder.OVERDUE: OVERDUE,
}


def due_reminders(now: datetime) -> TaskQuerySet:
    """Return the tasks whose reminder has come, the earliest first."""
    return Task.objects.filter(remind_at__lte=now).order_by("remind_at", "pk")


@transaction.atomic
def remind(task: Task, *, now: datetime) -> bool:
    """Record the reminder that has come and note the next one; False when there was none to tell.

    After a pause of the worker only the latest is told. Safe to run twice: the row is claimed by
    what it says. Tasks that are done, deleted or nobody's are passed over in silence.
    """
    due = read_due(task.due_wall, task.due_zone, task.due_fold)
    if due is None or task.due_at is None or task.remind_at is None:
        return False
    kind, at = next_reminder(due, task.due_at, after=now)
    rows = Task.objects.filter(pk=task.pk, reminder=task.reminder, remind_at=task.remind_at)
    if not rows.update(reminder=kind, remind_at=at):
        return False
    if task.state not in OPEN or task.assignee_id is None:
        return False
    passed = [each for each, moment in reminders_of(due, task.due_at) if moment <= now]
    record(
        KINDS[passed[-1]],
        TaskPlain(due=task.due_wall.replace("T", " ")),
        actor=SYSTEM,
        subject=task.ref,
        workspace_id=task.workspace_id,
        at=now,
    )
    return True
