"""The loop that clears away who has gone."""

from __future__ import annotations

from datetime import datetime

from yanzhen.discussion.actions.being_here import forget_gone
from yanzhen.jobs.registry import Loop, register


def forget_who_left(now: datetime) -> int:
    """Drop what pages said that are gone at ``now`` (the database's clock); return how many."""
    return forget_gone(now=now)


register(Loop("discussion.gone", forget_who_left, every_seconds=60))
