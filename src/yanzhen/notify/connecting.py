"""Who may connect Slack."""

from __future__ import annotations

from yanzhen.people.models import Member
from yanzhen.people.rights import Decision

#: Whoever knows the signing secret can act as every linked member. So connecting takes the right to
#: say what members may do as well, which nobody can borrow.
CONNECTING = (Decision.WORKSPACE_EDIT, Decision.MEMBER_ROLES)


def may_connect(member: Member) -> bool:
    """Tell whether the member may connect Slack, or give it other secrets."""
    return all(member.may(decision) for decision in CONNECTING)


def who_connects(member: Member) -> list[Member]:
    """Return who in the member's workspace may connect Slack, by name."""
    team = Member.objects.filter(workspace_id=member.workspace_id)
    return [each for each in team.holding(CONNECTING[-1]) if may_connect(each)]
