"""What a page of the rota shows: which days, in whose hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.urls import reverse

from yanzhen.duty.rules.spans import Span
from yanzhen.duty.rules.walls import ONE_DAY, opening
from yanzhen.kernel.wall_time import every_zone, zone_named

DAY, WEEK, MONTH = "day", "week", "month"
VIEWS = (MONTH, WEEK, DAY)
DAYS_A_WEEK = 7
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Window:
    """``days`` days from ``first`` on, as the clocks of ``zone`` count them."""

    first: date
    days: int
    zone: str

    @property
    def span(self) -> Span:
        """The window as moments."""
        last = self.first + self.days * ONE_DAY
        start, end = (opening(day, time(0), self.zone).at for day in (self.first, last))
        return Span(start, end)

    def share(self, at: datetime) -> float:
        """Return where ``at`` (aware) is, 0 to 1, by the clock and not by what has passed.

        So that every day is as wide as the others, whatever the clocks do in it.
        """
        local = at.astimezone(zone_named(self.zone))
        minutes = (local.date() - self.first).days * _MINUTES_A_DAY + local.hour * 60 + local.minute
        return min(1.0, max(0.0, minutes / (self.days * _MINUTES_A_DAY)))

    @property
    def dates(self) -> list[date]:
        """Every day of it."""
        return [self.first + n * ONE_DAY for n in range(self.days)]

    @property
    def weeks(self) -> list[Window]:
        """Its weeks, for a window that begins on a Monday."""
        return [
            Window(self.first + n * ONE_DAY, DAYS_A_WEEK, self.zone)
            for n in range(0, self.days, DAYS_A_WEEK)
        ]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for. ``day`` is one of the days shown; ``own`` is the reader's zone."""

    view: str
    day: date
    zone: str
    own: str
    today: date

    @property
    def window(self) -> Window:
        """The days shown: the whole weeks of a month."""
        if self.view == DAY:
            return Window(self.day, 1, self.zone)
        if self.view == WEEK:
            return Window(_monday(self.day), DAYS_A_WEEK, self.zone)
        first = _monday(self.day.replace(day=1))
        last = _next_month(self.day) - ONE_DAY
        days = (_monday(last) - first).days + DAYS_A_WEEK
        return Window(first, days, self.zone)

    @property
    def address(self) -> str:
        """Where this is shown."""
        sent = {"view": self.view, "day": self.day.isoformat()}
        if self.zone != self.own:
            sent["zone"] = self.zone
        return f"{reverse('duty')}?{urlencode(sent)}"

    @property
    def today_address(self) -> str:
        """The same for today."""
        return replace(self, day=self.today).address

    @property
    def previous(self) -> str:
        """The same before; "" where the calendar ends."""
        return self._moved(-1)

    @property
    def next(self) -> str:
        """The same after; "" where the calendar ends."""
        return self._moved(1)

    @property
    def as_views(self) -> list[tuple[str, str]]:
        """Each way of looking with its address."""
        return [(view, replace(self, view=view).address) for view in VIEWS]

    def _moved(self, way: int) -> str:
        if self.view == MONTH:
            first = self.day.replace(day=1)
            day = _next_month(first) if way > 0 else (first - ONE_DAY).replace(day=1)
        else:
            day = self.day + way * (ONE_DAY if self.view == DAY else timedelta(weeks=1))
        return replace(self, day=day).address if _FIRST_YEAR < day.year < _LAST_YEAR else ""


def asked_in(query: Mapping[str, str], *, own: str, now: datetime) -> Asked:
    """Read an address; what makes no sense in it is as if it were not there."""
    zone = query.get("zone", "")
    zone = zone if zone in every_zone() else own
    today = now.astimezone(zone_named(zone)).date()
    view = query.get("view", "")
    try:
        day = date.fromisoformat(query.get("day", ""))
    except ValueError:
        day = today
    if not _FIRST_YEAR < day.year < _LAST_YEAR:
        day = today
    return Asked(view if view in VIEWS else WEEK, day, zone, own, today)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
