"""When two places are at work together, week by week, and what would give them enough of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from yanzhen.duty.rules.spans import Span, common
from yanzhen.duty.rules.walls import ONE_DAY, Hours, stretch
from yanzhen.kernel.wall_time import zone_named

ENOUGH = timedelta(hours=2)
#: Less than this is no time to hand anything over.
SHORTEST = timedelta(minutes=15)
STEP = timedelta(minutes=15)
FURTHEST = timedelta(hours=4)
WEEK = timedelta(days=7)
MONDAY_TO_FRIDAY = frozenset(range(1, 6))
#: A day to reckon wall times on.
_ANY = datetime(2000, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Site:
    """A place the team works in: wall hours in ``zone`` on ISO ``weekdays``.

    It is closed on ``closed`` days, and at work on ``opened`` ones whatever weekday.
    """

    name: str
    zone: str
    hours: tuple[Hours, ...]
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    closed: frozenset[date] = field(default=frozenset())
    opened: frozenset[date] = field(default=frozenset())

    def works_on(self, day: date) -> bool:
        """Tell whether work starts there on that day of its own calendar."""
        return day in self.opened or (day.isoweekday() in self.weekdays and day not in self.closed)

    def spans_on(self, day: date) -> list[Span]:
        """Return the hours that start on that day, as moments."""
        if not self.works_on(day):
            return []
        found = (stretch(day, hours, self.zone) for hours in self.hours)
        return [each.span for each in found if each]


@dataclass(frozen=True, slots=True)
class Together:
    """Two places in the week from ``monday``.

    ``least`` is the time together of the day that has least of it, ``total`` that of the week; a
    day counts when both work on it. ``days`` is how many do.
    """

    monday: date
    least: timedelta
    total: timedelta
    days: int

    def enough(self, target: timedelta = ENOUGH) -> bool:
        """Tell whether every common workday reaches ``target``."""
        return self.least >= target


@dataclass(frozen=True, slots=True)
class Break:
    """Two places come to stand closer or further apart on ``day``, because clocks change."""

    day: date
    before: timedelta
    after: timedelta


class Kind(StrEnum):
    """How hours can be changed."""

    MOVE = "move"
    """All hours of the place start and end earlier (negative) or later."""
    SPLIT = "split"
    """The place adds hours of their own, apart from the others."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """The smallest change that gives enough in every week: ``site`` with its new hours.

    ``by`` is how far a MOVE goes, or how much a SPLIT adds.
    """

    kind: Kind
    site: Site
    by: timedelta


def together_on(first: Site, second: Site, day: date) -> timedelta:
    """Return how long both work at once in the hours that start at ``first`` on ``day``."""
    return sum((span.length for span in spans_together(first, second, day)), timedelta())


def spans_together(first: Site, second: Site, day: date) -> list[Span]:
    """Return when both work at once in the hours that start at ``first`` on ``day``.

    The other place may have started the day before or start the day after. Pieces shorter than
    SHORTEST do not count.
    """
    theirs = [span for shift in (-1, 0, 1) for span in second.spans_on(day + shift * ONE_DAY)]
    return [s for s in common(first.spans_on(day), theirs) if s.length >= SHORTEST]


def weeks_together(first: Site, second: Site, *, start: date, weeks: int = 52) -> list[Together]:
    """Return the time together in each of ``weeks`` weeks from the week of ``start`` on."""
    monday = start - timedelta(days=start.weekday())
    known: dict[tuple[object, ...], Together] = {}
    found = []
    for n in range(weeks):
        day = monday + n * WEEK
        # Most weeks of a year are alike, and clocks and holidays tell which.
        key = (*_likeness(first, day), *_likeness(second, day))
        if key not in known:
            known[key] = _week(first, second, day)
        found.append(replace(known[key], monday=day))
    return found


def compliance(found: Sequence[Together], *, target: timedelta = ENOUGH) -> float:
    """Return the share of weeks that reach ``target`` on every common workday, 0 to 1.

    Weeks without a common workday are left out; 1 where there is none else.
    """
    counted = [week for week in found if week.days]
    return sum(week.enough(target) for week in counted) / len(counted) if counted else 1.0


def breaks(first: Site, second: Site, *, start: date, weeks: int = 52) -> list[Break]:
    """Return the days in the weeks after ``start`` on which clocks move the two places."""
    days = [start + n * ONE_DAY for n in range(weeks * 7 + 1)]
    apart = [(day, _apart(first, second, day)) for day in days]
    return [Break(day, old, new) for (_, old), (day, new) in pairwise(apart) if old != new]


def remedy(
    first: Site, second: Site, *, start: date, weeks: int = 52, target: timedelta = ENOUGH
) -> Remedy | None:
    """Return the smallest change of either place that reaches ``target`` in every week.

    A move of all hours by FURTHEST at most, or else the fewest hours added apart. None when the
    target is reached already.
    """
    mondays = _kinds_of_week(first, second, start=start, weeks=weeks)
    if _reaches(first, second, mondays, target):
        return None
    for by in _steps():
        for changed, other in ((first, second), (second, first)):
            site = moved(changed, by)
            if site and _reaches(site, other, mondays, target):
                return Remedy(Kind.MOVE, site, by)
    return _split(first, second, mondays, target)


def moved(site: Site, by: timedelta) -> Site | None:
    """Return the place with all hours moved, or None when some would start on another day."""
    hours = []
    for each in site.hours:
        start, end = _ANY + _since_midnight(each.start) + by, _ANY + _since_midnight(each.end) + by
        if start.date() != _ANY.date():
            return None
        hours.append(Hours(start.time(), end.time()))
    return replace(site, hours=tuple(hours))


def _week(first: Site, second: Site, monday: date) -> Together:
    days = [monday + n * ONE_DAY for n in range(7)]
    each = [together_on(first, second, day) for day in days if _meet(first, second, day)]
    least = min(each, default=timedelta())
    return Together(monday, least, sum(each, timedelta()), len(each))


def _likeness(site: Site, monday: date) -> tuple[object, ...]:
    """Return what tells a place's week from another: its clocks and days, the days around too."""
    days = [monday + n * ONE_DAY for n in range(-2, 10)]
    noons = (datetime.combine(day, time(12), UTC) for day in days)
    clocks = tuple(noon.astimezone(zone_named(site.zone)).utcoffset() for noon in noons)
    return clocks, tuple(site.works_on(day) for day in days)


