"""The columns of a board: what a new workspace starts with, and what it makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, require
from yanzhen.tasks.events import COLUMNS_CHANGED, ColumnsChanged
from yanzhen.tasks.models import Column, Task
from yanzhen.tasks.states import COLUMN_STATES, TaskState

MOST_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class ColumnWish:
    """One column as a member wants it. ``pk`` is None for a new one; ``state`` counts only then."""

    pk: int | None
    title: str
    state: str
    most: int | None
    strict: bool


class BadColumns(Exception):
    """The columns asked for cannot be.

    ``why`` is a stable word: needs_todo, needs_done, too_many, not_empty or changed. ``column`` is
    the title of the one that is not empty.
    """

    def __init__(self, why: str, column: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.column = column


def seed_columns(workspace: Workspace) -> None:
    """Give a new workspace its four columns; for the caller's transaction."""
    Column.objects.bulk_create(
        Column(workspace=workspace, state=state, position=position)
        for position, state in enumerate(COLUMN_STATES)
    )


@transaction.atomic
def set_columns(by: Member, *, wishes: Sequence[ColumnWish], now: datetime) -> None:
    """Arrange the workspace's columns as wished, in that order; those left out go.

    A column that goes holds no task; deleted tasks in it come back into another one. Raises
    NotAllowed, BadColumns and TextRefused.
    """
    require(by, Decision.TASK_DIRECT, workspace_id=by.workspace_id)
    held = Column.objects.select_for_update().filter(workspace_id=by.workspace_id)
    known = {column.pk: column for column in held.order_by("pk")}
    _check(wishes, known)
    kept = [
        _keep(known.get(wish.pk or 0), wish, position, by.workspace_id)
        for position, wish in enumerate(wishes)
    ]
    for pk, column in known.items():
        if pk not in {each.pk for each in kept}:
            _remove(column, kept)
    record(
        COLUMNS_CHANGED,
        ColumnsChanged(columns=[column.shown_title for column in kept]),
        actor=by.ref,
        subject=by.workspace.ref,
        workspace_id=by.workspace_id,
        at=now,
    )


def _check(wishes: Sequence[ColumnWish], known: dict[int, Column]) -> None:
    if any(wish.pk is not None and wish.pk not in known for wish in wishes):
        raise BadColumns("changed")
    if len(wishes) > MOST_COLUMNS:
        raise BadColumns("too_many")
    states = {known[wish.pk].state if wish.pk else wish.state for wish in wishes}
    for state in (TaskState.TODO, TaskState.DONE):
        if state not in states:
            raise BadColumns(f"needs_{state}")


def _keep(column: Column | None, wish: ColumnWish, position: int, workspace_id: int) -> Column:
    column = column or Column(workspace_id=workspace_id, state=wish.state)
    title = " ".join(clean_text(wish.title).split())
    # The state's own word, typed or left, keeps following the reader's language.
    column.title = "" if title == str(TaskState(column.state).label) else title
    column.position, column.most, column.strict = position, wish.most, wish.strict
    column.save()
    return column


def _remove(column: Column, kept: Sequence[Column]) -> None:
    if Task.objects.live().filter(column=column).exists():
        raise BadColumns("not_empty", column.shown_title)
    home = next((each for each in kept if each.state == column.state), kept[0])
    Task.objects.filter(column=column).update(column=home)
    column.delete()
