"""Layers: hours that come back, and the order in which people take them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from yanzhen.duty.rules.spans import Span
from yanzhen.duty.rules.walls import ONE_DAY, Bent, Hours, stretch
from yanzhen.kernel.wall_time import zone_named

EVERY_DAY = frozenset(range(1, 8))


class Change(StrEnum):
    """When the next person takes over. Values are stored; never rename one."""

    SHIFT = "shift"
    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Layer:
    """Hours in wall time of ``zone``, and the members (numbers) who take them in ``order``.

    Shifts open on the ISO ``weekdays`` from ``first_date`` to ``last_date`` (None: no end), both
    days of the zone. The next person takes over ``every`` so many shifts, days with a shift, or
    weeks from ``hand_over`` (ISO weekday). Where two layers have somebody, the higher ``rank``
    counts. No shift opens on ``closed`` days; one does on ``opened`` days, whatever weekday.
    """

    number: int
    zone: str
    hours: tuple[Hours, ...]
    order: tuple[int, ...]
    first_date: date
    change: Change = Change.WEEK
    every: int = 1
    hand_over: int = 1
    weekdays: frozenset[int] = EVERY_DAY
    last_date: date | None = None
    rank: int = 0
    closed: frozenset[date] = field(default=frozenset())
    opened: frozenset[date] = field(default=frozenset())

    def works_on(self, day: date) -> bool:
        """Tell whether shifts open on that day of the zone."""
        if day < self.first_date or (self.last_date is not None and day > self.last_date):
            return False
        if day in self.opened:
            return True
        return day.isoweekday() in self.weekdays and day not in self.closed


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift of a layer: ``turn`` counts from 0, and all shifts of a turn are one person's."""

    span: Span
    turn: int
    day: date
    opened: Bent
    closed: Bent


def shifts_of(layer: Layer, *, until: datetime) -> Iterator[Shift]:
    """Yield the layer's shifts from its first day on, in order, those that open before ``until``.

    Raises UnknownZone.
    """
    last = until.astimezone(zone_named(layer.zone)).date()
    worked = 0
    for day in _days(layer.first_date, min(last, layer.last_date or last)):
        if not layer.works_on(day):
            continue
        for place, hours in enumerate(layer.hours):
            found = stretch(day, hours, layer.zone)
            if found is None or found.span.start >= until:
                continue
            turn = _turn(layer, day, worked=worked, place=place)
            yield Shift(found.span, turn, day, found.opened, found.closed)
        worked += 1


def _turn(layer: Layer, day: date, *, worked: int, place: int) -> int:
    """Return the turn's number; ``worked`` days with a shift came before."""
    if layer.change is Change.SHIFT:
        return (worked * len(layer.hours) + place) // layer.every
    if layer.change is Change.DAY:
        return worked // layer.every
    first = layer.first_date
    anchor = first - timedelta(days=(first.isoweekday() - layer.hand_over) % 7)
    return (day - anchor).days // 7 // layer.every


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += ONE_DAY
