"""When whom to page while nobody has accepted a handover: plain minutes, no tables, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import IntEnum

#: The log of the next shift is opened so long before it.
OPENS_BEFORE = timedelta(minutes=60)
#: A refused log is handed over anew after this, mended or not.
AGAIN_AFTER = timedelta(minutes=30)
#: Minutes after the hour at which each rung is paged; the last one again and again.
MINUTES = (15, 30, 45)
EVERY = 60


class Rung(IntEnum):
    """Who is paged: each rung pages those of the rungs below it as well."""

    BOTH = 0
    DEPUTY = 1
    COORDINATOR = 2


def minutes_of(rung: int) -> int:
    """Return how many minutes after the hour a rung is paged; those above the last every hour."""
    last = len(MINUTES) - 1
    return MINUTES[rung] if rung <= last else MINUTES[last] + EVERY * (rung - last)


def due_rungs(hour: datetime, *, now: datetime) -> Sequence[int]:
    """Return the rungs that are due at ``now``, the lowest first; both times are aware.

    After a long silence of the worker the hourly repeats that nobody would want now are left out,
    but for the newest.
    """
    waited = (now - hour) // timedelta(minutes=1)
    named = [rung for rung in Rung if minutes_of(rung) <= waited]
    if len(named) < len(Rung):
        return [int(rung) for rung in named]
    newest = Rung.COORDINATOR + (waited - MINUTES[-1]) // EVERY
    return [*(int(rung) for rung in named), *([newest] if newest > Rung.COORDINATOR else [])]


def whom(rung: int) -> Rung:
    """Return up to which rung people are paged."""
    return Rung(min(rung, Rung.COORDINATOR))
