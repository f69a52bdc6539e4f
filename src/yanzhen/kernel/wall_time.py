"""From the time on a wall, in a place, to the one moment meant by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

#: Where teams are, one name for each set of clocks that differ today; any other zone is taken too.
COMMON_ZONES = (
    *("Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi"),
    *("America/Anchorage", "America/Argentina/Buenos_Aires", "America/Bogota", "America/Chicago"),
    *("America/Denver", "America/Halifax", "America/Los_Angeles", "America/Mexico_City"),
    *("America/New_York", "America/Phoenix", "America/Santiago", "America/Sao_Paulo"),
    *("America/St_Johns", "America/Toronto", "America/Vancouver", "Asia/Almaty", "Asia/Bangkok"),
    *("Asia/Dhaka", "Asia/Dubai", "Asia/Ho_Chi_Minh", "Asia/Hong_Kong", "Asia/Jakarta"),
    *("Asia/Jerusalem", "Asia/Karachi", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Manila"),
    *("Asia/Riyadh", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Taipei"),
    *("Asia/Tashkent", "Asia/Tehran", "Asia/Tokyo", "Asia/Yangon", "Atlantic/Azores"),
    *("Atlantic/Reykjavik", "Australia/Adelaide", "Australia/Brisbane", "Australia/Darwin"),
    *("Australia/Perth", "Australia/Sydney", "Europe/Amsterdam", "Europe/Athens"),
    *("Europe/Berlin", "Europe/Dublin", "Europe/Helsinki", "Europe/Istanbul", "Europe/Kyiv"),
    *("Europe/Lisbon", "Europe/London", "Europe/Madrid", "Europe/Moscow", "Europe/Paris"),
    *("Europe/Rome", "Europe/Stockholm", "Europe/Warsaw", "Europe/Zurich", "Pacific/Auckland"),
    *("Pacific/Fiji", "Pacific/Honolulu", "UTC"),
)
# The rules come from the locked package and not from the machine, so that every worker resolves a
# wall time to the same moment and the version says exactly which rules those were.
_RULES = files("tzdata")


class UnknownZone(ValueError):
    """No such IANA time zone; ``name`` is what was asked for, cut to 60 characters."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no time zone is called {name[:60]!r}")
        self.name = name[:60]


class GapTime(ValueError):
    """This wall time never happens: the clocks jump over it.

    ``before`` and ``after`` are the valid wall times (naive) on either side, as far from the jump
    as the asked time was: 02:30 in a jump from 02:00 to 03:00 offers 01:30 and 03:30.
    """

    def __init__(self, wall: datetime, *, before: datetime, after: datetime) -> None:
        super().__init__(f"{wall:%Y-%m-%d %H:%M} does not exist: the clocks jump over it")
        self.wall = wall
        self.before = before
        self.after = after


@dataclass(frozen=True, slots=True)
class Reading:
    """One of two moments with the same wall time.

    ``at`` is aware UTC, ``offset`` the zone's distance from UTC then, ``abbreviation`` its name.
    """

    at: datetime
    fold: int
    offset: timedelta
    abbreviation: str


class FoldTime(ValueError):
    """This wall time happens twice, and nobody has said which is meant."""

    def __init__(self, wall: datetime, *, earlier: Reading, later: Reading) -> None:
        super().__init__(f"{wall:%Y-%m-%d %H:%M} happens twice: the clocks go back over it")
        self.wall = wall
        self.earlier = earlier
        self.later = later


@dataclass(frozen=True, slots=True)
class Resolved:
    """The moment meant: ``at`` is aware UTC, ``fold`` is 1 for the second of two, else 0.

    ``tzdata`` is the version of the rules used; when they change, the moment may have to move.
    """

    at: datetime
    fold: int
    tzdata: str


def resolve(wall: datetime, zone: str, fold: int | None = None) -> Resolved:
    """Return the moment at which the clocks in ``zone`` show ``wall`` (naive).

    Raises UnknownZone, GapTime, FoldTime (only when ``fold`` is None), and ValueError for an aware
    ``wall``. ``fold`` is ignored where the time happens once.
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall time has no zone of its own")
    place = zone_named(zone)
    first, second = (_reading(wall, place, each) for each in (0, 1))
    if first.offset == second.offset:
        return Resolved(first.at, 0, tzdata_version())
    if first.offset < second.offset:
        raise _gap(wall, jump=second.offset - first.offset)
    if fold is None:
        raise FoldTime(wall.replace(fold=0), earlier=first, later=second)
    chosen = second if fold else first
    return Resolved(chosen.at, chosen.fold, tzdata_version())


@cache
def zone_named(name: str) -> ZoneInfo:
    """Return the zone, or raise UnknownZone. Takes any IANA name, and never a path."""
    if name not in every_zone():
        raise UnknownZone(name)
    with _RULES.joinpath("zoneinfo", *name.split("/")).open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)


def offset_of(at: datetime, zone: str) -> timedelta:
    """Return how far the clocks of ``zone`` are from UTC at ``at`` (aware). Raises UnknownZone."""
    return at.astimezone(zone_named(zone)).utcoffset() or timedelta(0)


def zones() -> list[str]:
    """Return the zones to offer in a picker, sorted by name."""
    return sorted(COMMON_ZONES)


@cache
def every_zone() -> frozenset[str]:
    """Return every IANA zone name, old names too."""
    return frozenset(_RULES.joinpath("zones").read_text(encoding="ascii").split())


@cache
def tzdata_version() -> str:
    """Return the version of the time zone rules in use, such as ``2026f``."""
    first, _, _ = _RULES.joinpath("zoneinfo", "tzdata.zi").read_text("ascii").partition("\n")
    return first.rpartition(" ")[2]


def _reading(wall: datetime, place: ZoneInfo, fold: int) -> Reading:
    local = wall.replace(tzinfo=place, fold=fold)
    offset = local.utcoffset()
    if offset is None:
        raise UnknownZone(place.key)
    at = (wall.replace(fold=0) - offset).replace(tzinfo=UTC)
    return Reading(at=at, fold=fold, offset=offset, abbreviation=local.tzname() or "")


def _gap(wall: datetime, *, jump: timedelta) -> GapTime:
    """In a gap fold 0 reads the old offset and fold 1 the new: each lands beyond the jump."""
    wall = wall.replace(fold=0)
    return GapTime(wall, before=wall - jump, after=wall + jump)
