"""The rota itself: its settings, the places of the team and their holidays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.duty.actions.hours import check_hours, check_weekdays
from yanzhen.duty.actions.laying import lay, lock
from yanzhen.duty.events import (
    HOLIDAYS_SET,
    ROTA_CHANGED,
    ROTA_OPENED,
    SITE_ADDED,
    Bare,
    RotaChanged,
)
from yanzhen.duty.models import Holiday, Rota, Site
from yanzhen.kernel.wall_time import zone_named
from yanzhen.people.models import Member, Role, Workspace
from yanzhen.people.rights import Decision, require


@dataclass(frozen=True, slots=True)
class Day:
    """A holiday, or with ``made_up`` a day worked instead of one."""

    day: date
    name: str = ""
    made_up: bool = False


class PastDay(ValueError):
    """That day is over or is today at the place; what was stands."""


@transaction.atomic
def open_rota(workspace: Workspace, *, by: Member, now: datetime) -> Rota:
    """Give the workspace its rota, still without layers, or return the one it has.

    Raises NotAllowed.
    """
    require(by, Decision.LEAD_SET, workspace_id=workspace.pk)
    rota, made = Rota.objects.get_or_create(
        workspace=workspace, defaults={"settled_at": now, "laid_until_at": now}
    )
    if made:
        record(
            ROTA_OPENED,
            Bare(),
            actor=by.ref,
            subject=workspace.ref,
            workspace_id=workspace.pk,
            at=now,
        )
        lay(lock(rota.pk), by=by.ref, now=now)
    return lock(rota.pk)


@transaction.atomic
def set_rota(rota: Rota, *, role: Role | None, always: bool, by: Member, now: datetime) -> Rota:
    """Say who may be on duty (a role; None: every active member) and whether round the clock.

    Raises NotAllowed, and Role.DoesNotExist for a role of another workspace.
    """
    require(by, Decision.LEAD_SET, workspace_id=rota.workspace_id)
    rota = lock(rota.pk)
    if role is not None and role.workspace_id != rota.workspace_id:
        raise Role.DoesNotExist(role.pk)
    rota.role, rota.always = role, always
    rota.save(update_fields=["role", "always"])
    record(
        ROTA_CHANGED,
        RotaChanged(role=role.shown_title if role else "", always=always),
        actor=by.ref,
        subject=rota.workspace.ref,
        workspace_id=rota.workspace_id,
        at=now,
    )
    lay(rota, by=by.ref, now=now)
    return rota


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

    Raises NotAllowed, UnknownZone, BadHours, and IntegrityError for a name that is taken.
    """
    require(by, Decision.LEAD_SET, workspace_id=workspace.pk)
    zone_named(zone)
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
def set_holidays(site: Site, *, days: Sequence[Day], by: Member, now: datetime) -> Site:
    """Replace the place's holidays from tomorrow on (its own tomorrow); earlier ones stand.

    Raises NotAllowed, and PastDay for a day that is not ahead.
    """
    require(by, Decision.LEAD_SET, workspace_id=site.workspace_id)
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
