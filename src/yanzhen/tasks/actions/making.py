"""Making tasks and changing what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.discussion.models import Comment
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, NotAllowed
from yanzhen.planning.models import Post
from yanzhen.tasks.actions.asking import require_change, require_member
from yanzhen.tasks.due import Due, late_from, next_reminder
from yanzhen.tasks.events import (
    ASSIGNED,
    CHANGED,
    CREATED,
    UNASSIGNED,
    TaskAssigned,
    TaskChanged,
    TaskCreated,
)
from yanzhen.tasks.models import LABEL_LENGTH, Column, Label, PostLink, Task
from yanzhen.tasks.ranks import top_rank
from yanzhen.tasks.states import MOVE_TO, TASK

MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Wish:
    """What a task shall say. ``labels`` are words; ``due`` None is no due date."""

    title: str
    notes: str = ""
    assignee: Member | None = None
    due: Due | None = None
    labels: Sequence[str] = ()
    repeat_step: str = ""
    repeat_every: int = 1


class TaskChangedMeanwhile(Exception):
    """Somebody else saved the task since this copy was read."""


class NoDayToRepeat(Exception):
    """A task that repeats needs a due date to count from."""


def due_columns(due: Due | None, *, now: datetime) -> dict[str, Any]:
    """Return the columns of a due date. Raises GapTime, FoldTime and UnknownZone."""
    if due is None:
        return {
            "due_wall": "",
            "due_zone": "",
            "due_fold": 0,
            "due_tzdata": "",
            "due_at": None,
            "reminder": "",
            "remind_at": None,
        }
    at, fold, tzdata = late_from(due)
    reminder, remind_at = next_reminder(due, at, after=now)
    return {
        "due_wall": due.wall,
        "due_zone": due.zone,
        "due_fold": fold,
        "due_tzdata": tzdata,
        "due_at": at,
        "reminder": reminder,
        "remind_at": remind_at,
    }


def _said(wish: Wish, *, now: datetime) -> dict[str, Any]:
    """Return the columns of a wish."""
    if wish.repeat_step and wish.due is None:
        raise NoDayToRepeat
    return {
        "title": " ".join(clean_text(wish.title).split()),
        "notes": clean_text(wish.notes).strip(),
        "assignee": wish.assignee,
        "repeat_step": wish.repeat_step,
        "repeat_every": wish.repeat_every,
        "repeat_day": wish.due.day.day if wish.due and wish.repeat_step else 0,
        **due_columns(wish.due, now=now),
    }


@transaction.atomic
def create_task(
    by: Member,
    *,
    wish: Wish,
    column: Column | None = None,
    post: Post | None = None,
    comment: Comment | None = None,
    source: str = "hand",
    now: datetime,
) -> Task:
    """Make a task, on top of ``column`` or of the workspace's first; every member may.

    A task about a ``post`` follows it by the default rules. Raises NotAllowed (elsewhere, also for
    anything of another workspace), NoDayToRepeat, GapTime, FoldTime, UnknownZone and TextRefused.
    """
    require_member(by, by.workspace_id)
    _same_workspace(by.workspace_id, wish.assignee, column, post, comment and comment.thread)
    return write_task(
        by, wish=wish, column=column, post=post, comment=comment, source=source, now=now
    )


def write_task(
    by: Member,
    *,
    wish: Wish,
    column: Column | None = None,
    post: Post | None = None,
    comment: Comment | None = None,
    source: str,
    made_from: Task | None = None,
    now: datetime,
) -> Task:
    """Make a task without asking a right; for the transaction of another action of this room."""
    column = column or Column.objects.filter(workspace_id=by.workspace_id).in_order()[0]
    task = Task.objects.create(
        workspace_id=by.workspace_id,
        column=column,
        rank=top_rank(column),
        author=by,
        comment=comment,
        made_from=made_from,
        state=TASK.initial,
        state_since_at=now,
        created_at=now,
        updated_at=now,
        **_said(wish, now=now),
    )
    if column.state != TASK.initial:
        TASK.apply(task, MOVE_TO[column.state], now=now)
    set_labels(task, wish.labels)
    if post is not None:
        PostLink.objects.create(task=task, post=post)
    record(
        CREATED,
        TaskCreated(column=column.shown_title, source=source),
        actor=by.ref,
        subject=task.ref,
        workspace_id=task.workspace_id,
        at=now,
    )
    _tell_assigned(task, None, by=by, now=now)
    return task


def _same_workspace(workspace_id: int, *rows: Any) -> None:
    if any(row is not None and row.workspace_id != workspace_id for row in rows):
        raise NotAllowed(Decision.TASK_DIRECT, "elsewhere")


@transaction.atomic
def change_task(task: Task, *, by: Member, wish: Wish, revision: int, now: datetime) -> Task:
    """Let the task say what is wished. ``revision`` is that of the copy the member saw.

    Raises NotAllowed, TaskChangedMeanwhile, NoDayToRepeat, GapTime, FoldTime, UnknownZone and
    TextRefused.
    """
    require_change(task, by)
    _same_workspace(task.workspace_id, wish.assignee)
    was = task.assignee
    writes = _said(wish, now=now)
    if writes["due_wall"] == task.due_wall and writes["due_zone"] == task.due_zone:
        # An edit of something else tells nobody once more that it is due.
        del writes["reminder"], writes["remind_at"]
        writes["repeat_day"] = task.repeat_day or writes["repeat_day"]
    changed = [name for name, value in writes.items() if getattr(task, name) != value]
    rows = Task.objects.live().filter(pk=task.pk, revision=revision)
    if not rows.update(**writes, revision=revision + 1, updated_at=now):
        raise TaskChangedMeanwhile
    before = sorted(label.name for label in task.labels.all())
    if set_labels(task, wish.labels) != before:
        changed.append("labels")
    task.refresh_from_db()
    said = [name for name in changed if name != "assignee"]
    if said:
        record(
            CHANGED,
            TaskChanged(fields=said),
            actor=by.ref,
            subject=task.ref,
            workspace_id=task.workspace_id,
            at=now,
        )
    _tell_assigned(task, was, by=by, now=now)
    return task


def _tell_assigned(task: Task, was: Member | None, *, by: Member, now: datetime) -> None:
    if task.assignee_id == (was.pk if was else None):
        return
    record(
        ASSIGNED if task.assignee else UNASSIGNED,
        TaskAssigned(
            before=was.name if was else "",
            assignee=task.assignee.name if task.assignee else "",
            number=task.assignee_id or 0,
        ),
        actor=by.ref,
        subject=task.ref,
        workspace_id=task.workspace_id,
        at=now,
    )


def set_labels(task: Task, words: Sequence[str]) -> list[str]:
    """Give the task these labels, new ones made; for the caller's transaction. Return the names.

    Words that differ only in case are one label, spelled as it was first.
    """
    known = {
        label.name.casefold(): label
        for label in Label.objects.filter(workspace_id=task.workspace_id)
    }
    wanted = []
    for word in dict.fromkeys(" ".join(clean_text(word).split()) for word in words):
        if not word:
            continue
        key = word[:LABEL_LENGTH].casefold()
        if key not in known:
            known[key], _made = Label.objects.get_or_create(
                workspace_id=task.workspace_id, name=word[:LABEL_LENGTH]
            )
        wanted.append(known[key])
    task.labels.set(wanted[:MOST_LABELS])
    return sorted(label.name for label in wanted[:MOST_LABELS])
