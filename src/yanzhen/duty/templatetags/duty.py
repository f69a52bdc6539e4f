"""How the rota is told on its pages."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils import formats
from django.utils.translation import pgettext

from yanzhen.duty import words
from yanzhen.duty.models import Layer
from yanzhen.duty.rules.spans import Span
from yanzhen.kernel.holidays import country_name
from yanzhen.kernel.wall_time import offset_of, zone_named

register = template.Library()

register.filter("first_name", words.first_name)
register.filter("length_words", words.length_words)


@register.filter
def hours_in(span: Span, zone: str) -> str:
    """Say from when to when in ``zone``, the day only where it changes."""
    return words.hours_words(span, zone)


@register.filter
def day_hours_in(span: Span, zone: str) -> str:
    """Say from when to when in ``zone``, with the weekday."""
    return words.hours_words(span, zone, day=True)


@register.filter
def span_in(span: Span, zone: str) -> str:
    """Say from when to when in ``zone``, with its day."""
    return words.span_words(span, zone)


@register.filter
def away_in(span: Span, zone: str) -> str:
    """Say when somebody is away in ``zone``: whole days without their hours."""
    return words.away_words(span, zone)


@register.filter
def moment_in(at: datetime, zone: str) -> str:
    """Name a moment in ``zone``, with its day."""
    return words.moment_words(at, zone)


@register.filter
def clock_in(at: datetime, zone: str) -> str:
    """Give the hour and minute in ``zone``."""
    return f"{at.astimezone(zone_named(zone)):%H:%M}"


@register.filter
def offset(distance: timedelta) -> str:
    """Give a distance from UTC: UTC+8, UTC−3:30."""
    return words.offset_words(distance)


@register.filter
def offset_in(at: datetime, zone: str) -> str:
    """Give how far the clocks of ``zone`` are from UTC at a moment."""
    return words.offset_words(offset_of(at, zone))


@register.filter
def instant(at: datetime) -> str:
    """Give a moment as an address carries it."""
    return f"{at:%Y-%m-%dT%H:%M}Z"


register.filter("country", country_name)


@register.filter
def wall_hours(hours: object) -> str:
    """Say pairs of wall times, stored or as values: 09:00–12:00, 14:00–18:00."""
    said = []
    for pair in hours:  # type: ignore[attr-defined]  # pairs of either kind
        if hasattr(pair, "start"):
            said.append(f"{pair.start:%H:%M}–{pair.end:%H:%M}")
        else:
            said.append("–".join(pair))
    return pgettext("list of hours", ", ").join(said)


@register.filter
def apart(offset: timedelta) -> str:
    """Say how far ahead a clock is: +7 h, −9 h."""
    sign = "−" if offset < timedelta(0) else "+"
    return f"{sign}{words.length_words(abs(offset))}"


@register.filter
def shifted(by: timedelta) -> str:
    """Give a move without its sign."""
    return words.length_words(abs(by))


@register.filter
def rotation(layer: Layer) -> str:
    """Say how often a layer changes hands."""
    every = {
        "shift": pgettext("rotation", "every shift"),
        "day": pgettext("rotation", "every day"),
        "week": pgettext("rotation", "every week"),
    }
    several = {
        "shift": pgettext("rotation", "every %(count)d shifts"),
        "day": pgettext("rotation", "every %(count)d days"),
        "week": pgettext("rotation", "every %(count)d weeks"),
    }
    if layer.every == 1:
        return every[layer.change]
    return several[layer.change] % {"count": layer.every}


@register.filter
def weekday_words(days: list[int]) -> str:
    """Name ISO weekdays briefly: Mon–Fri, every day, Sat, Sun."""
    monday = datetime(2024, 1, 1)  # noqa: DTZ001 -- a Monday, for the names of its days
    names = {n: formats.date_format(monday + timedelta(days=n - 1), "D") for n in range(1, 8)}
    found = sorted(days)
    if len(found) == len(names):
        return pgettext("weekdays", "every day")
    if len(found) > 2 and found[-1] - found[0] == len(found) - 1:  # noqa: PLR2004 -- a run
        return f"{names[found[0]]}–{names[found[-1]]}"
    return pgettext("list of weekdays", ", ").join(names[day] for day in found)
