"""The loops that keep rotas true to the clock and to the calendar."""

from __future__ import annotations

from datetime import datetime

from yanzhen.duty.actions.calendars import renew_calendar, stale_sites
from yanzhen.duty.actions.keeping import keep_rota
from yanzhen.duty.models import Rota
from yanzhen.jobs.registry import Loop, register
from yanzhen.jobs.turns import in_turn


def keep_rotas(now: datetime) -> int:
    """Do what is due at ``now`` (the database's clock) in every rota; return how many things."""
    return in_turn(Rota.objects.order_by("pk"), lambda rota: keep_rota(rota, now=now))


def keep_calendars(now: datetime) -> int:
    """Lay public holidays further where they end soon or are known better; return how many places
    have other days ahead.
    """
    return in_turn(stale_sites(now), lambda site: renew_calendar(site, now=now))


register(Loop("duty.keep", keep_rotas, every_seconds=30))
register(Loop("duty.calendars", keep_calendars, every_seconds=6 * 60 * 60))
