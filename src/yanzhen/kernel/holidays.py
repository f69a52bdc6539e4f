"""Holidays of countries and regions, in the reader's language, and days worked in their place.

The dates and names come from the package of the same name. A code is that of a country, which is
what holds in all of it, "DE", or of one of its parts, "DE-BY". China's make-up working days are
known for the years its calendar has been published.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.core import get_global
from django.utils.translation import get_language, pgettext, to_locale
from django.utils.translation import gettext as _

#: A name and what the package says of it: "Labor Day (observed)", “劳动节（补假）”.
_WITH_NOTE = re.compile(r"(?P<name>.+?) ?[(（](?P<note>[^()（）]*)[)）]")
_IN_LIEU = ("Day off", "休息日")
_OBSERVED = ("observed", "补假")


@dataclass(frozen=True, slots=True)
class Holiday:
    """What a day is. ``places`` are codes of countries, () for the team's own day.

    ``free`` tells that people do not work on it; ``working`` that they do although it is a weekend.
    """

    name: str
    places: tuple[str, ...] = ()
    free: bool = True
    working: bool = False

    @property
    def where(self) -> str:
        """Name the countries: Germany, France; "" for the team's own day."""
        return ", ".join(country_name(code) for code in self.places)

    @property
    def told(self) -> str:
        """Name the day with its countries."""
        if not self.places:
            return self.name
        return pgettext("holiday", "%(name)s (%(where)s)") % {
            "name": self.name,
            "where": self.where,
        }


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """Return the codes of all countries and regions whose holidays are known."""
    return frozenset(_package().list_supported_countries(include_aliases=False))


def country_name(code: str) -> str:
    """Name a country or region in the reader's language; its code where it has no name.

    A part of a country is named behind it, as it calls itself.
    """
    country, _dash, part = code.partition("-")
    name = _territories(_language()).get(country, country)
    if not part:
        return name
    return pgettext("part of a country", "%(country)s, %(part)s") % {
        "country": name,
        "part": dict(parts_of(country)).get(part, part),
    }


@lru_cache(maxsize=256)
def parts_of(country: str) -> Sequence[tuple[str, str]]:
    """Return the parts of a country that have holidays of their own, code and name, by name."""
    if country not in countries():
        return ()
    kind: Any = type(_package().country_holidays(country))
    named = kind.get_subdivision_aliases()
    found = ((code, next(iter(named.get(code, ())), code)) for code in kind.subdivisions)
    return tuple(sorted(found, key=lambda each: each[1]))


def is_known(code: str) -> bool:
    """Tell whether holidays are known under this code of a country or one of its parts."""
    country, dash, part = code.partition("-")
    if not dash:
        return country in countries()
    return part in dict(parts_of(country))


def calendar_version() -> str:
    """Return the version of the package the dates come from; a new one may know other days."""
    version: str = _package().__version__
    return version


def country_of_zone(zone: str) -> str:
    """Return the code of the country an IANA zone is named for, "" for none."""
    found: str = get_global("zone_territories").get(zone, "")
    return found if found in countries() else ""


def holidays_of(codes: Iterable[str], start: date, end: date) -> Mapping[date, Sequence[Holiday]]:
    """Return the holidays of these countries from ``start`` and before ``end``, by day.

    One that several countries have under one name stands once, with all of them.
    """
    days: dict[date, dict[tuple[str, bool], list[str]]] = {}
    for code in sorted(codes):
        for year in range(start.year, end.year + 1):
            for day, name, working in _year_of(code, year, _language()):
                if start <= day < end:
                    days.setdefault(day, {}).setdefault((name, working), []).append(code)
    return {
        day: [
            Holiday(name, tuple(places), free=not working, working=working)
            for (name, working), places in found.items()
        ]
        for day, found in days.items()
    }


@lru_cache(maxsize=2048)
def _year_of(code: str, year: int, language: str) -> Sequence[tuple[date, str, bool]]:
    """Return day, name and whether it is worked, of one country's year. Cached: it cannot change.

    The language is that of the reader, who is set while names are looked up.
    """
    if not is_known(code):
        return ()
    package = _package()
    country, _dash, part = code.partition("-")
    spoken = package.country_holidays(country).supported_languages or ()
    found: Any = package.country_holidays(
        country, subdiv=part or None, years=year, language=_spoken(spoken, language)
    )
    days = [
        (day, name, False)
        for day, names in sorted(found.items())
        if day.year == year
        for name in dict.fromkeys(_named(each) for each in names.split("; "))
    ]
    worked = pgettext("holiday", "Working day")
    makeup = getattr(found, "weekend_workdays", ())
    return (*days, *((day, worked, True) for day in sorted(makeup) if day.year == year))


def _spoken(languages: Sequence[str], language: str) -> str | None:
    """Return the language to ask the package for: the reader's, else English, else its own."""
    wanted = ["zh_CN"] if language.startswith("zh") else []
    wanted += ["en_US", *(each for each in languages if each.startswith("en"))]
    return next((each for each in wanted if each in languages), None)


def _named(words: str) -> str:
    """Return a holiday's name in the reader's language, where the catalogue has it."""
    found = _WITH_NOTE.fullmatch(words)
    if found is None:
        return pgettext("holiday", words)
    name, note = found["name"], found["note"]
    if name in _IN_LIEU:
        return pgettext("holiday", "Day off in lieu")
    plain = pgettext("holiday", name)
    if note in _OBSERVED:
        return _("%(holiday)s (observed)") % {"holiday": plain}
    return plain


def _language() -> str:
    return to_locale(get_language() or "en")


@lru_cache(maxsize=8)
def _territories(language: str) -> Mapping[str, str]:
    names: Mapping[str, str] = Locale.parse(language).territories
    return names


def _package() -> Any:
    import holidays  # noqa: PLC0415 -- takes a quarter of a second, and most processes ask never

    return holidays
