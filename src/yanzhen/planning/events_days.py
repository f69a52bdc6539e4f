"""What is recorded about holidays and the team's own days."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from yanzhen.activity.spine import Kind, announce


@dataclass(frozen=True, slots=True)
class HolidaysChosen:
    """Payload of planning.holidays_shown and holidays_hidden. ``country`` is a code, "DE"."""

    country: str


@dataclass(frozen=True, slots=True)
class TeamDayMarked:
    """Payload of planning.team_day_added and team_day_removed. ``day`` is YYYY-MM-DD."""

    name: str
    day: str
    yearly: bool
    free: bool


HOLIDAYS_SHOWN = announce(
    Kind(
        "planning.holidays_shown",
        HolidaysChosen,
        _("%(actor)s put the holidays of %(country)s on the calendar"),
    )
)
HOLIDAYS_HIDDEN = announce(
    Kind(
        "planning.holidays_hidden",
        HolidaysChosen,
        _("%(actor)s took the holidays of %(country)s off the calendar"),
    )
)
TEAM_DAY_ADDED = announce(
    Kind(
        "planning.team_day_added",
        TeamDayMarked,
        _("%(actor)s marked %(day)s as “%(name)s”"),
    )
)
TEAM_DAY_REMOVED = announce(
    Kind(
        "planning.team_day_removed",
        TeamDayMarked,
        _("%(actor)s removed the team’s day “%(name)s” of %(day)s"),
    )
)
