"""Times in words: how long is left, which day, which city, what the sky does there.

Everything here is pure: aware datetimes in, words in the active language out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from yanzhen.people.zones import city_words

#: Cities teams often sit in, in the reader's language. Others are shown as their people wrote them.
CITIES: Mapping[str, str | Promise] = {
    "Amsterdam": pgettext_lazy("city", "Amsterdam"),
    "Beijing": pgettext_lazy("city", "Beijing"),
    "Berlin": pgettext_lazy("city", "Berlin"),
    "Boston": pgettext_lazy("city", "Boston"),
    "Guangzhou": pgettext_lazy("city", "Guangzhou"),
    "Hamburg": pgettext_lazy("city", "Hamburg"),
    "Hangzhou": pgettext_lazy("city", "Hangzhou"),
    "London": pgettext_lazy("city", "London"),
    "Munich": pgettext_lazy("city", "Munich"),
    "New York": pgettext_lazy("city", "New York"),
    "Paris": pgettext_lazy("city", "Paris"),
    "San Francisco": pgettext_lazy("city", "San Francisco"),
    "Seattle": pgettext_lazy("city", "Seattle"),
    "Shanghai": pgettext_lazy("city", "Shanghai"),
    "Shenzhen": pgettext_lazy("city", "Shenzhen"),
    "Singapore": pgettext_lazy("city", "Singapore"),
    "Tokyo": pgettext_lazy("city", "Tokyo"),
}

SOON_SHARE = 0.4
HOUR, DAY = 60, 24 * 60  # minutes
DAYS_FROM = 48  # hours: beyond, a span is told in days
ROUND_FROM = 10  # hours: beyond, minutes no longer matter
WEEK = 7
#: Local hour from which the sky is so; before the first it is night.
SKY = ((21, "night"), (18, "dusk"), (9, "day"), (5, "dawn"))
SOON_DUE = timedelta(minutes=30)


@dataclass(frozen=True)
class Left:
    """What remains of a limit: ``share`` 1 to 0, ``state`` ok, soon or late, and its words."""

    share: float
    state: str
    short: str
    words: str


def minutes_of(span: timedelta) -> int:
    """Whole minutes in ``span``, rounded down; negative spans count by their size."""
    return int(abs(span).total_seconds() // 60)


def short_span(span: timedelta) -> str:
    """Give a span in at most three characters and a letter: 11m, 5h, 2d."""
    minutes = minutes_of(span)
    if minutes < HOUR:
        return f"{minutes}m"
    if minutes < DAYS_FROM * HOUR:
        return f"{minutes // HOUR}h"
    return f"{minutes // DAY}d"


def words_span(span: timedelta) -> str:
    """Give a span in words with its two largest units at most: 2 h 48 min, 26 min, 3 days."""
    minutes = minutes_of(span)
    if minutes < HOUR:
        return _("%(minutes)d min") % {"minutes": minutes}
    hours, rest = divmod(minutes, HOUR)
    if hours >= DAYS_FROM:
        days = hours // 24
        return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
    if rest == 0 or hours >= ROUND_FROM:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


def left_of(started_at: datetime, due_at: datetime, *, now: datetime) -> Left:
    """Tell what is left at ``now`` of the limit from ``started_at`` to ``due_at``."""
    remaining = due_at - now
    if remaining < timedelta(0):
        over = short_span(remaining).removesuffix("m")
        return Left(1.0, "late", f"+{over}", _("%(span)s late") % {"span": words_span(remaining)})
    whole = due_at - started_at
    share = min(1.0, remaining / whole) if whole > timedelta(0) else 1.0
    words = _("%(span)s left of %(whole)s") % {
        "span": words_span(remaining),
        "whole": words_span(whole),
    }
    return Left(
        round(share, 2), "soon" if share <= SOON_SHARE else "ok", short_span(remaining), words
    )


def due_words(due_at: datetime, *, now: datetime) -> tuple[str, str]:
    """Give the state (ok, soon, late) and the words of a due time: in 18 min, 26 min late."""
    remaining = due_at - now
    if remaining < timedelta(0):
        return "late", _("%(span)s late") % {"span": words_span(remaining)}
    state = "soon" if remaining <= SOON_DUE else "ok"
    return state, _("in %(span)s") % {"span": words_span(remaining)}


def clock_words(at: datetime, zone: ZoneInfo) -> str:
    """Give the hour and minute of ``at`` in ``zone``, 24-hour."""
    return at.astimezone(zone).strftime("%H:%M")


def day_words(at: datetime, zone: ZoneInfo, *, now: datetime) -> str:
    """Name the day of ``at`` in ``zone``: Tue 9 June, with the year when it is not this one."""
    local = at.astimezone(zone)
    same_year = local.year == now.astimezone(zone).year
    pattern = pgettext("date format", "D j F") if same_year else pgettext("date format", "D j F Y")
    return formats.date_format(local, pattern)


def moment_words(at: datetime, zone: ZoneInfo, *, now: datetime) -> str:
    """Name a moment as briefly as is clear: 17:00 today, else day and hour."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    hour = clock_words(at, zone)
    if local.date() == today:
        return hour
    if abs((local.date() - today).days) < WEEK:
        return f"{formats.date_format(local, 'D')} {hour}"
    return f"{day_words(at, zone, now=now)} {hour}"


def place_words(city: str, zone: str) -> str:
    """Name where somebody is: their own city when they gave one, else the zone's."""
    return str(CITIES.get(city, city)) if city else city_words(zone)


def sky_at(hour: int) -> str:
    """Name the light at a local hour (0 to 23): night, dawn, day or dusk."""
    return next((light for since, light in SKY if hour >= since), "night")


def words_for_scripts() -> dict[str, str | float]:
    """Give the same words and limits to the page's scripts, as templates with %(names)s."""
    return {
        "minutes": _("%(minutes)d min"),
        "hours": _("%(hours)d h"),
        "hours_minutes": _("%(hours)d h %(minutes)d min"),
        "days": ngettext("%(days)d day", "%(days)d days", DAYS_FROM),
        "late": _("%(span)s late"),
        "left": _("%(span)s left of %(whole)s"),
        "in": _("in %(span)s"),
        "undo": _("Undo"),
        "close": _("Close"),
        "offline": _("No connection, so nothing was saved. Try again when you are back online."),
        "failed": _("That did not work on our side, and nothing was changed. Try again."),
        "soon_share": SOON_SHARE,
        "soon_minutes": SOON_DUE.total_seconds() / 60,
    }
