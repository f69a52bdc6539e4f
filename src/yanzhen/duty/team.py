"""What the rota shows on the team's page: who is on duty, who is at work, and who meets whom."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import combinations

from yanzhen.duty.looking import DAYS_A_WEEK as WEEK
from yanzhen.duty.looking import Window
from yanzhen.duty.models import Leave, Rota, Turn
from yanzhen.duty.queries import gaps_of
from yanzhen.duty.queries_board import rota_of, sites_by_name
from yanzhen.duty.rules.overlap import ENOUGH, Site, spans_together, weeks_together
from yanzhen.duty.rules.spans import Span, between
from yanzhen.duty.rules.walls import ONE_DAY, Hours, opening, stretch
from yanzhen.duty.together import MOST_SITES
from yanzhen.kernel.wall_time import zone_named
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision

FORTNIGHT, HOURS = 14, 24
#: Shades of the hours with somebody at work.
SHADES = 5
#: Beyond, the page of time together tells more.
MOST_PAIRS = 6
_NOON = time(12)


@dataclass(frozen=True, slots=True)
class Cell:
    """One city on one day: who is on duty, in order, and whether the reader is among them."""

    members: Sequence[Member]
    today: bool
    mine: bool

    @property
    def more(self) -> int:
        """How many there are behind the first."""
        return max(0, len(self.members) - 1)


@dataclass(frozen=True, slots=True)
class Line:
    """One city over the days."""

    city: str
    zone: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Fortnight:
    """Two weeks of duty, a line for each city that has any.

    ``gaps`` are the first uncovered hours that begin on each day; ``uncovered`` is how many there
    are in all.
    """

    days: Sequence[tuple[date, bool]]
    lines: Sequence[Line]
    gaps: Sequence[tuple[date, Span | None]]
    uncovered: int


@dataclass(frozen=True, slots=True)
class Hour:
    """How many members are at work in the middle of an hour, and how dark that is, 0 to SHADES."""

    people: int
    shade: int
    now: bool


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two places this week: the least time together on a common workday, and when they first meet.

    ``first`` is None where they do not.
    """

    names: tuple[str, str]
    least: timedelta
    first: Span | None

    @property
    def enough(self) -> bool:
        """Whether every common workday reaches the target."""
        return self.least >= ENOUGH


@dataclass(frozen=True, slots=True)
class TeamBoard:
    """All of it. Parts with nothing to tell are None or empty. ``more`` pairs are not shown."""

    fortnight: Fortnight | None
    heat: Sequence[tuple[date, Sequence[Hour]]]
    meetings: Sequence[Meeting]
    more: int
    zone: str
    may_keep: bool
    target: timedelta = ENOUGH
    hours: Sequence[int] = tuple(range(HOURS))


def team_board(reader: Member, *, now: datetime) -> TeamBoard:
    """Read what the team's page shows, by the reader's clock, in a fixed number of queries."""
    monday = _today(reader.zone, now)
    monday -= timedelta(days=monday.weekday())
    meetings = _meetings([value for _row, value in sites_by_name(reader)][:MOST_SITES], monday)
    return TeamBoard(
        fortnight=_fortnight(reader, monday, now),
        heat=_heat(reader, monday, now),
        meetings=meetings[:MOST_PAIRS],
        more=max(0, len(meetings) - MOST_PAIRS),
        zone=reader.zone,
        may_keep=reader.may(Decision.DUTY_KEEP),
    )


def _today(zone: str, now: datetime) -> date:
    return now.astimezone(zone_named(zone)).date()


def _fortnight(reader: Member, monday: date, now: datetime) -> Fortnight | None:
    rota = rota_of(reader)
    if rota is None or not rota.layers.exists():
        return None
    window = Window(monday, FORTNIGHT, reader.zone)
    rows = Turn.objects.filter(rota=rota).primary().within(window.span)
    held: dict[tuple[str, str], dict[date, list[Member]]] = {}
    for turn in rows.select_related("member__user").order_by("start_at"):
        user = turn.member.user
        line = held.setdefault((user.zone, user.city), {})
        for day in _days_of(turn.span, window):
            there = line.setdefault(day, [])
            if turn.member not in there:
                there.append(turn.member)
    today = _today(reader.zone, now)
    # From east to west, as the day goes round.
    places = sorted(held, key=lambda place: -_offset(place[0], now))
    lines = [
        Line(city, zone, _cells(held[zone, city], window, today=today, reader=reader))
        for zone, city in places
    ]
    gaps = _gaps(rota, window.span, now)
    return Fortnight(
        days=[(day, day == today) for day in window.dates],
        lines=lines,
        gaps=[(day, _first_on(gaps, day, reader.zone)) for day in window.dates],
        uncovered=len(gaps),
    )


