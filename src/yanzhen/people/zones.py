"""The time zones people choose from, grouped by part of the world."""

from __future__ import annotations

import zoneinfo
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.cities import city_words

__all__ = ["REGIONS", "Choices", "choices", "city_words", "known"]

REGIONS: dict[str, str | Promise] = {
    "Africa": pgettext_lazy("part of the world", "Africa"),
    "America": pgettext_lazy("part of the world", "America"),
    "Antarctica": pgettext_lazy("part of the world", "Antarctica"),
    "Arctic": pgettext_lazy("part of the world", "Arctic"),
    "Asia": pgettext_lazy("part of the world", "Asia"),
    "Atlantic": pgettext_lazy("part of the world", "Atlantic"),
    "Australia": pgettext_lazy("part of the world", "Australia"),
    "Europe": pgettext_lazy("part of the world", "Europe"),
    "Indian": pgettext_lazy("part of the world", "Indian Ocean"),
    "Pacific": pgettext_lazy("part of the world", "Pacific"),
}

Choices = list[tuple[str | Promise, list[tuple[str, str]]]]


@lru_cache(maxsize=1)
def known() -> frozenset[str]:
    """Return the names that may be chosen: cities and UTC, no abbreviations or offsets."""
    named = (name for name in zoneinfo.available_timezones() if name.split("/")[0] in REGIONS)
    return frozenset({"UTC", *named})


def choices() -> Choices:
    """Return the zones as grouped choices of a select: UTC, then cities by region."""
    groups: Choices = [("UTC", [("UTC", "UTC")])]
    for region, word in REGIONS.items():
        cities = sorted(name for name in known() if name.startswith(f"{region}/"))
        groups.append((word, [(name, city_words(name)) for name in cities]))
    return groups
