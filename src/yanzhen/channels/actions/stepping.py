"""Remembering how far a member has come on the way to an account."""

from __future__ import annotations

from datetime import datetime

from yanzhen.channels.models import Setup
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require_somewhere


def reach_step(member: Member, step: str, *, now: datetime, app_type: str = "") -> Setup:
    """Open ``step`` (a slug of steps.py) to the member; a new ``app_type`` changes the way.

    Raises NotAllowed.
    """
    require_somewhere(member, Decision.ACCOUNT_CONNECT, workspace_id=member.workspace_id)
    fields = {"step": step, "changed_at": now} | ({"app_type": app_type} if app_type else {})
    setup, _ = Setup.objects.update_or_create(member=member, defaults=fields)
    return setup


def finish_steps(member: Member) -> None:
    """Forget the way once it has led somewhere; the next account starts from what is set up."""
    Setup.objects.filter(member=member).delete()
