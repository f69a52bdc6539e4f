"""When a task is due, when its assignee is reminded, and when it comes back; pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from yanzhen.kernel.wall_time import FoldTime, resolve
from yanzhen.planning.recurrence import next_that_exists

DAY = timedelta(days=1)
#: A task due at an hour is overdue for its assignee an hour later; one due on a day, when it ends.
GRACE = timedelta(hours=1)
#: When a working day begins for those who are reminded of a day, in the zone of the due date.
MORNING = time(9)
_MONTHS = 12


class Reminder(StrEnum):
    """What an assignee is told, in this order, each once for a due date."""

    SOON = "soon"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Due:
    """A day, or a wall time (naive) in a zone; ``fold`` picks one of a repeated hour."""

    day: date
    hour: time | None
    zone: str
    fold: int | None = None

    @property
    def wall(self) -> str:
        """As tasks keep it."""
        return f"{self.day}T{self.hour:%H:%M}" if self.hour else f"{self.day}"


def read_due(wall: str, zone: str, fold: int) -> Due | None:
    """Read what a task keeps; None without a due date."""
    if not wall:
        return None
    day, _t, hour = wall.partition("T")
    return Due(date.fromisoformat(day), time.fromisoformat(hour) if hour else None, zone, fold)


def late_from(due: Due) -> tuple[datetime, int, str]:
    """Return the moment (aware UTC) after which it is late, the fold taken, and the rules' version.

    Raises GapTime, FoldTime and UnknownZone for an hour; the end of a day always exists.
    """
    if due.hour is None:
        at = _moment(datetime.combine(due.day + DAY, time.min), due.zone)
        return at, 0, resolve(datetime.combine(due.day, time(12)), due.zone, 0).tzdata
    found = resolve(datetime.combine(due.day, due.hour), due.zone, due.fold)
    return found.at, found.fold, found.tzdata


def _moment(wall: datetime, zone: str) -> datetime:
    """Resolve a wall time nobody chose: the next that exists, the first of two."""
    wall = next_that_exists(wall, zone)
    try:
        return resolve(wall, zone).at
    except FoldTime as twice:
        return twice.earlier.at


def reminders_of(due: Due, due_at: datetime) -> Sequence[tuple[Reminder, datetime]]:
    """Return what the assignee is told and when (aware UTC), the earliest first."""
    if due.hour is not None:
        return (
            (Reminder.SOON, due_at - DAY),
            (Reminder.DUE, due_at),
            (Reminder.OVERDUE, due_at + GRACE),
        )
    return (
        (Reminder.SOON, _moment(datetime.combine(due.day - DAY, MORNING), due.zone)),
        (Reminder.DUE, _moment(datetime.combine(due.day, MORNING), due.zone)),
        (Reminder.OVERDUE, due_at),
    )


def next_reminder(due: Due, due_at: datetime, *, after: datetime) -> tuple[str, datetime | None]:
    """Return the first reminder later than ``after`` (aware), ("", None) when there is none."""
    for kind, at in reminders_of(due, due_at):
        if at > after:
            return kind.value, at
    return "", None


def next_day(day: date, *, step: str, every: int, month_day: int, after: date) -> date:
    """Return the first day of a series later than both ``day`` and ``after``.

    ``month_day`` is the day of the month the series began with; shorter months take their last.
    """
    found = day
    while found <= max(day, after):
        found = _stepped(found, step, every, month_day)
    return found


def _stepped(day: date, step: str, every: int, month_day: int) -> date:
    if step == "month":
        months = day.year * _MONTHS + day.month - 1 + every
        year, month = divmod(months, _MONTHS)
        last = monthrange(year, month + 1)[1]
        return date(year, month + 1, min(month_day or day.day, last))
    return day + timedelta(days=every * (7 if step == "week" else 1))
