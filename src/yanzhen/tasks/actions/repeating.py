"""Tasks that come back: the next occurrence is made when this one is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from yanzhen.activity.spine import record
from yanzhen.kernel.wall_time import GapTime, zone_named
from yanzhen.people.models import Member
from yanzhen.planning.recurrence import next_that_exists
from yanzhen.tasks.actions.making import Wish, write_task
from yanzhen.tasks.due import Due, late_from, next_day, read_due
from yanzhen.tasks.events import ARCHIVED, RESTORED, TaskPlain
from yanzhen.tasks.models import Column, Item, PostLink, Task
from yanzhen.tasks.states import MOVE_TO, TASK, TaskState


def make_next(task: Task, *, by: Member, now: datetime) -> Task | None:
    """Make the next occurrence of a task that is done; None when it does not repeat.

    Asks no right. Days that have passed meanwhile are skipped. It takes the words, the checklist
    unticked and the labels along. A task done twice still has one next; what was called off comes
    back.
    """
    if not task.repeat_step:
        return None
    known = Task.objects.filter(made_from=task).select_related("column").first()
    if known is not None:
        return _bring_back(known, by=by, now=now)
    due = _next_due(task, now=now)
    # Who has left the team is given nothing further.
    assignee = task.assignee if task.assignee and task.assignee.active else None
    following = write_task(
        by,
        wish=Wish(
            title=task.title,
            notes=task.notes,
            assignee=assignee,
            due=due,
            labels=[label.name for label in task.labels.all()],
            repeat_step=task.repeat_step,
            repeat_every=task.repeat_every,
        ),
        source="repeat",
        made_from=task,
        column=Column.objects.filter(workspace_id=task.workspace_id, state=TaskState.TODO)
        .in_order()
        .first(),
        now=now,
    )
    Task.objects.filter(pk=following.pk).update(repeat_day=task.repeat_day, author=task.author_id)
    following.refresh_from_db()
    Item.objects.bulk_create(
        Item(task=following, text=item.text, position=item.position) for item in task.items.all()
    )
    return following


def _next_due(task: Task, *, now: datetime) -> Due:
    due = read_due(task.due_wall, task.due_zone, task.due_fold)
    if due is None:
        raise ValueError("a task that repeats has a due date")  # held by a constraint
    today = now.astimezone(zone_named(due.zone)).date()
    day = next_day(
        due.day,
        step=task.repeat_step,
        every=task.repeat_every,
        month_day=task.repeat_day,
        after=today,
    )
    found = replace(due, day=day)
    try:
        late_from(found)
    except GapTime as gap:
        hour = next_that_exists(gap.wall, due.zone).time()
        return replace(found, hour=hour)
    return found


def _bring_back(known: Task, *, by: Member, now: datetime) -> Task | None:
    if known.state != TaskState.ARCHIVED:
        return None
    TASK.apply(known, MOVE_TO[known.column.state], now=now, updated_at=now)
    record(
        RESTORED,
        TaskPlain(due=known.due_wall),
        actor=by.ref,
        subject=known.ref,
        workspace_id=known.workspace_id,
        at=now,
    )
    return known


def call_off_next(task: Task, *, by: Member, now: datetime) -> None:
    """Delete the next occurrence of a task that is not done after all, if nobody touched it."""
    untouched = Task.objects.filter(made_from=task, state=TaskState.TODO, revision=1)
    following = untouched.first()
    if following is None or PostLink.objects.filter(task=following).exists():
        return
    TASK.apply(following, "archive", now=now, updated_at=now)
    record(
        ARCHIVED,
        TaskPlain(due=following.due_wall),
        actor=by.ref,
        subject=following.ref,
        workspace_id=following.workspace_id,
        at=now,
    )
