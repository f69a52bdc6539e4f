"""Tasks on the calendar, each on the day it is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.urls import reverse
from django.utils.translation import pgettext

from yanzhen.kernel.clock import now
from yanzhen.planning import dated
from yanzhen.planning.dated import Dated, DaysAsked
from yanzhen.tasks.due import DAY
from yanzhen.tasks.models import PostLink, Task, TaskQuerySet
from yanzhen.tasks.states import TaskState

#: A task due on a whole day ends with that day somewhere on Earth: zones are 26 hours apart.
SPREAD = timedelta(hours=14)


def tasks_on(asked: DaysAsked) -> Iterator[Dated]:
    """Yield the tasks due on the days asked. One query.

    A task due on a whole day stands on that day for everybody; one with an hour where the viewer's
    clocks put it.
    """
    zone, moment = asked.viewer.user.tz, now()
    for pk, title, state, wall, due_at in _rows(asked).values_list(
        "pk", "title", "state", "due_wall", "due_at"
    ):
        assert due_at is not None  # noqa: S101 -- rows are narrowed to those with a due date
        whole_day = "T" not in wall
        local = due_at.astimezone(zone)
        day = date.fromisoformat(wall) if whole_day else local.date()
        if asked.start <= day < asked.end:
            done = state == TaskState.DONE
            yield Dated(
                day=day,
                hour="" if whole_day else f"{local:%H:%M}",
                title=title,
                url=reverse("task", args=[pk]),
                icon="icon-check" if done else "icon-tasks",
                told=pgettext("calendar", "Task, done") if done else pgettext("calendar", "Task"),
                done=done,
                late=not done and due_at <= moment,
            )


def _rows(asked: DaysAsked) -> TaskQuerySet:
    start, end = (
        datetime.combine(day, time.min, tzinfo=UTC) for day in (asked.start, asked.end + DAY)
    )
    rows = Task.objects.visible_to(asked.viewer).live()
    rows = rows.filter(due_at__gte=start - SPREAD, due_at__lt=end + SPREAD)
    if asked.accounts:
        links = PostLink.objects.filter(post__account__in=asked.accounts)
        rows = rows.filter(pk__in=links.values("task_id"))
    if asked.person is not None:
        rows = rows.filter(assignee=asked.person)
    return rows


dated.register("tasks", tasks_on)
