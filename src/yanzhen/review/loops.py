"""The loop that keeps the clock of the fast lane."""

from __future__ import annotations

from datetime import datetime

from yanzhen.jobs.registry import Loop, register
from yanzhen.review.actions.fast_clock import ring
from yanzhen.review.models import FastRun

BATCH = 50


def ring_fast_runs(now: datetime) -> int:
    """Tell what is due at ``now`` (the database's clock) in the fast lane; return how much."""
    return sum(ring(run, now=now) for run in FastRun.objects.ringing(now=now)[:BATCH])


register(Loop("review.fast", ring_fast_runs, every_seconds=5))
