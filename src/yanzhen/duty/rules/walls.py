"""When a shift opens and closes: wall times in a place, and what clock changes do to them.

A rota keeps wall times and a zone, and asks for the moments as late as it can, so that a shift from
nine to six stays from nine to six whatever the clocks do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from yanzhen.duty.rules.spans import Span, between
from yanzhen.kernel.wall_time import FoldTime, GapTime, resolve

ONE_DAY = timedelta(days=1)


class Bent(StrEnum):
    """What the clocks did to a wall time. Values are stored; never rename one."""

    STRAIGHT = ""
    MOVED = "moved"
    """The clocks jump over it: read as far behind the jump as it was meant after it."""
    FIRST = "first"
    """It happens twice, and the first was taken."""
    SECOND = "second"
    """It happens twice, and the second was taken."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment (aware UTC), and what the clocks did to the wall time it came from."""

    at: datetime
    bent: Bent = Bent.STRAIGHT


@dataclass(frozen=True, slots=True)
class Hours:
    """From one wall time to another; into the next day when ``end`` is not the later.

    ``end`` equal to ``start`` is the whole day round.
    """

    start: time
    end: time

    @property
    def overnight(self) -> bool:
        """Whether it closes on the day after it opens."""
        return self.end <= self.start


@dataclass(frozen=True, slots=True)
class Stretch:
    """The hours of one day as moments: ``span``, and what the clocks did to either end."""

    span: Span
    opened: Bent
    closed: Bent


def opening(day: date, wall: time, zone: str) -> Moment:
    """Return when a shift opens: of a time that happens twice, the first.

    Raises UnknownZone.
    """
    return _moment(datetime.combine(day, wall), zone, fold=0)


def closing(day: date, wall: time, zone: str) -> Moment:
    """Return when a shift closes: of a time that happens twice, the second.

    Raises UnknownZone.
    """
    return _moment(datetime.combine(day, wall), zone, fold=1)


@lru_cache(maxsize=16_384)
def stretch(day: date, hours: Hours, zone: str) -> Stretch | None:
    """Return the hours that open on ``day`` in ``zone``, or None where the clocks swallow them.

    Raises UnknownZone.
    """
    start = opening(day, hours.start, zone)
    end = closing(day + ONE_DAY if hours.overnight else day, hours.end, zone)
    span = between(start.at, end.at)
    return Stretch(span, start.bent, end.bent) if span else None


def _moment(wall: datetime, zone: str, *, fold: int) -> Moment:
    try:
        return Moment(resolve(wall, zone).at)
    except GapTime as gap:
        return Moment(resolve(gap.after, zone, fold).at, Bent.MOVED)
    except FoldTime as twice:
        if fold:
            return Moment(twice.later.at, Bent.SECOND)
        return Moment(twice.earlier.at, Bent.FIRST)
