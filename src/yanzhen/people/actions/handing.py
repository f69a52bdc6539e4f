"""Handing over, or withdrawing, the invitations of somebody who leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet

from yanzhen.people.actions.invitations import withdraw_invitation
from yanzhen.people.models import Invitation, Member, Role
from yanzhen.people.rights import Decision


def invitations_of(member: Member, viewer: Member, now: datetime) -> QuerySet[Invitation]:
    """Return the invitations the member sent that still let somebody in at ``now``."""
    rows = Invitation.objects.visible_to(viewer).open(now=now)
    return rows.filter(invited_by=member)


def takers_of_invitations(
    member: Member, by: Member, now: datetime, team: Sequence[Member]
) -> Iterable[Member]:
    """Return those of the team who could have sent at least one of them; two queries."""
    sent = invitations_of(member, by, now).select_related("role")
    roles = {invitation.role_id: invitation.role for invitation in sent}
    return [each for each in team if any(_could_invite(each, role) for role in roles.values())]


def hand_over_invitations(member: Member, to: Member, by: Member, now: datetime) -> int:
    """Let ``to`` answer for what they could have sent; for the transaction of hand_over."""
    taker = Member.objects.with_roles().get(pk=to.pk)
    sent = invitations_of(member, by, now).select_related("role")
    numbers = [each.pk for each in sent if _could_invite(taker, each.role)]
    return Invitation.objects.filter(pk__in=numbers).update(invited_by=taker)


def withdraw_invitations_of(member: Member, by: Member, now: datetime) -> int:
    """Make the links of all of them useless. Raises NotAllowed."""
    sent = list(invitations_of(member, by, now).order_by("pk"))
    for invitation in sent:
        withdraw_invitation(invitation, by=by, now=now)
    return len(sent)


def _could_invite(member: Member, role: Role) -> bool:
    """Tell whether the member may invite somebody with this role by their own roles."""
    own = member.own_decisions()
    reaches = set(role.granted) <= own or str(Decision.MEMBER_ROLES) in own
    return str(Decision.MEMBER_INVITE) in own and reaches
