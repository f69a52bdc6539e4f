"""Which days differ for a workspace: holidays of its countries, and the team's own days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from yanzhen.kernel.holidays import Holiday, country_of_zone, holidays_of
from yanzhen.people.models import Member
from yanzhen.planning.models import HolidayCountry, TeamDay


def shown_countries(member: Member) -> list[str]:
    """Return the codes of the countries whose holidays the workspace sees. One query."""
    rows = HolidayCountry.objects.filter(workspace_id=member.workspace_id)
    return list(rows.order_by("code").values_list("code", flat=True))


def special_days(member: Member, start: date, end: date) -> Mapping[date, Sequence[Holiday]]:
    """Return what is special about the days from ``start`` and before ``end``. Two queries.

    The team's own days come first; days that are worked in place of a holiday come last.
    """
    days: dict[date, list[Holiday]] = defaultdict(list)
    for marked in TeamDay.objects.visible_to(member).order_by("date", "pk"):
        for year in range(start.year, end.year + 1):
            day = marked.falls_in(year)
            if day is not None and start <= day < end:
                days[day].append(Holiday(marked.name, free=marked.free))
    for day, found in holidays_of(shown_countries(member), start, end).items():
        days[day] += sorted(found, key=lambda each: each.working)
    return days


def special_day(member: Member, day: date) -> Sequence[Holiday]:
    """Return what is special about one day. Two queries."""
    return special_days(member, day, day + timedelta(days=1)).get(day, ())


def team_countries(member: Member) -> list[str]:
    """Return the countries in which the team's people are, by their time zones. One query."""
    people = Member.objects.visible_to(member).filter(active=True)
    zones = people.order_by().values_list("user__zone", flat=True).distinct()
    found = {country_of_zone(zone) for zone in (*zones, member.workspace.zone)}
    return sorted(found - {""})
