"""What pages ask about accounts and the worker behind them."""

from __future__ import annotations

from datetime import datetime, timedelta

from yanzhen.channels.errands import LOOP
from yanzhen.jobs.models import Lease

#: A worker that has not looked for errands this long is taken for dead.
SILENCE = timedelta(seconds=10)


def worker_answers(*, now: datetime) -> bool:
    """Tell whether some worker looks for errands. ``now`` is the database's clock."""
    return Lease.objects.filter(name=LOOP, ok_at__gte=now - SILENCE).exists()
