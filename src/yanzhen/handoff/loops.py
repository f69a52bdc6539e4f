"""The loop that opens logs in time, hands them over at their hour, and pages while they wait."""

from __future__ import annotations

from datetime import datetime

from yanzhen.handoff.actions.keeping import keep_workspace
from yanzhen.handoff.actions.looking import look_at_links
from yanzhen.jobs.registry import Loop, register
from yanzhen.jobs.turns import in_turn
from yanzhen.people.models import Workspace


def keep_handoffs(now: datetime) -> int:
    """Do what is due at ``now`` (the database's clock) everywhere; return how many things."""
    led = Workspace.objects.exclude(lead=None).order_by("pk")
    return in_turn(led, lambda workspace: keep_workspace(workspace, now=now))


register(Loop("handoff.look", look_at_links, every_seconds=20, budget_seconds=60))
register(Loop("handoff.keep", keep_handoffs, every_seconds=30))
