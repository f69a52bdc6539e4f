"""What the pages of tasks say when something went well, and when it could not be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yanzhen.kernel.clock import now
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.text import TextRefused
from yanzhen.people.models import Member
from yanzhen.tasks.actions.moving import ColumnFull, Moved
from yanzhen.tasks.models import Task
from yanzhen.tasks.queries import blockers_of
from yanzhen.tasks.states import TaskState
from yanzhen.tasks.words import due_words

MOST_DIGITS = 12


class Stays(Exception):
    """Nothing was changed. The words say why; ``status`` is the answer's."""

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.status = status


def whole(sent: str) -> int:
    """Read a number of a row or a revision out of an address or a form; 0 for anything else."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= MOST_DIGITS else 0


def task_for(member: Member, pk: int) -> Task:
    """Return the member's task with its names, deleted ones too, or raise Http404."""
    rows = Task.objects.visible_to(member).select_related("author__user")
    return get_object_or_404(rows.with_names(), pk=pk)


@contextmanager
def stays(task: Task) -> Iterator[None]:
    """Turn what is refused into words for a toast; NotAllowed passes, the frame answers it."""
    words = {"title": task.title}
    try:
        yield
    except ColumnFull as full:
        words |= {"column": full.column.shown_title}
        text = _("“%(column)s” is full, so “%(title)s” stays. Move something out of it first.")
        raise Stays(text % words, 409) from None
    except MoveRefused as refused:
        if refused.found == TaskState.ARCHIVED:
            text = _("Somebody deleted “%(title)s” meanwhile.")
        else:
            text = _("Somebody moved “%(title)s” meanwhile. You see where it is now.")
        raise Stays(text % words, 409) from None
    except TextRefused as refused:
        raise Stays(str(refused), 422) from None


def moved_words(moved: Moved, member: Member) -> str:
    """Say where a task is now, and what comes with that."""
    task = moved.task
    words = {"title": task.title, "column": task.column.shown_title}
    said = [_("“%(title)s” is in “%(column)s”.") % words]
    if task.state in (TaskState.DOING, TaskState.DONE):
        waiting = blockers_of(task, member).count()
        if waiting:
            text = ngettext(
                "It still waits for %(count)d other task.",
                "It still waits for %(count)d other tasks.",
                waiting,
            )
            said.append(text % {"count": waiting})
    if moved.over:
        text = _("The column now holds more than its limit of %(most)d.")
        said.append(text % {"most": task.column.most})
    if moved.next is not None and moved.next.due_at is not None:
        text = _("The next one is due %(moment)s.")
        said.append(text % {"moment": due_words(moved.next, member.user.tz, now=now())})
    return " ".join(said)
