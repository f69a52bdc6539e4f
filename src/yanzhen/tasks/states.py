"""Where a task stands. Its column says which of these it means."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.machine import Machine, Move


class TaskState(models.TextChoices):
    """What a task is in, whatever the workspace calls the column."""

    TODO = "todo", pgettext_lazy("task", "To do")
    DOING = "doing", pgettext_lazy("task", "Doing")
    WAITING = "waiting", pgettext_lazy("task", "Waiting")
    DONE = "done", pgettext_lazy("task", "Done")
    ARCHIVED = "archived", pgettext_lazy("task", "Deleted")


S = TaskState
#: On the board.
LIVE = frozenset({S.TODO, S.DOING, S.WAITING, S.DONE})
#: Still to be done.
OPEN = frozenset({S.TODO, S.DOING, S.WAITING})
#: What a column can mean, in the order of the default board.
COLUMN_STATES = (S.TODO, S.DOING, S.WAITING, S.DONE)

# A task goes from any column to any other, and into another column of the same meaning; what was
# deleted comes back to the column it was in.
TASK = Machine(
    initial=S.TODO,
    terminal=frozenset(),
    moves={
        "queue": Move(LIVE | {S.ARCHIVED}, S.TODO),
        "start": Move(LIVE | {S.ARCHIVED}, S.DOING),
        "wait": Move(LIVE | {S.ARCHIVED}, S.WAITING),
        "finish": Move(LIVE | {S.ARCHIVED}, S.DONE),
        "archive": Move(LIVE, S.ARCHIVED),
    },
)
#: The move that leads into a column of that meaning.
MOVE_TO: Mapping[str, str] = {
    S.TODO: "queue",
    S.DOING: "start",
    S.WAITING: "wait",
    S.DONE: "finish",
}
