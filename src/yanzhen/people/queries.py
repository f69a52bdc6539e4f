"""Who may decide what: the table of the team page, with its gaps and overlaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yanzhen.people.models import Member, Role
from yanzhen.people.rights import DUTIES, Decision

#: Decisions that should have one owner. The others are shared on purpose: anyone may hold a post.
ONE_OWNER = frozenset(
    {
        Decision.PLAN_THEME,
        Decision.ACCOUNT_CONNECT,
        Decision.MEMBER_ROLES,
        Decision.ROLE_EDIT,
        Decision.FLOW_EDIT,
        Decision.WORKSPACE_EDIT,
    }
)


@dataclass(frozen=True)
class DecisionRow:
    """One decision across the roles.

    ``cells`` tells for each role, in the order given, whether it decides. ``holders`` counts active
    members. ``gap``: nobody decides. ``overlap``: how many staffed roles do where one should, or 0.
    """

    decision: Decision
    words: str
    cells: list[tuple[Role, bool]]
    holders: int
    gap: bool
    overlap: int


def decision_rows(roles: Sequence[Role], members: Sequence[Member]) -> list[DecisionRow]:
    """Build the table from loaded rows; asks the database nothing.

    ``members`` are the active ones, loaded ``with_roles()``.
    """
    staffed = {role.pk for member in members for role in member.roles}
    held = [member.decisions() for member in members]
    rows = []
    for decision, duty in DUTIES.items():
        cells = [(role, decision.value in role.granted) for role in roles]
        holders = sum(decision.value in each for each in held)
        deciding = sum(decides and role.pk in staffed for role, decides in cells)
        rows.append(
            DecisionRow(
                decision=decision,
                words=str(duty.sentence).rstrip(".。"),
                cells=cells,
                holders=holders,
                gap=holders == 0,
                overlap=deciding if decision in ONE_OWNER and deciding > 1 else 0,
            )
        )
    return rows


def at_work(member: Member, *, now: datetime) -> bool:
    """Tell whether ``now`` (aware) falls into the member's own working hours."""
    local = now.astimezone(member.user.tz)
    start, end, clock = member.user.day_start, member.user.day_end, local.time()
    if start <= end:
        return local.isoweekday() in member.user.workdays and start <= clock < end
    # A night shift belongs to the day it began on.
    began = local.isoweekday() if clock >= start else (local.isoweekday() - 2) % 7 + 1
    return began in member.user.workdays and (clock >= start or clock < end)
