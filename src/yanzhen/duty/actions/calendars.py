"""The public holidays of a place: chosen by country, kept as the years go by."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import translation

from yanzhen.activity.refs import SYSTEM
from yanzhen.activity.spine import record
from yanzhen.duty.actions.laying import lay, lock
from yanzhen.duty.events import CALENDAR_FOLLOWED, Bare
from yanzhen.duty.models import Holiday, Rota, Site
from yanzhen.kernel.holidays import calendar_version, holidays_of, is_known
from yanzhen.kernel.wall_time import zone_named
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require

_NAME_LENGTH = 80
#: The plan reaches twelve weeks; well before its end another year is laid.
_AT_LEAST = timedelta(days=200)


class NoCalendar(ValueError):
    """No public holidays are known under this code."""


@transaction.atomic
def follow_calendar(site: Site, *, calendar: str, by: Member, now: datetime) -> Site:
    """Let the place keep the public holidays of ``calendar`` ("DE", "DE-BY"; "" for none).

    From its own tomorrow on; what was stands. Its own holidays stay and count instead where both
    have a day. Raises NotAllowed and NoCalendar.
    """
    require(by, Decision.DUTY_KEEP, workspace_id=site.workspace_id)
    if calendar and not is_known(calendar):
        raise NoCalendar(calendar)
    rota = _locked(site)
    site.calendar = calendar
    fill_calendar(site, now=now)
    record(
        CALENDAR_FOLLOWED,
        Bare(),
        actor=by.ref,
        subject=site.ref,
        workspace_id=site.workspace_id,
        at=now,
    )
    if rota:
        lay(rota, by=by.ref, now=now)
    return site


def stale_sites(now: datetime) -> list[Site]:
    """Return the places whose public holidays end soon or come from another version's source."""
    soon = now.date() + _AT_LEAST
    rows = Site.objects.exclude(calendar="")
    stale = Q(calendar_until_date=None) | Q(calendar_until_date__lt=soon)
    return list(rows.filter(stale | ~Q(calendar_by=calendar_version())).order_by("pk"))


@transaction.atomic
def renew_calendar(site: Site, *, now: datetime) -> bool:
    """Lay the public holidays of the place further; return whether any day ahead is another."""
    rota = _locked(site)
    site = Site.objects.get(pk=site.pk)
    before = _ahead(site, now)
    fill_calendar(site, now=now)
    changed = _ahead(site, now) != before
    if rota and changed:
        lay(rota, by=SYSTEM, now=now)
    return changed


def fill_calendar(site: Site, *, now: datetime) -> None:
    """Write the public holidays of the place from tomorrow to the end of the next year.

    For use in a transaction that lays the rota anew.
    """
    today = _today(site, now)
    Holiday.objects.filter(site=site, public=True, day_date__gt=today).delete()
    until = date(today.year + 2, 1, 1)
    if site.calendar:
        taken = Holiday.objects.filter(site=site, day_date__gt=today)
        own = set(taken.values_list("day_date", flat=True))
        # Rows are in one language; whoever reads them finds the name in their own.
        with translation.override("en"):
            known = holidays_of([site.calendar], today + timedelta(days=1), until)
        Holiday.objects.bulk_create(
            Holiday(
                site=site,
                day_date=day,
                name=named[0].name[:_NAME_LENGTH],
                made_up=named[0].working,
                public=True,
            )
            for day, named in known.items()
            if day not in own
        )
    site.calendar_until_date = until if site.calendar else None
    site.calendar_by = calendar_version() if site.calendar else ""
    site.save(update_fields=["calendar", "calendar_until_date", "calendar_by"])


def _ahead(site: Site, now: datetime) -> set[tuple[date, bool]]:
    rows = Holiday.objects.filter(site=site, day_date__gt=_today(site, now))
    return set(rows.values_list("day_date", "made_up"))


def _today(site: Site, now: datetime) -> date:
    return now.astimezone(zone_named(site.zone)).date()


def _locked(site: Site) -> Rota | None:
    found = Rota.objects.filter(workspace_id=site.workspace_id).first()
    return lock(found.pk) if found else None
