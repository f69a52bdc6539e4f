"""The loop that keeps rotas true to the clock."""

from __future__ import annotations

from datetime import datetime

from yanzhen.duty.actions.keeping import keep_rota
from yanzhen.duty.models import Rota
from yanzhen.jobs.registry import Loop, register


def keep_rotas(now: datetime) -> int:
    """Do what is due at ``now`` (the database's clock) in every rota; return how many things."""
    return sum(keep_rota(rota, now=now) for rota in Rota.objects.order_by("pk"))


register(Loop("duty.keep", keep_rotas, every_seconds=30))
