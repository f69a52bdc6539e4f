"""Calendars: writing who is on duty, and reading when somebody is away (RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from yanzhen.duty.rules.spans import Span, between
from yanzhen.duty.rules.walls import ONE_DAY, opening
from yanzhen.kernel.wall_time import UnknownZone, every_zone

#: RFC 5545 3.1: a line is at most 75 octets.
_LINE = 75
_SHOWN = 40
_DIGITS = 9
MOST_EVENTS = 2000
#: As in the forms: beyond them no zone can say when it is.
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


class NotACalendar(ValueError):
    """The file cannot be read; ``line`` counts from 1 and says where, 0 for the whole file.

    ``why``: begin, many, open, repeats, no_start, backwards, zone, time, duration or line;
    ``value`` is what could not be read.
    """

    def __init__(self, line: int, why: str, value: str = "") -> None:
        super().__init__(f"line {line}: {why} {value}".strip())
        self.line = line
        self.why = why
        self.value = value[:_SHOWN]


@dataclass(frozen=True, slots=True)
class Entry:
    """One event to write; ``uid`` stays the same for as long as it is the same event."""

    uid: str
    span: Span
    title: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Busy:
    """A time somebody is away, and what it was called. ``line`` is where the event began."""

    span: Span
    title: str
    line: int


def written(name: str, entries: Iterable[Entry]) -> str:
    """Return a calendar of ``entries`` called ``name``, with the line ends and folds of the RFC."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Yanzhen//Duty//EN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{_escaped(name)}")
    for entry in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{entry.uid}",
            f"DTSTAMP:{_stamp(entry.changed_at)}",
            f"DTSTART:{_stamp(entry.span.start)}",
            f"DTEND:{_stamp(entry.span.end)}",
            f"SUMMARY:{_escaped(entry.title)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def read(text: str, *, zone: str) -> list[Busy]:
    """Return the events of a calendar; days and times without a zone are those of ``zone``.

    Cancelled events are left out. Raises NotACalendar, also for an event that comes back: write
    each of its times down, so that nobody is away by guess.
    """
    lines = list(_unfolded(text))
    if not lines or lines[0][1].upper() != "BEGIN:VCALENDAR":
        raise NotACalendar(0, "begin")
    found: list[Busy] = []
    event: dict[str, tuple[str, str]] | None = None
    began = 0
    for number, line in lines:
        name, params, value = _parts(number, line)
        if (name, value.upper()) == ("BEGIN", "VEVENT"):
            event, began = {}, number
        elif (name, value.upper()) == ("END", "VEVENT") and event is not None:
            found.extend(_busy(event, began, zone))
            event = None
            if len(found) > MOST_EVENTS:
                raise NotACalendar(number, "many")
        elif event is not None:
            # Of an alarm inside the event nothing is wanted, and it repeats no name that is.
            event.setdefault(name, (params, value))
    if event is not None:
        raise NotACalendar(began, "open")
    return found


def _busy(event: dict[str, tuple[str, str]], line: int, zone: str) -> Iterator[Busy]:
    if event.get("STATUS", ("", ""))[1].upper() == "CANCELLED":
        return
    if "RRULE" in event or "RDATE" in event:
        raise NotACalendar(line, "repeats")
    if "DTSTART" not in event:
        raise NotACalendar(line, "no_start")
    start = _moment(event["DTSTART"], line, zone)
    end = _end(event, start, line, zone)
    for at in (start, end):
        if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
            raise NotACalendar(line, "time", f"{at:%Y-%m-%d}")
    span = between(start, end)
    if span is None:
        raise NotACalendar(line, "backwards")
    yield Busy(span, _unescaped(event.get("SUMMARY", ("", ""))[1]), line)


def _end(event: dict[str, tuple[str, str]], start: datetime, line: int, zone: str) -> datetime:
    if "DTEND" in event:
        return _moment(event["DTEND"], line, zone)
    try:
        if "DURATION" in event:
            return start + _length(event["DURATION"][1], line)
        return _next_day(event["DTSTART"], line, zone)
    except OverflowError as error:
        raise NotACalendar(line, "time", event["DTSTART"][1]) from error


def _moment(found: tuple[str, str], line: int, zone: str) -> datetime:
    params, value = found
    try:
        if len(value) == len("20260302"):
            return opening(_day(value), time(0), zone).at
        wall = datetime.strptime(value.rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 -- a wall time
        if value.endswith("Z"):
            return wall.replace(tzinfo=UTC)
        return opening(wall.date(), wall.time(), _zone(params) or zone).at
    except UnknownZone as unknown:
        raise NotACalendar(line, "zone", unknown.name) from unknown
    except (ValueError, OverflowError) as error:
        raise NotACalendar(line, "time", value) from error


def _next_day(found: tuple[str, str], line: int, zone: str) -> datetime:
    """Return the end of an event that names none: the day's, or the moment it starts."""
    value = found[1]
    if len(value) == len("20260302"):
        return opening(_day(value) + ONE_DAY, time(0), zone).at
    return _moment(found, line, zone)


def _day(value: str) -> date:
    return datetime.strptime(value, "%Y%m%d").date()  # noqa: DTZ007 -- a wall date


def _zone(params: str) -> str:
    """Return the zone a time names, or "". Outlook's own names are not known and refused."""
    match = re.search(r'TZID="?([^";:]+)', params, re.IGNORECASE)
    if match is None:
        return ""
    name = match[1].strip()
    if name not in every_zone():
        raise UnknownZone(name)
    return name


def _length(value: str, line: int) -> timedelta:
    match = _DURATION.fullmatch(value.lstrip("+"))
    if match is None:
        raise NotACalendar(line, "duration", value)
    if any(part and len(part) > _DIGITS for part in match.groups()):
        raise NotACalendar(line, "duration", value)
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _parts(number: int, line: str) -> tuple[str, str, str]:
    """Return name, parameters and value; a colon inside quotes belongs to a parameter."""
    match = re.match(r'([A-Za-z0-9-]+)((?:;[^":;]+(?:"[^"]*")?)*):(.*)', line)
    if match is None:
        raise NotACalendar(number, "line", line)
    return match[1].upper(), match[2], match[3].strip()


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield the number and text of each line, with its folded rest joined on."""
    current: tuple[int, str] | None = None
    for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        if raw[:1] in (" ", "\t") and current:
            current = (current[0], current[1] + raw[1:])
            continue
        if current:
            yield current
        current = (number, raw) if raw.strip() else None
    if current:
        yield current


def _folded(line: str) -> Iterator[str]:
    """Cut a line into pieces of 75 octets, never inside a character."""
    piece, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > _LINE:
            yield piece
            piece, size = " ", 1
        piece, size = piece + sign, size + octets
    yield piece


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for plain, sign in (("\\", "\\\\"), (";", "\\;"), (",", "\\,")):
        text = text.replace(plain, sign)
    return "\\n".join(text.splitlines())


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], text)
