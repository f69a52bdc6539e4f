"""The rota as it is drawn: tracks of bars over some days, and the turns in order beneath."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from yanzhen.duty.looking import Window
from yanzhen.duty.models import Layer, Leave, Override, Place, Swap, Turn
from yanzhen.duty.rules.layers import Layer as LayerValue
from yanzhen.duty.rules.layers import shifts_of
from yanzhen.duty.rules.overlap import Site as SiteValue
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.rules.walls import ONE_DAY, opening
from yanzhen.kernel.wall_time import offset_of, zone_named
from yanzhen.people.models import Member

#: A name of a few letters and a disc, on a board as wide as boards are.
_ROOM_FOR_A_NAME = 0.065


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a track from ``left`` over ``width`` (0 to 1).

    ``kind``: turn, gap, shift, hours, away; ``mark`` why a turn is no layer's own: leave, swap,
    override, or offered.
    """

    kind: str
    span: Span
    left: float
    width: float
    member: Member | None = None
    mark: str = ""
    words: str = ""

    @property
    def slim(self) -> bool:
        """Whether there is room for a sign only, not for a name."""
        return self.width < _ROOM_FOR_A_NAME


@dataclass(frozen=True, slots=True)
class Track:
    """One line of bars. ``kind``: primary, backup, layer, site or away."""

    kind: str
    name: str
    bars: Sequence[Bar]
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One turn, or one gap (no ``turn``), as it is told in words."""

    span: Span
    place: str
    turn: Turn | None = None
    member: Member | None = None
    reason: str = ""
    offer: Swap | None = None


@dataclass(frozen=True, slots=True)
class Special:
    """What a day is at a place: closed, or with ``works`` worked though its weekday is free."""

    site: str
    name: str
    works: bool = False


@dataclass(frozen=True, slots=True)
class DayRows:
    """A day with what begins on it, and where it is special.

    ``clocks`` are the distances from UTC before and after, where the clocks change on it.
    """

    day: date
    rows: Sequence[Row]
    special: Sequence[Special] = ()
    clocks: tuple[timedelta, timedelta] | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything the rota shows of some days, loaded once.

    ``dealt`` is who each turn of each layer went to; ``special`` are the days on which a place is
    closed or works out of its way.
    """

    members: Mapping[int, Member]
    laid_until: datetime
    turns: Sequence[Turn]
    gaps: Sequence[Span]
    layers: Sequence[tuple[Layer, LayerValue]]
    dealt: Mapping[int, Mapping[int, int | None]]
    sites: Sequence[SiteValue]
    leaves: Sequence[Leave]
    offers: Sequence[Swap]
    overrides: Mapping[int, Override]
    special: Mapping[date, Sequence[Special]] = field(default_factory=dict)

    def offer_of(self, turn: Turn) -> Swap | None:
        """Return an open offer of hours of this turn, if there is one."""
        return next((o for o in self.offers if _offers(o, turn)), None)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Some days drawn: ``tracks`` over ``window``. ``now`` is a share, None on other days."""

    window: Window
    tracks: Sequence[Track]
    now: float | None
    today: date
    special: Mapping[date, Sequence[Special]]
    hours: Sequence[str] = ("00", "03", "06", "09", "12", "15", "18", "21")

    @property
    def days(self) -> list[tuple[date, bool, Sequence[Special]]]:
        """Each day, whether it is today, and where it is special."""
        return [(day, day == self.today, self.special.get(day, ())) for day in self.window.dates]


def drawn(found: Loaded, window: Window, *, now: datetime, whole: bool = True) -> Drawn:
    """Draw ``window``; ``whole`` with layers, places and leave and not with the turns alone."""
    tracks = [_turn_track(found, window, Place.PRIMARY)]
    backup = _turn_track(found, window, Place.BACKUP)
    if backup.bars or any(row.place == Place.BACKUP for row, _ in found.layers):
        tracks.append(backup)
    if whole:
        tracks += _layer_tracks(found, window)
        tracks += _site_tracks(found, window)
    tracks += _away_tracks(found, window)
    today = now.astimezone(zone_named(window.zone)).date()
    inside = window.span.start <= now < window.span.end
    return Drawn(window, tracks, window.share(now) if inside else None, today, found.special)


def rows_by_day(found: Loaded, window: Window) -> list[DayRows]:
    """Tell the turns and gaps of ``window`` by the day they begin on; what runs on, on the first.

    Days on which nothing begins, no place is special and no clock changes are left out.
    """
    zone = zone_named(window.zone)
    by_day: dict[date, list[Row]] = {}
    for row in sorted(_rows(found, window), key=lambda each: (each.span.start, each.place)):
        first = max(row.span.start.astimezone(zone).date(), window.first)
        by_day.setdefault(first, []).append(row)
    days = [
        DayRows(day, by_day.get(day, []), found.special.get(day, ()), _clocks(day, window.zone))
        for day in window.dates
    ]
    return [each for each in days if each.rows or each.special or each.clocks]


def hours_by_member(found: Loaded, window: Window) -> list[tuple[Member, timedelta]]:
    """Return how long each member is on duty in ``window``, backup left out, the most first."""
    hours: dict[int, timedelta] = {}
    for turn in found.turns:
        inside = turn.span.common(window.span)
        if inside and turn.place == Place.PRIMARY:
            hours[turn.member_id] = hours.get(turn.member_id, timedelta()) + inside.length
    named = [(found.members[number], length) for number, length in hours.items()]
    return sorted(named, key=lambda each: (-each[1], each[0].name))


def _clocks(day: date, zone: str) -> tuple[timedelta, timedelta] | None:
    """Return the distances from UTC at both ends of a day, None where they are the same."""
    before = offset_of(opening(day, time(0), zone).at, zone)
    after = offset_of(opening(day + ONE_DAY, time(0), zone).at, zone)
    return (before, after) if before != after else None


def _rows(found: Loaded, window: Window) -> Iterable[Row]:
    for turn in found.turns:
        if turn.span.touches(window.span):
            order = found.overrides.get(turn.source) if turn.why == "override" else None
            yield Row(
                turn.span,
                turn.place,
                turn,
                found.members[turn.member_id],
                order.reason if order else "",
                found.offer_of(turn),
            )
    for gap in found.gaps:
        if gap.touches(window.span):
            yield Row(gap, Place.PRIMARY)


def _bar(window: Window, span: Span, kind: str, **more: Any) -> Bar | None:
    inside = span.common(window.span)
    if inside is None:
        return None
    left = window.share(inside.start)
    right = 1.0 if inside.end == window.span.end else window.share(inside.end)
    # An hour that comes twice may end where it began.
    width = max(right - left, 1 / (window.days * 96))
    return Bar(kind, span, round(left, 5), round(width, 5), **more)


def _bars(bars: Iterable[Bar | None]) -> list[Bar]:
    return [bar for bar in bars if bar is not None]


def _turn_track(found: Loaded, window: Window, place: str) -> Track:
    bars = []
    for turn in found.turns:
        if turn.place != place:
            continue
        mark = "" if turn.why == "layer" else turn.why
        if found.offer_of(turn):
            mark = "offered"
        member = found.members[turn.member_id]
        bars.append(_bar(window, turn.span, "turn", member=member, mark=mark))
    if place == Place.PRIMARY:
        bars += [_bar(window, gap, "gap") for gap in found.gaps]
    return Track(place, str(Place(place).label), _bars(bars))


def _layer_tracks(found: Loaded, window: Window) -> list[Track]:
    """Return a track for each layer with shifts in the window: whose turn it is by the layer.

    Beyond what is laid nothing is dealt, and no layer says whose turn it would be.
    """
    tracks: list[Track] = []
    if window.span.start >= found.laid_until:
        return tracks
    for row, value in found.layers:
        dealt = found.dealt.get(row.pk, {})
        bars = [
            _bar(
                window,
                shift.span,
                "shift",
                member=found.members.get(dealt.get(shift.turn) or 0),
            )
            for shift in shifts_of(value, until=window.span.end)
            if shift.span.end > window.span.start
        ]
        if bars:
            tracks.append(Track("layer", row.name, _bars(bars), row.zone))
    return tracks


def _site_tracks(found: Loaded, window: Window) -> list[Track]:
    tracks = []
    # A day more on either side: there it may be another date already.
    days = [window.first - ONE_DAY, *window.dates, window.first + window.days * ONE_DAY]
    for site in found.sites:
        spans = [span for day in days for span in site.spans_on(day)]
        bars = _bars(_bar(window, span, "hours") for span in spans)
        tracks.append(Track("site", site.name, bars, site.zone))
    return tracks


def _away_tracks(found: Loaded, window: Window) -> list[Track]:
    """Return who is away, as few tracks as keep them apart."""
    lanes: list[list[Bar]] = []
    for leave in sorted(found.leaves, key=lambda each: each.start_at):
        span = leave.kept
        member = found.members[leave.member_id]
        bar = _bar(window, span, "away", member=member, words=leave.note) if span else None
        if bar is None:
            continue
        free = next((lane for lane in lanes if lane[-1].span.end <= bar.span.start), None)
        if free is None:
            lanes.append([bar])
        else:
            free.append(bar)
    return [Track("away", "", lane) for lane in lanes]


def _offers(swap: Swap, turn: Turn) -> bool:
    return (
        swap.place == turn.place
        and swap.giver_id == turn.member_id
        and swap.given.touches(turn.span)
    )