def _meet(first: Site, second: Site, day: date) -> bool:
    """Tell whether both work when it is ``day`` at ``first``.

    On which day the other place is then, the hours tell: Tuesday morning in Shanghai is Monday in
    Los Angeles, and Monday morning is Sunday there.
    """
    if not first.works_on(day):
        return False
    mine = first.spans_on(day)
    always = _always(second)

    def near(shift: int) -> tuple[timedelta, timedelta]:
        theirs = always.spans_on(day + shift * ONE_DAY)
        shared = sum((span.length for span in common(mine, theirs)), timedelta())
        apart = [max(a.start, b.start) - min(a.end, b.end) for a in mine for b in theirs]
        return shared, -min(apart, default=timedelta())

    return second.works_on(day + max((0, -1, 1), key=near) * ONE_DAY)


def _always(site: Site) -> Site:
    return replace(site, weekdays=frozenset(range(1, 8)), closed=frozenset())


def _apart(first: Site, second: Site, day: date) -> timedelta:
    """Return how far ahead the first place's clocks are at noon UTC."""
    noon = datetime.combine(day, time(12), UTC)
    one, other = (noon.astimezone(zone_named(site.zone)).utcoffset() for site in (first, second))
    return (one or timedelta()) - (other or timedelta())


def _kinds_of_week(first: Site, second: Site, *, start: date, weeks: int) -> list[date]:
    """Return one Monday for each way the clocks stand to each other, holidays left aside."""
    monday = start - timedelta(days=start.weekday())
    found: dict[tuple[timedelta, ...], date] = {}
    for n in range(weeks):
        day = monday + n * WEEK
        found.setdefault(tuple(_apart(first, second, day + d * ONE_DAY) for d in range(7)), day)
    return list(found.values())


def _reaches(first: Site, second: Site, mondays: Iterable[date], target: timedelta) -> bool:
    """Tell whether each of those weeks reaches the target, were there no holidays in it."""
    one, other = (replace(site, closed=frozenset(), opened=frozenset()) for site in (first, second))
    return all(
        together_on(one, other, day) >= target
        for monday in mondays
        for day in (monday + n * ONE_DAY for n in range(7))
        if _meet(one, other, day)
    )


def _steps() -> list[timedelta]:
    """Return the moves to try, the smallest first, and later before earlier."""
    sizes = [n * STEP for n in range(1, FURTHEST // STEP + 1)]
    return [step for size in sizes for step in (size, -size)]


def _split(first: Site, second: Site, mondays: Sequence[date], target: timedelta) -> Remedy | None:
    """Return the fewest hours that, added apart at either place, reach the target in each week."""
    lengths = [target + n * STEP for n in range(FURTHEST // STEP)]
    starts = [n * STEP for n in range(ONE_DAY // STEP)]
    for length in lengths:
        for changed, other in ((first, second), (second, first)):
            for start in starts:
                site = _added(changed, start, length)
                if site and _reaches(site, other, mondays, target):
                    return Remedy(Kind.SPLIT, site, length)
    return None


def _added(site: Site, start: timedelta, length: timedelta) -> Site | None:
    """Return the place with one more stretch of hours on the same day, apart from the others."""
    opens, closes = _ANY + start, _ANY + start + length
    extra = Hours(opens.time(), closes.time())
    if closes.date() != opens.date():
        return None
    if any(e.overnight or (extra.start < e.end and e.start < extra.end) for e in site.hours):
        return None
    return replace(site, hours=tuple(sorted((*site.hours, extra), key=lambda e: e.start)))


def _since_midnight(wall: time) -> timedelta:
    return timedelta(hours=wall.hour, minutes=wall.minute)
