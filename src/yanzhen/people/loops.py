"""The loop that says when delegations begin and end."""

from __future__ import annotations

from datetime import datetime

from yanzhen.jobs.registry import Loop, register
from yanzhen.people.actions.delegation_clock import tell_of_delegations


def keep_delegations(now: datetime) -> int:
    """Tell of what is due at ``now`` (the database's clock); return of how many things."""
    return tell_of_delegations(now=now)


register(Loop("people.delegations", keep_delegations, every_seconds=15))
