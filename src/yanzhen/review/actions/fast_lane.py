"""How the fast lane runs: its minutes, its limit, its steps and what it may be used for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from yanzhen.activity.spine import record
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member, Role, Workspace
from yanzhen.people.rights import Decision, require
from yanzhen.review.events import FAST_LANE_CHANGED, LaneChanged
from yanzhen.review.models import FAST_REASONS, FastLane, FastReason, FastStep, Step
from yanzhen.review.states import StepKind

SEEDED = (("lead", "team_lead"), ("final", "brand_manager"))


@dataclass(frozen=True, slots=True)
class FastStepWish:
    """One step as a member wants it: ``quorum`` members of the role."""

    slug: str
    title: str
    role_id: int
    quorum: int


@dataclass(frozen=True, slots=True)
class LaneWish:
    """The lane as a member wants it. ``reasons`` are (number or None for a new one, text)."""

    active: bool
    minutes: int
    weekly_most: int
    parallel: bool
    steps: Sequence[FastStepWish]
    reasons: Sequence[tuple[int | None, str]]


class BadLane(Exception):
    """The lane asked for cannot be.

    ``why`` is a stable word: changed, empty, reasons, quorum, distinct or people. ``least`` is how
    many people the workspace's flow asks for.
    """

    def __init__(self, why: str, least: int = 0) -> None:
        super().__init__(why)
        self.why = why
        self.least = least


def least_people(workspace_id: int) -> int:
    """Return how many people besides the author a post needs in this workspace; at least one.

    Nobody decides twice in one round, so it is the sum over the levels of the flow.
    """
    steps = Step.objects.filter(flow__workspace_id=workspace_id, flow__active=True)
    asked = steps.filter(kind=StepKind.ROLE).aggregate(people=Sum("quorum"))["people"]
    return max(1, asked or 0)


def people_of(lane: FastLane) -> int:
    """Return how many people besides the author a post needs in the lane."""
    return lane.steps.aggregate(people=Sum("quorum"))["people"] or 0


def seed_lane(workspace: Workspace) -> FastLane:
    """Give a new workspace its lane: the people of its flow, at once; for the caller's action."""
    roles = {role.slug: role for role in workspace.roles.all()}
    lane = FastLane.objects.create(workspace=workspace)
    FastStep.objects.bulk_create(
        FastStep(lane=lane, position=position, slug=slug, role=roles[role])
        for position, (slug, role) in enumerate(SEEDED)
    )
    FastReason.objects.bulk_create(
        FastReason(lane=lane, position=position, slug=slug)
        for position, slug in enumerate(FAST_REASONS)
    )
    return lane


def _check(steps: Sequence[FastStepWish], *, workspace_id: int) -> None:
    """Refuse fewer people than the flow asks for, and more than there are."""
    if not steps:
        raise BadLane("empty")
    least = least_people(workspace_id)
    asked = sum(wish.quorum for wish in steps)
    if asked < least:
        raise BadLane("people", least)
    team = list(Member.objects.active().with_roles().filter(workspace_id=workspace_id))
    able: set[int] = set()
    for wish in steps:
        role = Role.objects.get(pk=wish.role_id, workspace_id=workspace_id)
        holders = {member.pk for member in team if member.stands_in(role.pk)}
        if not 1 <= wish.quorum <= len(holders):
            raise BadLane("quorum")
        able |= holders
    if len(able) < asked:
        raise BadLane("distinct")


def _keep_reasons(lane: FastLane, wished: Sequence[tuple[int | None, str]]) -> None:
    """Bring the list to what is wished. One that goes is kept for the runs it was given for."""
    known = {reason.pk: reason for reason in lane.reasons.filter(active=True)}
    kept = set()
    for position, (pk, given) in enumerate(wished):
        text = clean_text(given).strip()[:120]
        reason = known.get(pk) if pk is not None else None
        if reason is not None and reason.shown_text == text:
            FastReason.objects.filter(pk=reason.pk).update(position=position)
            kept.add(reason.pk)
        elif text:
            FastReason.objects.create(lane=lane, position=position, text=text)
    lane.reasons.filter(active=True, pk__in=set(known) - kept).update(active=False)


@transaction.atomic
def change_lane(by: Member, *, wish: LaneWish, seen: int, now: datetime) -> FastLane:
    """Set how the lane runs from now on; what is in it keeps its steps and its limit.

    ``seen`` is the revision the page showed. A reason whose words change is a new reason. Raises
    NotAllowed, BadLane, TextRefused, Role.DoesNotExist (a role of another workspace).
    """
    require(by, Decision.FLOW_EDIT, workspace_id=by.workspace_id)
    lanes = FastLane.objects.select_for_update(of=("self",)).select_related("workspace")
    lane = lanes.get(workspace_id=by.workspace_id)
    if lane.revision != seen:
        raise BadLane("changed")
    _check(wish.steps, workspace_id=by.workspace_id)
    if not any(clean_text(text).strip() for _pk, text in wish.reasons):
        raise BadLane("reasons")
    lane.active, lane.parallel = wish.active, wish.parallel
    lane.minutes, lane.weekly_most = wish.minutes, wish.weekly_most
    lane.revision += 1
    lane.save()
    lane.steps.all().delete()
    FastStep.objects.bulk_create(
        FastStep(
            lane=lane,
            position=position,
            slug=step.slug,
            title=clean_text(step.title).strip()[:60],
            role_id=step.role_id,
            quorum=step.quorum,
        )
        for position, step in enumerate(wish.steps)
    )
    _keep_reasons(lane, wish.reasons)
    record(
        FAST_LANE_CHANGED,
        LaneChanged(
            active=lane.active,
            minutes=lane.minutes,
            weekly_most=lane.weekly_most,
            parallel=lane.parallel,
            people=sum(step.quorum for step in wish.steps),
        ),
        actor=by.ref,
        subject=lane.ref,
        workspace_id=by.workspace_id,
        at=now,
    )
    return lane


@transaction.atomic
def switch_lane(by: Member, *, active: bool, now: datetime) -> FastLane:
    """Open or shut the lane and leave the rest of it as it is; what is in it goes on.

    Nothing happens when it stands so already. Raises NotAllowed, and BadLane when it would open
    with steps that the flow or the team does not allow.
    """
    require(by, Decision.FLOW_EDIT, workspace_id=by.workspace_id)
    lanes = FastLane.objects.select_for_update(of=("self",)).select_related("workspace")
    lane = lanes.get(workspace_id=by.workspace_id)
    if lane.active == active:
        return lane
    steps = list(lane.steps.order_by("position"))
    if active:
        wishes = [FastStepWish(s.slug, s.title, s.role_id, s.quorum) for s in steps]
        _check(wishes, workspace_id=by.workspace_id)
    lane.active = active
    lane.revision += 1
    lane.save(update_fields=["active", "revision"])
    record(
        FAST_LANE_CHANGED,
        LaneChanged(
            active=active,
            minutes=lane.minutes,
            weekly_most=lane.weekly_most,
            parallel=lane.parallel,
            people=sum(step.quorum for step in steps),
        ),
        actor=by.ref,
        subject=lane.ref,
        workspace_id=by.workspace_id,
        at=now,
    )
    return lane
