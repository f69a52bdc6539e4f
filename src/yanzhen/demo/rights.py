"""Roles of Ferrow's own, one of them for one account, and somebody who decides for another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from yanzhen.channels.models import Account
from yanzhen.people.actions.delegations import delegate
from yanzhen.people.actions.members import change_roles
from yanzhen.people.actions.roles import RoleWish, make_role
from yanzhen.people.models import Member, Role
from yanzhen.people.rights import DUTIES, Decision, Voice

D = Decision


def share_rights(
    members: Mapping[str, Member], accounts: Mapping[str, Account], *, now: datetime
) -> None:
    """Make a picture desk, a lead for the care account, and let Maya decide for Priya today."""
    ada = members["ada"]
    desk = RoleWish(
        title="Picture desk",
        title_zh="图片编辑",
        mission="Finds, clears and describes every picture before it is needed.",
        mission_zh="提前找好每张图片，确认授权，写好说明。",
        decisions=[D.LIBRARY_EDIT, D.POST_HOLD, D.PUBLISH_FREEZE],
        voices={D.POST_WRITE: Voice.ASKED, D.BRAND_EDIT: Voice.PROPOSES},
    )
    _give(members["aylin"], make_role(ada.workspace, wish=desk, by=ada, now=now), by=ada, now=now)
    lead = Role.objects.get(workspace=ada.workspace, slug="team_lead")
    care = RoleWish(
        title="Care lead",
        title_zh="客服账号负责人",
        mission="Passes what goes out on the care account, and nothing else.",
        mission_zh="只审核客服账号发布的内容。",
        decisions=[d for d in D if d.value in lead.granted and DUTIES[d].by_account],
        accounts=[accounts["care"].pk],
        counts_as=lead,
        copied=lead.slug,
    )
    _give(members["jonas"], make_role(ada.workspace, wish=care, by=ada, now=now), by=ada, now=now)
    priya = members["priya"]
    delegate(
        priya,
        receiver=members["maya"],
        decisions=[D.REVIEW_DECIDE, D.PUBLISH_RESOLVE, D.POST_DROP],
        ends_at=now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=9),
        reason="In the air until the evening.",
        by=priya,
        now=now,
    )


def _give(member: Member, role: Role, *, by: Member, now: datetime) -> None:
    """Add one further role to what the member has."""
    change_roles(
        member,
        primary=member.primary_role,
        further=[*member.roles[1:], role],
        seen=member.revision,
        by=by,
        now=now,
    )
