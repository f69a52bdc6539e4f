"""What the overlap planner shows: how long each two places are at work together, and what helps."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations

from django.core.cache import cache

from yanzhen.duty.rules.overlap import (
    ENOUGH,
    Break,
    Kind,
    Remedy,
    Site,
    Together,
    breaks,
    compliance,
    remedy,
    weeks_together,
)
from yanzhen.kernel.sky import Hours, Sky, sky
from yanzhen.kernel.wall_time import zone_named

WEEKS = 52
#: Beyond, a table of pairs says nothing any more.
MOST_SITES = 8
_KEPT_SECONDS = 24 * 60 * 60
#: From this much together on, a week is drawn darker.
_STEPS = (timedelta(0), timedelta(hours=1), ENOUGH, timedelta(hours=3), timedelta(hours=4))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two places: their weeks, the share that is enough, when clocks move them, and the remedy."""

    first: Site
    second: Site
    weeks: Sequence[Together]
    kept: float
    breaks: Sequence[Break]
    remedy: Remedy | None

    @property
    def enough(self) -> bool:
        """Whether every week reaches the target."""
        return self.kept >= 1

    @property
    def percent(self) -> int:
        """The share of weeks that reach it, rounded down, so that 100 means all."""
        return int(self.kept * 100)

    @property
    def least(self) -> timedelta:
        """The least time together on a day of the year that both work."""
        return min((week.least for week in self.weeks if week.days), default=timedelta())

    @property
    def most(self) -> timedelta:
        """The most that a week guarantees on each day."""
        return max((week.least for week in self.weeks if week.days), default=timedelta())

    @property
    def cells(self) -> list[tuple[Together, int]]:
        """Each week with how dark it is drawn, 0 to 5; 0 is less than the shortest handover."""
        return [(week, _shade(week)) for week in self.weeks]

    @property
    def changed(self) -> Site | None:
        """The place as it is before the remedy; None without one."""
        if self.remedy is None:
            return None
        return self.first if self.remedy.site.name == self.first.name else self.second

    @property
    def splits(self) -> bool:
        """Whether the remedy adds hours apart from the others."""
        return self.remedy is not None and self.remedy.kind == Kind.SPLIT


@dataclass(frozen=True, slots=True)
class Planner:
    """The whole page. ``months`` are the names' places: month and how many weeks it begins."""

    sky: Sky | None
    pairs: Sequence[Pair]
    months: Sequence[tuple[date, int]]
    target: timedelta = ENOUGH

    @property
    def kept(self) -> int:
        """How many pairs reach the target all year."""
        return sum(pair.enough for pair in self.pairs)


def planner(sites: Sequence[Site], *, viewer: str, now: datetime) -> Planner:
    """Reckon the year from this week on for at most MOST_SITES places, in the viewer's hours."""
    shown = list(sites[:MOST_SITES])
    start = now.astimezone(zone_named(viewer)).date()
    start -= timedelta(days=start.weekday())
    pairs = [_pair(first, second, start) for first, second in combinations(shown, 2)]
    return Planner(_sky(shown, viewer, now), pairs, _months(start) if pairs else [])


def _pair(first: Site, second: Site, start: date) -> Pair:
    """Reckon a pair, or recall it: a year of two places takes a second, and rarely changes."""
    said = repr((first, second, start)).encode()
    key = f"duty-pair:{hashlib.sha256(said).hexdigest()}"
    found: Pair | None = cache.get(key)
    if found is None:
        weeks = weeks_together(first, second, start=start, weeks=WEEKS)
        found = Pair(
            first,
            second,
            weeks,
            compliance(weeks),
            breaks(first, second, start=start, weeks=WEEKS),
            remedy(first, second, start=start, weeks=WEEKS),
        )
        cache.set(key, found, _KEPT_SECONDS)
    return found


def _shade(week: Together) -> int:
    return sum(week.least >= step for step in _STEPS[1:]) + (week.least > timedelta(0))


def _months(start: date) -> list[tuple[date, int]]:
    """Return the months of the weeks from ``start`` on, with the number of weeks of each."""
    months: dict[date, int] = {}
    for n in range(WEEKS):
        # A week belongs to the month of its Thursday, as in ISO's weeks of a year.
        thursday = start + timedelta(weeks=n, days=3)
        first = thursday.replace(day=1)
        months[first] = months.get(first, 0) + 1
    return list(months.items())


def _sky(sites: Sequence[Site], viewer: str, now: datetime) -> Sky | None:
    """Draw the viewer's day with the hours of every place; None without places."""
    team = [
        Hours(site.zone, site.name, hours.start, hours.end, site.weekdays)
        for site in sites
        for hours in site.hours
    ]
    return sky(team, viewer=zone_named(viewer), now=now, most_rows=MOST_SITES) if team else None
