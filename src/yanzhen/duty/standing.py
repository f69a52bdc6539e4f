"""What people asks that the rota knows: who is away, who is there when, which role it asks for."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from yanzhen.duty.models import Leave, Rota
from yanzhen.duty.team import TeamBoard, team_board
from yanzhen.people.models import Member
from yanzhen.people.ports import tell_away, tell_board, tell_uses


def _uses(role_id: int) -> list[str]:
    """Return the rota if it asks for the role."""
    return [_("the rota")] * Rota.objects.filter(role_id=role_id).count()


def _away(workspace_id: int, moment: datetime) -> frozenset[int]:
    # Leave that was cancelled while it ran counts up to then.
    there = Leave.objects.filter(
        member__workspace_id=workspace_id, start_at__lte=moment, end_at__gt=moment
    )
    spans = ((leave.member_id, leave.kept) for leave in there)
    return frozenset(number for number, kept in spans if kept and moment < kept.end)


def _board(reader: Member, moment: datetime) -> TeamBoard:
    return team_board(reader, now=moment)


tell_uses(_uses)
tell_away(_away)
tell_board("duty/_team.html", _board)
