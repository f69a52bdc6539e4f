"""Choosing a way of working: the flow, the fast lane and who wears which hat, in one step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.kernel.text import clean_text
from yanzhen.people.actions.members import change_roles
from yanzhen.people.models import Member, Role, Workspace
from yanzhen.people.rights import Decision, require
from yanzhen.review.actions.fast_lane import switch_lane
from yanzhen.review.actions.flows import SEEDED, StepWish, change_flow
from yanzhen.review.events import WAY_CHOSEN, WayChosen
from yanzhen.review.models import CheckPoint, Flow
from yanzhen.review.ways import Way


@transaction.atomic
def choose_way(
    workspace: Workspace,
    way: Way,
    *,
    hats: Iterable[tuple[Member, Role]] = (),
    reason: str = "",
    by: Member,
    now: datetime,
) -> Flow:
    """Set the steps of review and the fast lane as ``way`` has them; the self-check stays.

    ``hats`` are further roles that members get besides what they have. Rounds under way keep their
    steps. Raises NotAllowed, BadLane, BadFlow ("alone" when nobody else looks and no ``reason``
    says why, "quorum" when nobody wears a hat that a step asks for), ChangedMeanwhile, LastHolder
    and TextRefused.
    """
    require(by, Decision.FLOW_EDIT, workspace_id=workspace.pk)
    # One member may wear several: each changes once, or the second change would be a stale one.
    worn: dict[int, tuple[Member, list[Role]]] = {}
    for member, role in hats:
        if not member.has_role(role.pk):
            worn.setdefault(member.pk, (member, []))[1].append(role)
    for member, more in worn.values():
        further = [*member.roles[1:], *more]
        primary, seen = member.primary_role, member.revision
        change_roles(member, primary=primary, further=further, seen=seen, by=by, now=now)
    flow = Flow.objects.get(workspace=workspace, active=True)
    points = CheckPoint.objects.filter(flow=flow).order_by("position", "pk")
    changed = change_flow(
        flow,
        by=by,
        steps=_steps(workspace, way),
        points=list(points.values_list("slug", "text")),
        reason=reason,
        now=now,
    )
    switch_lane(by, active=way.fast, now=now)
    record(
        WAY_CHOSEN,
        WayChosen(way=way.slug, reason=clean_text(reason).strip(), relaxed=way.alone),
        actor=by.ref,
        subject=workspace.ref,
        workspace_id=workspace.pk,
        at=now,
    )
    return changed


def _steps(workspace: Workspace, way: Way) -> list[StepWish]:
    """Return the seeded steps that this way uses, with their usual hours."""
    roles = {role.slug: role.pk for role in workspace.roles.all()}
    wishes = []
    for slug, _kind, role, hours in SEEDED:
        if role is None or role in way.steps:
            role_id = roles[role] if role else None
            wishes.append(StepWish(slug, "", role_id, 1, Decimal(hours)))
    return wishes
