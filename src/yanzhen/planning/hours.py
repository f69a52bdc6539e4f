"""Days by the hour: posts and slots at their place on the viewer's clocks, side by side. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from yanzhen.kernel.wall_time import zone_named
from yanzhen.planning.queries_calendar import Day, Event
from yanzhen.planning.slots import SlotShown

#: The hours shown although nothing stands before them.
FIRST_HOUR = 6
DAY_MINUTES = 24 * 60
#: What a post takes on the page, whatever moment it goes out: two lines of its title.
POST_MINUTES = 75
#: A drop lands on a multiple of this.
STEP_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Hour:
    """A line of the grid: the viewer's ``label`` 08:00, and the other zone's beside it or ""."""

    label: str
    beside: str
    at: str


@dataclass(frozen=True, slots=True)
class Box:
    """A post or an empty slot in a column: ``at`` and ``length`` are parts of its height.

    It stands in ``lane`` (from 0) of ``lanes`` side by side. ``there`` is the hour on the account's
    clocks, "" where they show the viewer's.
    """

    event: Event | None
    slot: SlotShown | None
    at: str
    length: str
    lane: int
    lanes: int
    there: str


@dataclass(frozen=True, slots=True)
class Column:
    """A day with its boxes; ``now_at`` is where the present stands, "" on other days."""

    day: Day
    boxes: Sequence[Box]
    now_at: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns of hours from ``first_hour`` to midnight. ``beside`` is the zone of the second hours.

    ``rows`` is the number of hours, ``step`` the minutes a drop is rounded to.
    """

    columns: Sequence[Column]
    hours: Sequence[Hour]
    first_hour: int
    beside: str
    step: int = STEP_MINUTES

    @property
    def rows(self) -> int:
        """How many hours are shown."""
        return 24 - self.first_hour


@dataclass(frozen=True, slots=True)
class _Piece:
    """Something with a beginning and an end in minutes of its day."""

    start: int
    end: int
    event: Event | None = None
    slot: SlotShown | None = None


def grid_of(days: Sequence[Day], zones: Iterable[str], *, viewer: ZoneInfo, now: datetime) -> Grid:
    """Lay ``days`` out by the hour. ``zones`` are those of the accounts shown.

    Where all of them keep one other time than the viewer, their hours stand beside the viewer's;
    not where clocks change within the days, since one scale could not be right for all of them.
    """
    pieces = [_pieces(day) for day in days]
    starts = [piece.start for each in pieces for piece in each]
    first_hour = min([FIRST_HOUR, *(start // 60 for start in starts)])
    here = now.astimezone(viewer)
    beside = _other_zone(zones, viewer, days, first_hour)
    columns = []
    for day, found in zip(days, pieces, strict=True):
        at = _part(here.hour * 60 + here.minute, first_hour)
        standing = day.today and here.hour >= first_hour
        boxes = [box for run in _runs(found) for box in _boxes(run, first_hour, viewer)]
        columns.append(Column(day, boxes, at if standing else ""))
    hours = [_hour(hour, days[0], first_hour, viewer, beside) for hour in range(first_hour, 24)]
    return Grid(columns, hours, first_hour, beside)


def _pieces(day: Day) -> list[_Piece]:
    found = []
    for event in day.events:
        if event.local:
            start = min(_minute(event.local), DAY_MINUTES - POST_MINUTES)
            found.append(_Piece(start, start + POST_MINUTES, event=event))
    for slot in day.slots:
        length = max(slot.minutes, POST_MINUTES)
        start = min(_minute(slot.local), DAY_MINUTES - POST_MINUTES)
        found.append(_Piece(start, min(start + length, DAY_MINUTES), slot=slot))
    return sorted(found, key=lambda piece: (piece.start, -piece.end))


def _minute(local: datetime) -> int:
    return local.hour * 60 + local.minute


def _runs(pieces: Sequence[_Piece]) -> Iterable[list[_Piece]]:
    """Part pieces (earliest first) into runs of those that touch one another."""
    run: list[_Piece] = []
    for piece in pieces:
        if run and piece.start >= max(each.end for each in run):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _boxes(run: Sequence[_Piece], first_hour: int, viewer: ZoneInfo) -> list[Box]:
    ends: list[int] = []
    lanes = []
    for piece in run:
        lane = next((n for n, end in enumerate(ends) if end <= piece.start), len(ends))
        ends[lane : lane + 1] = [piece.end]
        lanes.append(lane)
    return [
        Box(
            event=piece.event,
            slot=piece.slot,
            at=_part(piece.start, first_hour),
            length=f"{(piece.end - piece.start) / (DAY_MINUTES - first_hour * 60):.4f}",
            lane=lane,
            lanes=len(ends),
            there=_there(piece, viewer),
        )
        for piece, lane in zip(run, lanes, strict=True)
    ]


def _part(minute: int, first_hour: int) -> str:
    """Return how far down the column a minute of the day is, of 1. No locale writes it."""
    begins = first_hour * 60
    return f"{(minute - begins) / (DAY_MINUTES - begins):.4f}"


def _there(piece: _Piece, viewer: ZoneInfo) -> str:
    what = piece.event or piece.slot
    if what is None or what.local is None:
        return ""
    there = what.local.astimezone(zone_named(what.account.zone))
    same = there.utcoffset() == what.local.astimezone(viewer).utcoffset()
    return "" if same else f"{there:%H:%M}"


def _other_zone(
    zones: Iterable[str], viewer: ZoneInfo, days: Sequence[Day], first_hour: int
) -> str:
    found = set(zones)
    if len(found) != 1:
        return ""
    zone = found.pop()
    other = zone_named(zone)
    shown = (time(first_hour), time(23))
    hours = [datetime.combine(day.date, at, tzinfo=viewer) for day in days for at in shown]
    offsets = {(at.utcoffset(), at.astimezone(other).utcoffset()) for at in hours}
    if len(offsets) != 1:
        return ""
    here, there = offsets.pop()
    return "" if here == there else zone


def _hour(hour: int, day: Day, first_hour: int, viewer: ZoneInfo, beside: str) -> Hour:
    moment = datetime.combine(day.date, time(hour), tzinfo=viewer)
    other = f"{moment.astimezone(zone_named(beside)):%H:%M}" if beside else ""
    return Hour(f"{hour:02}:00", other, _part(hour * 60, first_hour))
