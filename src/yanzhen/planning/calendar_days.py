"""Days and moments as the calendar counts them; pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def next_month(first: date, by: int = 1) -> date:
    """Return the first day of the month ``by`` months on; negative goes back."""
    months = first.year * 12 + first.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)


def span_of(first: date) -> tuple[date, date]:
    """Return the first visible day, a Monday, and the day after the last one, a Sunday."""
    last = next_month(first) - DAY
    return first - DAY * first.weekday(), last + DAY * (7 - last.weekday())


def window_of(start: date, end: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the moments (aware UTC) at which ``start`` begins and ``end`` begins in ``zone``."""
    begins = (datetime.combine(day, time.min, tzinfo=zone) for day in (start, end))
    first, last = (moment.astimezone(UTC) for moment in begins)
    return first, last


def seen_time(at: datetime | None) -> str:
    """Write a moment (aware) as pages send it back: 2026-06-09T08:00Z, "none" without a time."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}" if at else "none"


def wall_time(written: str) -> datetime:
    """Read a wall time (naive) as posts keep it. Raises ValueError."""
    return datetime.strptime(written, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 -- a wall time has no zone


def wall_for(day: date, hour: time, *, zone: ZoneInfo, viewer: ZoneInfo) -> datetime:
    """Return the wall time (naive) at ``hour`` in ``zone`` that the viewer is shown on ``day``.

    Zones may be a day apart, and the day may be an hour short: then the nearest date is taken.
    """
    near = [datetime.combine(day + DAY * step, hour) for step in (0, -1, 1)]
    shown = (wall.replace(tzinfo=zone).astimezone(viewer).date() for wall in near)
    return next((wall for wall, date_ in zip(near, shown, strict=True) if date_ == day), near[0])
