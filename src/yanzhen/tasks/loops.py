"""The loop that reminds."""

from __future__ import annotations

from datetime import datetime

from yanzhen.jobs.registry import Loop, register
from yanzhen.tasks.actions.reminding import due_reminders, remind

BATCH = 100


def remind_assignees(now: datetime) -> int:
    """Tell assignees what is due at ``now`` (the database's clock); return how many reminders."""
    return sum(remind(task, now=now) for task in due_reminders(now)[:BATCH])


register(Loop("tasks.remind", remind_assignees, every_seconds=30))
