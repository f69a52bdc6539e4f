"""Moments and places as readers know them: the city of a time zone, and the hour there."""

from __future__ import annotations

from datetime import datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_timezone_location
from django.utils import formats
from django.utils.translation import get_language, pgettext, to_locale


def city_words(zone: str) -> str:
    """Name the city a zone is known by, in the active language: Shanghai, 上海."""
    return _city(zone, get_language() or "en")


@lru_cache(maxsize=2048)
def _city(zone: str, language: str) -> str:
    locale = Locale.parse(to_locale(language), sep="_")
    return get_timezone_location(ZoneInfo(zone), locale=locale, return_city=True)


def moment_there(at: datetime, zone: tzinfo) -> str:
    """Name a moment (aware) as a clock in ``zone`` shows it, and the zone: for sentences."""
    shown = formats.date_format(at.astimezone(zone), pgettext("date format", "j M Y, H:i"))
    name = str(zone)
    place = name if name == "UTC" else city_words(name)
    return pgettext("moment and city", "%(moment)s (%(city)s)") % {"moment": shown, "city": place}
