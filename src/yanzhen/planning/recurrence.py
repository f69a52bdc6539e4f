"""The times of a post that goes out again: steps in local wall time, each resolved by itself.

Nine in the morning stays nine in the morning when the clocks change. Where a day does not have the
hour, the next that exists is taken; where it has the hour twice, the first, unless the post itself
goes out in the second.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice

from yanzhen.kernel.wall_time import FoldTime, GapTime, resolve

LEAST_TIMES, MOST_TIMES = 2, 60
MOST_EVERY = 12
_MONTHS = 12
_DAYS = 7


class Odd(StrEnum):
    """What is unusual about one of the times."""

    NONE = ""
    MOVED = "moved"
    """The hour does not exist on that day; the next that does was taken."""
    TWICE = "twice"
    """The hour happens twice on that day; one of the two was taken."""
    SHORT = "short"
    """The month is shorter: its last day was taken."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a post goes out again; as models.Recurrence. ``weekdays`` (0 is Monday) for weeks."""

    step: str
    every: int
    times: int
    weekdays: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Time:
    """One time: ``wall`` is naive in the post's zone, ``at`` aware UTC."""

    number: int
    wall: datetime
    fold: int
    at: datetime
    odd: Odd = Odd.NONE


def times_of(rule: Rule, *, wall: datetime, zone: str, fold: int) -> list[Time]:
    """Return all times of a rule, the post's own (``wall``, naive, in ``zone``) first.

    Raises UnknownZone, and OverflowError beyond the year 9999.
    """
    walls = islice(_walls(rule, wall), rule.times)
    return [
        _resolved(number, asked, zone, fold, short=short)
        for number, (asked, short) in enumerate(walls)
    ]


def _walls(rule: Rule, first: datetime) -> Iterator[tuple[datetime, bool]]:
    """Yield the wall times for ever, and whether the month was too short for the day."""
    hour = first.time()
    if rule.step == "month":
        for day in _months(first.date(), rule.every):
            yield datetime.combine(day, hour), day.day != first.day
        return
    days = _weekdays(first.date(), rule) if rule.step == "week" else _days(first.date(), rule.every)
    for day in days:
        yield datetime.combine(day, hour), False


def _days(day: date, every: int) -> Iterator[date]:
    while True:
        yield day
        day += timedelta(days=every)


def _weekdays(first: date, rule: Rule) -> Iterator[date]:
    """Yield the first day, then every chosen weekday of every ``every``-th week."""
    chosen = sorted(set(rule.weekdays) or {first.weekday()})
    monday = first - timedelta(days=first.weekday())
    yield first
    while True:
        for weekday in chosen:
            day = monday + timedelta(days=weekday)
            if day > first:
                yield day
        monday += timedelta(days=_DAYS * rule.every)


def _months(first: date, every: int) -> Iterator[date]:
    year, month = first.year, first.month
    while True:
        yield date(year, month, min(first.day, monthrange(year, month)[1]))
        year, month = divmod(year * _MONTHS + month - 1 + every, _MONTHS)
        month += 1


def _resolved(number: int, wall: datetime, zone: str, fold: int, *, short: bool) -> Time:
    odd = Odd.SHORT if short else Odd.NONE
    try:
        found = resolve(wall, zone)
    except FoldTime:
        found, odd = resolve(wall, zone, fold), Odd.TWICE
    except GapTime:
        wall, odd = next_that_exists(wall, zone), Odd.MOVED
        found = resolve(wall, zone, 0)
    return Time(number, wall, found.fold, found.at, odd)


def next_that_exists(wall: datetime, zone: str) -> datetime:
    """Return the first wall time at or after ``wall`` (naive) that the zone's clocks show."""
    while True:
        try:
            resolve(wall, zone, 0)
        except GapTime:
            wall += timedelta(minutes=1)
        else:
            return wall


def rule_faults(rule: Rule) -> Sequence[str]:
    """Return the names of the parts of a rule that are out of bounds."""
    wrong = []
    if rule.step not in ("day", "week", "month"):
        wrong.append("step")
    if not 1 <= rule.every <= MOST_EVERY:
        wrong.append("every")
    if not LEAST_TIMES <= rule.times <= MOST_TIMES:
        wrong.append("times")
    if rule.weekdays and (rule.step != "week" or not set(rule.weekdays) <= set(range(_DAYS))):
        wrong.append("weekdays")
    return wrong
