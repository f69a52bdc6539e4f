"""Dates and times as people write them in spreadsheets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.wall_time import FoldTime, GapTime, Reading, UnknownZone, resolve

_YEAR_FIRST = re.compile(
    r"([0-9]{4})(?:([/.-])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日)"
)
_YEAR_LAST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_TIME = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?(?: ?([AaPp])\.?[Mm]\.?)?"
    r"(?: ?(?P<which>[A-Z]{2,5}|[+-][0-9]{2,4}(?::[0-9]{2})?))?"
)
_MONTHS = 12
_NOON = 12


class DateOrder(StrEnum):
    """Whether 03/04/2026 is 3 April or March 4."""

    FILE = "file"
    DAY_FIRST = "day"
    MONTH_FIRST = "month"


ORDER_NAMES = {
    DateOrder.FILE: pgettext_lazy("date order", "As the file’s own dates show"),
    DateOrder.DAY_FIRST: pgettext_lazy("date order", "Day first, 31/12/2026"),
    DateOrder.MONTH_FIRST: pgettext_lazy("date order", "Month first, 12/31/2026"),
}


class DateRefused(ValueError):
    """The cell is no date or time we can be sure of; ``str()`` says how to write it."""


@dataclass(frozen=True, slots=True)
class When:
    """A planned time: ``wall`` is naive in ``zone``, ``at`` is aware UTC."""

    wall: datetime
    zone: str
    fold: int
    at: datetime
    tzdata: str


def order_of(dates: Iterable[str]) -> DateOrder:
    """Return the order that the dates of one file agree on, or FILE when they do not tell."""
    day_first = month_first = False
    for cell in dates:
        found = _YEAR_LAST.fullmatch(cell.strip())
        if found is None or found[2] == ".":
            continue
        day_first |= int(found[1]) > _MONTHS >= int(found[3])
        month_first |= int(found[3]) > _MONTHS >= int(found[1])
    if day_first == month_first:
        return DateOrder.FILE
    return DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST


def read_when(date: str, time: str, zone: str, order: DateOrder) -> When | None:
    """Return the moment that two cells mean in ``zone``, or None when both are empty.

    A repeated hour is told apart by what follows the time: "02:30 CET". Raises DateRefused.
    """
    if not date and not time:
        return None
    if not date or not time:
        raise DateRefused(_("A post with a date needs a time, and the other way round."))
    hour, minute, which = _read_time(time)
    year, month, day = _read_date(date, order)
    try:
        wall = datetime(year, month, day, hour, minute)  # noqa: DTZ001 -- a wall time has no zone
    except ValueError as wrong:
        raise DateRefused(
            _("“%(cell)s” is no day of the calendar.") % {"cell": f"{date} {time}"[:40]}
        ) from wrong
    return _resolve(wall, zone, which)


def _read_date(cell: str, order: DateOrder) -> tuple[int, int, int]:
    found = _YEAR_FIRST.fullmatch(cell)
    if found:
        return int(found[1]), int(found[3] or found[5]), int(found[4] or found[6])
    found = _YEAR_LAST.fullmatch(cell)
    if found is None:
        raise DateRefused(
            _("“%(cell)s” is no date we know. Write it as 2026-06-10.") % {"cell": cell[:40]}
        )
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    year += 2000 if year < 100 else 0  # noqa: PLR2004 -- 26 is 2026
    if found[2] == "." or order is DateOrder.DAY_FIRST:
        return year, second, first
    if order is DateOrder.MONTH_FIRST:
        return year, first, second
    if first > _MONTHS or second > _MONTHS:
        return (year, second, first) if first > _MONTHS else (year, first, second)
    if first == second:
        return year, first, second
    raise DateRefused(
        _("“%(cell)s” may be either of two days. Say whether the day or the month is first.")
        % {"cell": cell[:40]}
    )


def _read_time(cell: str) -> tuple[int, int, str]:
    found = _TIME.fullmatch(cell.strip())
    hour = int(found[1]) if found else 24
    if found and found[3]:
        hour = hour % _NOON + (_NOON if found[3] in "Pp" else 0) if 0 < hour <= _NOON else 24
    if found is None or hour > 23 or int(found[2]) > 59:  # noqa: PLR2004 -- a clock's face
        raise DateRefused(
            _("“%(cell)s” is no time we know. Write it as 17:00.") % {"cell": cell[:40]}
        )
    return hour, int(found[2]), found["which"] or ""


def _resolve(wall: datetime, zone: str, which: str) -> When:
    try:
        resolved = resolve(wall, zone)
    except UnknownZone as unknown:
        raise DateRefused(
            _("No time zone is called “%(zone)s”. Write it as Europe/Berlin or Asia/Shanghai.")
            % {"zone": unknown.name}
        ) from unknown
    except GapTime as gap:
        raise DateRefused(
            _(
                "%(wall)s does not exist in %(zone)s: the clocks jump over it. "
                "Write %(before)s or %(after)s."
            )
            % {
                "wall": f"{wall:%Y-%m-%d %H:%M}",
                "zone": zone,
                "before": f"{gap.before:%H:%M}",
                "after": f"{gap.after:%H:%M}",
            }
        ) from gap
    except FoldTime as twice:
        resolved = resolve(wall, zone, _fold_meant(twice, zone, which))
    return When(wall, zone, resolved.fold, resolved.at, resolved.tzdata)


def _fold_meant(twice: FoldTime, zone: str, which: str) -> int:
    for reading in (twice.earlier, twice.later):
        if which and which in {reading.abbreviation, _offset(reading)}:
            return reading.fold
    time = f"{twice.wall:%H:%M}"
    raise DateRefused(
        _("%(wall)s happens twice in %(zone)s. Write the time as “%(earlier)s” or “%(later)s”.")
        % {
            "wall": f"{twice.wall:%Y-%m-%d %H:%M}",
            "zone": zone,
            "earlier": f"{time} {twice.earlier.abbreviation}",
            "later": f"{time} {twice.later.abbreviation}",
        }
    )


def _offset(reading: Reading) -> str:
    minutes = int(reading.offset.total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02d}:{rest:02d}"