def _days_of(span: Span, window: Window) -> Iterable[date]:
    """Return the days a turn is told on: where it begins, and later ones whose noon it covers."""
    begins = span.start.astimezone(zone_named(window.zone)).date()
    for day in window.dates:
        if day == begins or (day > begins and opening(day, _NOON, window.zone).at < span.end):
            yield day


def _cells(
    held: Mapping[date, Sequence[Member]], window: Window, *, today: date, reader: Member
) -> list[Cell]:
    there = [(day, held.get(day, ())) for day in window.dates]
    return [Cell(members, day == today, reader in members) for day, members in there]


def _gaps(rota: Rota, whole: Span, now: datetime) -> list[Span]:
    ahead = between(max(whole.start, now), whole.end)
    return gaps_of(rota, ahead) if ahead else []


def _first_on(gaps: Iterable[Span], day: date, zone: str) -> Span | None:
    local = zone_named(zone)
    return next((gap for gap in gaps if gap.start.astimezone(local).date() == day), None)


def _offset(zone: str, at: datetime) -> timedelta:
    return at.astimezone(zone_named(zone)).utcoffset() or timedelta()


def _heat(reader: Member, monday: date, now: datetime) -> list[tuple[date, list[Hour]]]:
    """Count who is at work in each hour of the week; empty for a member alone."""
    rows = Member.objects.active().filter(workspace=reader.workspace).select_related("user")
    team = list(rows)
    if len(team) <= 1:
        return []
    window = Window(monday, WEEK, reader.zone)
    days = window.dates
    middles = [
        opening(day, time(hour, 30), reader.zone).at for day in days for hour in range(HOURS)
    ]
    away = _away(team, window.span)
    # Most of a team shares a few kinds of week; whoever is away counts by themselves.
    kinds = Counter((_week_of(each), tuple(away.get(each.pk, ()))) for each in team)
    counts = [0] * len(middles)
    for (kind, absent), people in kinds.items():
        at_work = {n for span in _at_work(kind, days) for n in _within(span, middles)}
        for n in at_work.difference(n for span in absent for n in _within(span, middles)):
            counts[n] += people
    most = max(counts) or 1
    here = now.astimezone(zone_named(reader.zone))
    this_hour = days.index(here.date()) * HOURS + here.hour
    # Rounded up: one person alone is seen.
    shown = [
        Hour(people, -(-SHADES * people // most), n == this_hour) for n, people in enumerate(counts)
    ]
    return [(day, shown[n * HOURS : (n + 1) * HOURS]) for n, day in enumerate(days)]


_Week = tuple[str, time, time, tuple[int, ...]]


def _week_of(member: Member) -> _Week:
    user = member.user
    return (user.zone, user.day_start, user.day_end, tuple(user.workdays))


def _at_work(week: _Week, days: Sequence[date]) -> Iterable[Span]:
    """Return the working hours of a kind of week that touch ``days``, which may be others there."""
    zone, start, end, workdays = week
    if start == end:
        return
    for day in [days[0] - 2 * ONE_DAY, days[0] - ONE_DAY, *days, days[-1] + ONE_DAY]:
        if day.isoweekday() in workdays and (found := stretch(day, Hours(start, end), zone)):
            yield found.span


def _within(span: Span, moments: Sequence[datetime]) -> range:
    return range(bisect_left(moments, span.start), bisect_left(moments, span.end))


def _away(team: Iterable[Member], whole: Span) -> dict[int, list[Span]]:
    rows = Leave.objects.filter(
        member__in=[each.pk for each in team], start_at__lt=whole.end, end_at__gt=whole.start
    )
    found: dict[int, list[Span]] = {}
    for leave in rows.order_by("start_at", "pk"):
        if leave.kept:
            found.setdefault(leave.member_id, []).append(leave.kept)
    return found


def _meetings(sites: Sequence[Site], monday: date) -> list[Meeting]:
    """Return every two places, those with least time together first."""
    found = []
    for first, second in combinations(sites, 2):
        (week,) = weeks_together(first, second, start=monday, weeks=1)
        days = (monday + n * ONE_DAY for n in range(WEEK))
        shared = next(
            (spans[0] for day in days if (spans := spans_together(first, second, day))), None
        )
        found.append(Meeting((first.name, second.name), week.least, shared))
    return sorted(found, key=lambda each: each.least)
