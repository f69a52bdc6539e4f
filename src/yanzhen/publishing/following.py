"""Following what had left before a freeze to its end, for the command line."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from yanzhen.jobs.models import Lease
from yanzhen.kernel import clock
from yanzhen.publishing.freezes import Flight, flight_of
from yanzhen.publishing.models import Delivery

LOOK_EVERY_SECONDS = 0.5
#: Publishing's own loops run every few seconds; longer than this and nobody runs them.
SILENT_AFTER = timedelta(seconds=30)
_LOOPS = ("publishing.reap", "publishing.reconcile")


def a_worker_runs(*, now: datetime) -> bool:
    """Tell whether some worker looked lately after what was sent."""
    return Lease.objects.filter(name__in=_LOOPS, ok_at__gte=now - SILENT_AFTER).exists()


def line_of(flight: Flight) -> str:
    """Return one line about a post that had left."""
    delivery = flight.delivery
    where = f" {flight.url}" if flight.url else ""
    return f"  post {delivery.post_id} on {delivery.account}: {flight.words}{where}"


def follow(numbers: Sequence[int], *, seconds: float, say: Callable[[str], object]) -> list[Flight]:
    """Say what becomes of each of these deliveries as it ends; give up after ``seconds``.

    Returns what is still in the air then. Gives up at once when no worker runs to find out.
    """
    deadline = time.monotonic() + seconds
    open_ones = set(numbers)
    while open_ones:
        rows = Delivery.objects.filter(pk__in=open_ones).select_related("account", "post")
        flying = []
        for flight in map(flight_of, rows.order_by("due_at", "pk")):
            if flight.outcome == "flying":
                flying.append(flight)
                continue
            open_ones.discard(flight.delivery.pk)
            say(line_of(flight))
        out_of_time = time.monotonic() >= deadline
        if flying and (out_of_time or not a_worker_runs(now=clock.database_now())):
            return flying
        if flying:
            time.sleep(LOOK_EVERY_SECONDS)
    return []
