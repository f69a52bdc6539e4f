"""When tasks are due, in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yanzhen.tasks.models import Task
from yanzhen.tasks.states import OPEN

#: A task is soon due this long before it is late.
SOON = timedelta(hours=24)


def day_of(task: Task, zone: ZoneInfo) -> date | None:
    """Return the day a task stands on: its own for a whole day, else by the viewer's clocks."""
    if task.due_at is None:
        return None
    if "T" not in task.due_wall:
        return date.fromisoformat(task.due_wall)
    return task.due_at.astimezone(zone).date()


def due_words(task: Task, zone: ZoneInfo, *, now: datetime) -> str:
    """Name when a task is due: Today, Tomorrow 17:00, Wed 10 June; "" without a day."""
    day = day_of(task, zone)
    if day is None or task.due_at is None:
        return ""
    today = now.astimezone(zone).date()
    near = {
        today - timedelta(days=1): _("Yesterday"),
        today: pgettext("tasks", "Today"),
        today + timedelta(days=1): _("Tomorrow"),
    }
    named = near.get(day) or formats.date_format(day, pgettext("date format", "D j F"))
    hour = f" {task.due_at.astimezone(zone):%H:%M}" if "T" in task.due_wall else ""
    return f"{named}{hour}"


def due_state(task: Task, *, now: datetime) -> str:
    """Tell how urgent: late, soon, ok; "" without a day or when it is done."""
    if task.due_at is None or task.state not in OPEN:
        return ""
    if task.due_at <= now:
        return "late"
    return "soon" if task.due_at - now <= SOON else "ok"
