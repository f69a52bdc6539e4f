"""How evenly duty is spread: hours, with nights, weekends and holidays counting more; and rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from yanzhen.duty.rules.cover import Piece
from yanzhen.duty.rules.spans import Span, merged
from yanzhen.duty.rules.walls import ONE_DAY, opening
from yanzhen.kernel.wall_time import zone_named

NIGHT_ENDS, NIGHT_STARTS = time(6), time(22)
SATURDAY = 6
EVEN_ENOUGH = 95
OVERLOADED = 1.25
MIN_REST = timedelta(hours=11)
MOST_NIGHTS = 3
#: This much of a night spent on duty makes it a night on duty.
A_NIGHT = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Weights:
    """What is added to each hour for falling in a night, on a weekend, on a holiday."""

    night: float = 0.5
    weekend: float = 0.5
    holiday: float = 1.0


@dataclass(frozen=True, slots=True)
class Home:
    """Where a member lives: zone, holidays, and weekend days made up as workdays there."""

    zone: str
    holidays: frozenset[date] = field(default=frozenset())
    workdays: frozenset[date] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class Load:
    """Hours of a member on duty; ``weighted`` is what fairness compares."""

    member: int
    hours: float
    nights: float
    weekends: float
    holidays: float
    weighted: float


def loads(
    pieces: Sequence[Piece], homes: Mapping[int, Home], *, weights: Weights | None = None
) -> list[Load]:
    """Return the load of everybody in ``homes``, in that order, who has none included."""
    by_member: dict[int, list[Span]] = {member: [] for member in homes}
    for piece in pieces:
        by_member.setdefault(piece.member, []).append(piece.span)
    found = weights or Weights()
    return [_load(m, merged(by_member[m]), homes[m], found) for m in homes]


def balance(found: Sequence[Load]) -> float:
    """Return how even the loads are, 0 to 100: the mean as a share of the most.

    100 from EVEN_ENOUGH on, because the last hours depend on where a week begins.
    """
    most = max((load.weighted for load in found), default=0.0)
    if most == 0:
        return 100.0
    even = 100 * sum(load.weighted for load in found) / len(found) / most
    return 100.0 if even >= EVEN_ENOUGH else even


def overloaded(found: Sequence[Load]) -> list[Load]:
    """Return who carries more than OVERLOADED times the mean, the most first."""
    mean = sum(load.weighted for load in found) / max(len(found), 1)
    over = [load for load in found if mean and load.weighted > OVERLOADED * mean]
    return sorted(over, key=lambda load: -load.weighted)


def short_rests(pieces: Sequence[Piece], *, least: timedelta = MIN_REST) -> list[tuple[int, Span]]:
    """Return the breaks between two duties of one member that are shorter than ``least``."""
    return [
        (member, Span(before.end, after.start))
        for member, spans in _by_member(pieces).items()
        for before, after in pairwise(spans)
        if after.start - before.end < least
    ]


def long_runs_of_nights(
    pieces: Sequence[Piece], homes: Mapping[int, Home], *, most: int = MOST_NIGHTS
) -> list[tuple[int, date, int]]:
    """Return member, first night and number of nights, for more than ``most`` nights in a row."""
    return [
        (member, run[0], len(run))
        for member, runs in runs_of_nights(pieces, homes).items()
        for run in runs
        if len(run) > most
    ]


def runs_of_nights(
    pieces: Sequence[Piece], homes: Mapping[int, Home]
) -> dict[int, list[list[date]]]:
    """Return for each member of ``homes`` with a night on duty the nights in a row, by evenings."""
    found: dict[int, list[list[date]]] = {}
    for member, spans in _by_member(pieces).items():
        if member not in homes:
            continue
        for night in sorted(nights_of(spans, homes[member].zone)):
            runs = found.setdefault(member, [])
            if runs and night - runs[-1][-1] == ONE_DAY:
                runs[-1].append(night)
            else:
                runs.append([night])
    return found


def _by_member(pieces: Sequence[Piece]) -> dict[int, list[Span]]:
    spans: dict[int, list[Span]] = {}
    for piece in pieces:
        spans.setdefault(piece.member, []).append(piece.span)
    return {member: merged(found) for member, found in spans.items()}


def nights_of(spans: Sequence[Span], zone: str) -> set[date]:
    """Return the evenings of the nights of which A_NIGHT or more was spent on duty."""
    spent: dict[date, timedelta] = {}
    for span in spans:
        for cell, middle in _cells(span, zone):
            if _by_night(middle):
                evening = middle.date() - (ONE_DAY if middle.time() < NIGHT_ENDS else timedelta())
                spent[evening] = spent.get(evening, timedelta()) + cell.length
    return {evening for evening, length in spent.items() if length >= A_NIGHT}


def _load(member: int, spans: Sequence[Span], home: Home, weights: Weights) -> Load:
    hours = nights = weekends = holidays = 0.0
    for span in spans:
        for cell, middle in _cells(span, home.zone):
            length = cell.length / timedelta(hours=1)
            day = middle.date()
            weekend = day.isoweekday() >= SATURDAY and day not in home.workdays
            hours += length
            nights += length * _by_night(middle)
            weekends += length * weekend
            holidays += length * (day in home.holidays)
    extra = nights * weights.night + weekends * weights.weekend + holidays * weights.holiday
    return Load(member, hours, nights, weekends, holidays, hours + extra)


def _by_night(local: datetime) -> bool:
    return local.time() < NIGHT_ENDS or local.time() >= NIGHT_STARTS


def _cells(span: Span, zone: str) -> Iterator[tuple[Span, datetime]]:
    """Cut a span at local midnights and at the ends of nights; with the local middle of each."""
    place = zone_named(zone)
    day, last = span.start.astimezone(place).date(), span.end.astimezone(place).date()
    cuts = [span.start]
    while day <= last:
        walls = (opening(day, wall, zone).at for wall in (time(0), NIGHT_ENDS, NIGHT_STARTS))
        cuts.extend(at for at in walls if span.start < at < span.end)
        day += ONE_DAY
    for start, end in pairwise([*cuts, span.end]):
        yield Span(start, end), (start + (end - start) / 2).astimezone(place)
