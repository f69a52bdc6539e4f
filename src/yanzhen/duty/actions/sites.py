"""The places of the team: when they work, and the days they are closed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import ProtectedError

from yanzhen.activity.spine import record
from yanzhen.duty.actions.calendars import fill_calendar
from yanzhen.duty.actions.checks import PastDay
from yanzhen.duty.actions.hours import check_hours, check_weekdays
from yanzhen.duty.actions.laying import lay, lock
from yanzhen.duty.events import HOLIDAYS_SET, SITE_ADDED, SITE_CHANGED, SITE_REMOVED, Bare
from yanzhen.duty.models import Holiday, Rota, Site
from yanzhen.kernel.wall_time import zone_named
from yanzhen.people.models import Member, Workspace
from yanzhen.people.rights import Decision, require


@dataclass(frozen=True, slots=True)
class Day:
    """A holiday, or with ``made_up`` a day worked instead of one."""

    day: date
    name: str = ""
    made_up: bool = False


class NameTaken(ValueError):
    """Another place of the workspace has this name."""


class InUse(ValueError):
    """A layer, past ones too, keeps the holidays of this place."""


@transaction.atomic
def add_site(
    workspace: Workspace,
    *,
    name: str,
    zone: str,
    hours: Sequence[tuple[str, str]],
    weekdays: Collection[int],
    by: Member,
    now: datetime,
) -> Site:
    """Add a place with its working hours (wall times "HH:MM") on ISO weekdays.

    Raises NotAllowed, UnknownZone, BadHours and NameTaken.
    """
    require(by, Decision.DUTY_KEEP, workspace_id=workspace.pk)
    zone_named(zone)
    _check_name(workspace.pk, name.strip())
    site = Site.objects.create(
        workspace=workspace,
        name=name.strip(),
        zone=zone,
        hours=check_hours(hours),
        weekdays=check_weekdays(weekdays),
    )
    record(SITE_ADDED, Bare(), actor=by.ref, subject=site.ref, workspace_id=workspace.pk, at=now)
    return site


@transaction.atomic
def change_site(
    site: Site,
    *,
    name: str,
    zone: str,
    hours: Sequence[tuple[str, str]],
    weekdays: Collection[int],
    by: Member,
    now: datetime,
) -> Site:
    """Let a place have other hours, another zone or name. Layers keep hours of their own.

    Raises NotAllowed, UnknownZone, BadHours and NameTaken.
    """
    require(by, Decision.DUTY_KEEP, workspace_id=site.workspace_id)
    zone_named(zone)
    _check_name(site.workspace_id, name.strip(), but=site.pk)
    site.name, site.zone = name.strip(), zone
    site.hours, site.weekdays = check_hours(hours), check_weekdays(weekdays)
    site.save(update_fields=["name", "zone", "hours", "weekdays"])
    record(
        SITE_CHANGED, Bare(), actor=by.ref, subject=site.ref, workspace_id=site.workspace_id, at=now
    )
    return site


@transaction.atomic
def remove_site(site: Site, *, by: Member, now: datetime) -> None:
    """Remove a place with its holidays. Raises NotAllowed and InUse."""
    require(by, Decision.DUTY_KEEP, workspace_id=site.workspace_id)
    named, workspace_id = site.ref, site.workspace_id
    try:
        site.delete()
    except ProtectedError as error:
        raise InUse("a layer keeps its holidays") from error
    record(SITE_REMOVED, Bare(), actor=by.ref, subject=named, workspace_id=workspace_id, at=now)


@transaction.atomic
def set_holidays(site: Site, *, days: Sequence[Day], by: Member, now: datetime) -> Site:
    """Replace the place's own holidays from tomorrow on (its own tomorrow); earlier ones stand.

    Public ones of its calendar stay beside them. Raises NotAllowed, and PastDay for a day that is
    not ahead.
    """
    require(by, Decision.DUTY_KEEP, workspace_id=site.workspace_id)
    today = now.astimezone(zone_named(site.zone)).date()
    if any(day.day <= today for day in days):
        raise PastDay("holidays can be set from tomorrow on")
    rota = Rota.objects.filter(workspace_id=site.workspace_id).first()
    rota = lock(rota.pk) if rota else None
    Holiday.objects.filter(site=site, day_date__gt=today).delete()
    by_day = {day.day: day for day in days}
    Holiday.objects.bulk_create(
        Holiday(site=site, day_date=day.day, name=day.name[:80], made_up=day.made_up)
        for day in by_day.values()
    )
    fill_calendar(site, now=now)
    record(
        HOLIDAYS_SET,
        Bare(),
        actor=by.ref,
        subject=site.ref,
        workspace_id=site.workspace_id,
        at=now,
    )
    if rota:
        lay(rota, by=by.ref, now=now)
    return site


def _check_name(workspace_id: int, name: str, *, but: int = 0) -> None:
    if Site.objects.filter(workspace_id=workspace_id, name=name).exclude(pk=but).exists():
        raise NameTaken(name)
