"""Tasks for this room's tests, made through the actions."""

from __future__ import annotations

from datetime import date, time

from yanzhen.activity.feed import events
from yanzhen.activity.loops import drain
from yanzhen.people.models import Member
from yanzhen.people.tests.cast import NOW
from yanzhen.tasks.actions.making import Wish, create_task
from yanzhen.tasks.due import Due
from yanzhen.tasks.models import Column, Task

BERLIN = "Europe/Berlin"


def make_task(by: Member, title: str = "Ask the photographer", **wish) -> Task:
    """Make a task; keywords beside ``column`` and ``post`` are the wish's."""
    about = {name: wish.pop(name) for name in ("column", "post", "comment") if name in wish}
    return create_task(by, wish=Wish(title=title, **wish), now=NOW, **about)


def on(day: str, hour: str = "", zone: str = BERLIN) -> Due:
    """Give a due date as a form would."""
    return Due(date.fromisoformat(day), time.fromisoformat(hour) if hour else None, zone)


def column(member: Member, state: str) -> Column:
    """Give the first column of that meaning."""
    return Column.objects.visible_to(member).in_order().filter(state=state)[0]


def fresh(task: Task) -> Task:
    """Give the same row as another page would hold it."""
    return Task.objects.get(pk=task.pk)


def kinds_about(task: Task) -> list[str]:
    """Return the kinds recorded about the task, oldest first, without the room's name."""
    found = events().objects.about("tasks.task", str(task.pk)).values_list("kind", flat=True)
    return [kind.removeprefix("tasks.") for kind in found]


def pay(at=NOW) -> None:
    """Deliver what later subscribers are owed."""
    while drain(at):
        pass
