"""Who is at work when, drawn over one day of the viewer: the sky strip's numbers.

Pure but for the active language. Hours are fractions of the viewer's local day, 0 to 24.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import pgettext

DAY_MINUTES = 24 * 60
ENOUGH_TOGETHER = 2


@dataclass(frozen=True)
class Hours:
    """One member's working hours: wall times in ``zone`` on ISO weekdays ``days``."""

    zone: str
    city: str
    start: time
    end: time
    days: frozenset[int]


@dataclass(frozen=True)
class Span:
    """From one hour of the viewer's day to another."""

    start: float
    end: float

    @property
    def length(self) -> str:
        """Give the length as people say it: 3 h, 2½ h."""
        halves = round((self.end - self.start) * 2)
        whole, half = divmod(halves, 2)
        hours = f"{whole or ''}{'½' if half else ''}" if halves else "0"
        return pgettext("length on the sky strip", "%(hours)s h") % {"hours": hours}


@dataclass(frozen=True)
class Row:
    """One city. ``shift`` is how far its sky is moved, as a fraction of the day."""

    zone: str
    city: str
    time: str
    shift: float
    people: int
    spans: Sequence[Span]
    first: str
    last: str

    @property
    def longest(self) -> Span | None:
        """The span with most room for words; None on a day nobody works there."""
        return max(self.spans, key=lambda span: span.end - span.start, default=None)


@dataclass(frozen=True)
class Sky:
    """The whole strip: rows, when cities are at work together, when nobody is, and now."""

    rows: Sequence[Row]
    together: Sequence[Span]
    nobody: Sequence[Span]
    now: float
    hours: Sequence[str] = ("00", "03", "06", "09", "12", "15", "18", "21")


def _place(at: datetime, midnight: datetime) -> int:
    """Return the minute of the viewer's day by the viewer's clock, outside 0 to 1440 on others.

    By the clock, not by what has passed: the strip's hours and its "now" are the clock's too.
    """
    local = at.astimezone(midnight.tzinfo)
    return (local.date() - midnight.date()).days * DAY_MINUTES + local.hour * 60 + local.minute


def _minutes(hours: Hours, *, midnight: datetime) -> set[int]:
    """Return the minutes of the viewer's day in which this member works."""
    zone = ZoneInfo(hours.zone)
    found: set[int] = set()
    for offset in (-1, 0, 1):
        day: date = (midnight.astimezone(zone) + timedelta(days=offset)).date()
        if day.isoweekday() not in hours.days:
            continue
        start = datetime.combine(day, hours.start, zone).astimezone(UTC)
        end = datetime.combine(day, hours.end, zone).astimezone(UTC)
        if end <= start:
            end += timedelta(days=1)
        first, last = _place(start, midnight), _place(end, midnight)
        found.update(range(max(0, first), min(DAY_MINUTES, last)))
    return found


def _spans(minutes: Iterable[int]) -> list[Span]:
    """Return runs of minutes as spans of hours."""
    spans: list[Span] = []
    start = previous = -2
    for minute in [*sorted(minutes), DAY_MINUTES * 2]:
        if minute != previous + 1:
            if start >= 0:
                spans.append(Span(start / 60, (previous + 1) / 60))
            start = minute
        previous = minute
    return spans


def sky(team: Sequence[Hours], *, viewer: ZoneInfo, now: datetime, most_rows: int = 4) -> Sky:
    """Draw ``team`` over the viewer's day at ``now`` (aware), the cities furthest ahead first."""
    here = now.astimezone(viewer)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    groups: dict[str, list[Hours]] = {}
    for hours in team:
        groups.setdefault(hours.zone, []).append(hours)
    at_work = {
        zone: set().union(*(_minutes(hours, midnight=midnight) for hours in group))
        for zone, group in groups.items()
    }
    shown = sorted(groups, key=lambda zone: -len(groups[zone]))[:most_rows]
    shown.sort(key=lambda zone: now.astimezone(ZoneInfo(zone)).replace(tzinfo=None), reverse=True)
    rows = []
    for zone in shown:
        local = now.astimezone(ZoneInfo(zone))
        behind = (here.utcoffset() or timedelta()) - (local.utcoffset() or timedelta())
        rows.append(
            Row(
                zone=zone,
                city=next((h.city for h in groups[zone] if h.city), ""),
                time=local.strftime("%H:%M"),
                shift=round((behind.total_seconds() / 86400) % 1, 4),
                people=len(groups[zone]),
                spans=_spans(at_work[zone]),
                first=min(h.start for h in groups[zone]).strftime("%H:%M"),
                last=max(h.end for h in groups[zone]).strftime("%H:%M"),
            )
        )
    count = [sum(m in minutes for minutes in at_work.values()) for m in range(DAY_MINUTES)]
    return Sky(
        rows=rows,
        together=_spans(m for m, n in enumerate(count) if n >= ENOUGH_TOGETHER),
        nobody=_spans(m for m, n in enumerate(count) if n == 0),
        now=round(here.hour + here.minute / 60, 2),
    )
