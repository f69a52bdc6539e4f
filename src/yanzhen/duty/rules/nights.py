"""Nights somebody would have by a change of the rota, and which of them are too much to ask."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yanzhen.duty.rules.cover import Piece
from yanzhen.duty.rules.fairness import (
    A_NIGHT,
    MOST_NIGHTS,
    NIGHT_ENDS,
    NIGHT_STARTS,
    Home,
    nights_of,
    runs_of_nights,
)
from yanzhen.duty.rules.spans import Span, common, merged, remaining
from yanzhen.duty.rules.turns import Away
from yanzhen.duty.rules.walls import ONE_DAY, Hours, opening, stretch


@dataclass(frozen=True, slots=True)
class Clock:
    """A member's own hours: at work on ISO ``workdays``, and quiet, each None where not kept."""

    zone: str
    work: Hours | None = None
    workdays: frozenset[int] = frozenset()
    quiet: Hours | None = None


@dataclass(frozen=True, slots=True)
class Nights:
    """More nights in a row than the plan asks of anybody; ``usual`` is how many may be in a row."""

    member: int
    first: date
    count: int
    usual: int


@dataclass(frozen=True, slots=True)
class Night:
    """A night on duty from ``start`` on, in hours that are no night for ``other``, who is free."""

    member: int
    evening: date
    start: datetime
    other: int


@dataclass(frozen=True, slots=True)
class Team:
    """Who could take hours instead: ``able`` by number, unless ``away`` or ``busy`` then."""

    able: Sequence[int]
    away: Away
    busy: Mapping[int, Sequence[Span]]

    def free(self, member: int, spans: Sequence[Span]) -> bool:
        """Tell whether the member is there and not on duty in these hours."""
        away = any(self.away.touches(member, span) for span in spans)
        return not away and not common(spans, self.busy.get(member, ()))


def most_in_a_row(planned: Sequence[Piece], homes: Mapping[int, Home]) -> dict[int, int]:
    """Return for each member of ``homes`` how many nights in a row are nothing out of the plan.

    ``planned`` is what the layers alone ask. As many as it asks of anybody are no news to whoever
    has nights anyway, nor to who is not in it; who has turns by day alone does not reckon with
    more than anywhere.
    """
    runs = runs_of_nights(planned, homes)
    most = max((len(run) for found in runs.values() for run in found), default=0)
    by_day = {piece.member for piece in planned} - runs.keys()
    return {m: MOST_NIGHTS if m in by_day else max(MOST_NIGHTS, most) for m in homes}


def nights_in_a_row(
    before: Sequence[Piece],
    after: Sequence[Piece],
    planned: Sequence[Piece],
    homes: Mapping[int, Home],
) -> list[Nights]:
    """Return the nights in a row that a change makes too many: with one they had not before."""
    usual = most_in_a_row(planned, homes)
    had = {m: {night for run in runs for night in run} for m, runs in _runs(before, homes)}
    return [
        Nights(member, run[0], len(run), usual[member])
        for member, runs in _runs(after, homes)
        for run in runs
        if len(run) > usual[member] and not had.get(member, set()).issuperset(run)
    ]


def nights_by_day_for_others(
    before: Sequence[Piece],
    after: Sequence[Piece],
    planned: Sequence[Piece],
    clocks: Mapping[int, Clock],
    team: Team,
) -> list[Night]:
    """Return the new nights of members whom the plan asks none of, where it needs not be.

    It needs not be when somebody of the ``team`` is free in the same hours and has no night then.
    """
    spared = clocks.keys() - runs_of_nights(planned, {m: Home(c.zone) for m, c in clocks.items()})
    had, has = _hours(before), _hours(after)
    found = []
    for member in sorted(spared & has.keys()):
        clock, gained = clocks[member], remaining(has[member], had.get(member, ()))
        new = own_nights(has[member], clock) if gained else set()
        for evening in sorted(new - own_nights(had.get(member, ()), clock)):
            hours = [span for span in gained if span.touches(_night(evening, clock.zone))]
            other = next((m for m in team.able if _by_day(m, member, hours, clocks, team)), None)
            if hours and other is not None:
                found.append(Night(member, evening, hours[0].start, other))
    return found


def own_nights(spans: Iterable[Span], clock: Clock) -> set[date]:
    """Return the evenings of nights on duty that the member's own hours do not reckon with.

    As nights_of, without the hours in which they work anyway; who keeps quiet hours has a night
    only in them.
    """
    whole = merged(spans)
    return {
        evening
        for evening in nights_of(whole, clock.zone)
        if sum((s.length for s in _unasked(whole, evening, clock)), timedelta()) >= A_NIGHT
    }


def _unasked(spans: Sequence[Span], evening: date, clock: Clock) -> list[Span]:
    left = common(spans, [_night(evening, clock.zone)])
    around = [evening - ONE_DAY, evening, evening + ONE_DAY]
    if clock.work:
        days = [day for day in around if day.isoweekday() in clock.workdays]
        left = remaining(left, _kept(days, clock.work, clock.zone))
    return common(left, _kept(around, clock.quiet, clock.zone)) if clock.quiet else left


def _kept(days: Collection[date], hours: Hours, zone: str) -> list[Span]:
    return [kept.span for day in days if (kept := stretch(day, hours, zone))]


def _night(evening: date, zone: str) -> Span:
    return Span(
        opening(evening, NIGHT_STARTS, zone).at, opening(evening + ONE_DAY, NIGHT_ENDS, zone).at
    )


def _by_day(
    other: int, member: int, hours: Sequence[Span], clocks: Mapping[int, Clock], team: Team
) -> bool:
    if other == member or other not in clocks or not team.free(other, hours):
        return False
    return not own_nights(hours, clocks[other])


def _runs(
    pieces: Sequence[Piece], homes: Mapping[int, Home]
) -> Iterable[tuple[int, list[list[date]]]]:
    return runs_of_nights(pieces, homes).items()


def _hours(pieces: Sequence[Piece]) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {}
    for piece in pieces:
        found.setdefault(piece.member, []).append(piece.span)
    return {member: merged(spans) for member, spans in found.items()}
