"""Which holidays the calendar shows, and the team's own days. Each is undone by its opposite."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from yanzhen.activity.spine import Kind, record
from yanzhen.kernel.holidays import countries
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, require
from yanzhen.planning.events_days import (
    HOLIDAYS_HIDDEN,
    HOLIDAYS_SHOWN,
    TEAM_DAY_ADDED,
    TEAM_DAY_REMOVED,
    HolidaysChosen,
    TeamDayMarked,
)
from yanzhen.planning.models import HolidayCountry, TeamDay

MOST_COUNTRIES = 20
MOST_TEAM_DAYS = 200


class TooManyDays(Exception):
    """The workspace has as many countries or days as the calendar takes."""


class DayThere(Exception):
    """A day of that name is marked on that date already."""


class NoSuchCountry(Exception):
    """No holidays are known under that code."""


@transaction.atomic
def show_holidays(code: str, *, by: Member, now: datetime) -> bool:
    """Show a country's holidays; return whether they were not shown yet.

    Raises NotAllowed, NoSuchCountry and TooManyDays.
    """
    require(by, Decision.PLAN_THEME, workspace_id=by.workspace_id)
    if code not in countries():
        raise NoSuchCountry(code)
    Workspace.objects.select_for_update().get(pk=by.workspace_id)
    shown = HolidayCountry.objects.filter(workspace_id=by.workspace_id)
    if shown.filter(code=code).exists():
        return False
    if shown.count() >= MOST_COUNTRIES:
        raise TooManyDays
    HolidayCountry.objects.create(workspace_id=by.workspace_id, code=code)
    _choose(HOLIDAYS_SHOWN, code, by=by, now=now)
    return True


@transaction.atomic
def hide_holidays(code: str, *, by: Member, now: datetime) -> bool:
    """Show a country's holidays no longer; return whether they were shown. Raises NotAllowed."""
    require(by, Decision.PLAN_THEME, workspace_id=by.workspace_id)
    count, _rows = HolidayCountry.objects.filter(workspace_id=by.workspace_id, code=code).delete()
    if count:
        _choose(HOLIDAYS_HIDDEN, code, by=by, now=now)
    return bool(count)


def _choose(kind: Kind, code: str, *, by: Member, now: datetime) -> None:
    record(
        kind,
        HolidaysChosen(country=code),
        actor=by.ref,
        subject=by.workspace.ref,
        workspace_id=by.workspace_id,
        at=now,
    )


@transaction.atomic
def add_team_day(
    *, day: date, name: str, yearly: bool, free: bool, by: Member, now: datetime
) -> TeamDay:
    """Mark a day for the team. Raises NotAllowed, DayThere and TooManyDays."""
    require(by, Decision.PLAN_THEME, workspace_id=by.workspace_id)
    Workspace.objects.select_for_update().get(pk=by.workspace_id)
    marked = TeamDay.objects.filter(workspace_id=by.workspace_id)
    if marked.filter(date=day, name=name).exists():
        raise DayThere(name)
    if marked.count() >= MOST_TEAM_DAYS:
        raise TooManyDays
    made = TeamDay.objects.create(
        workspace_id=by.workspace_id, date=day, name=name, yearly=yearly, free=free
    )
    _mark(TEAM_DAY_ADDED, made, by=by, now=now)
    return made


@transaction.atomic
def remove_team_day(marked: TeamDay, *, by: Member, now: datetime) -> None:
    """Remove one of the team's days. Raises NotAllowed, and DoesNotExist when it is gone."""
    require(by, Decision.PLAN_THEME, workspace_id=marked.workspace_id)
    row = TeamDay.objects.select_for_update().get(pk=marked.pk)
    _mark(TEAM_DAY_REMOVED, row, by=by, now=now)
    row.delete()


def _mark(kind: Kind, marked: TeamDay, *, by: Member, now: datetime) -> None:
    record(
        kind,
        TeamDayMarked(
            name=marked.name,
            day=marked.date.isoformat(),
            yearly=marked.yearly,
            free=marked.free,
        ),
        actor=by.ref,
        subject=by.workspace.ref,
        workspace_id=by.workspace_id,
        at=now,
    )
