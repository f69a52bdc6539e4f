"""The flow itself: its steps, who decides them, how long they may take, and the self-check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member, Role, Workspace
from yanzhen.people.rights import Decision, require
from yanzhen.review.events import FLOW_CHANGED, FlowChanged
from yanzhen.review.models import CHECK_TEXTS, CheckPoint, Flow, Step
from yanzhen.review.states import GuestRule, StepKind

SEEDED = (
    ("self", StepKind.SELF, None, Decimal(1)),
    ("lead", StepKind.ROLE, "team_lead", Decimal(6)),
    ("final", StepKind.ROLE, "brand_manager", Decimal(6)),
)


@dataclass(frozen=True, slots=True)
class StepWish:
    """One step as a member wants it. ``role_id`` is None for the self-check; no guest signs it."""

    slug: str
    title: str
    role_id: int | None
    quorum: int
    hours: Decimal
    guests: str = GuestRule.NO


class BadFlow(Exception):
    """The steps asked for cannot work.

    ``why`` is a stable word: empty, self_first, quorum, or alone (nobody but the author would look,
    and no reason says why).
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def seed_flow(workspace: Workspace, *, now: datetime) -> Flow:
    """Give a new workspace the three levels and six points; for the caller's transaction."""
    roles = {role.slug: role for role in workspace.roles.all()}
    flow = Flow.objects.create(workspace=workspace, name="Standard", changed_at=now)
    Step.objects.bulk_create(
        Step(
            flow=flow,
            position=position,
            slug=slug,
            kind=kind,
            role=roles[role] if role else None,
            hours=hours,
        )
        for position, (slug, kind, role, hours) in enumerate(SEEDED)
    )
    CheckPoint.objects.bulk_create(
        CheckPoint(flow=flow, position=position, slug=slug)
        for position, slug in enumerate(CHECK_TEXTS)
    )
    return flow


def _check(wishes: Sequence[StepWish], *, workspace_id: int) -> None:
    if not wishes:
        raise BadFlow("empty")
    if any(wish.role_id is None for wish in wishes[1:]):
        raise BadFlow("self_first")
    for wish in wishes:
        if wish.role_id is None:
            continue
        role = Role.objects.get(pk=wish.role_id, workspace_id=workspace_id)
        holders = Member.objects.active().with_roles().filter(workspace_id=workspace_id)
        if sum(member.stands_in(role.pk) for member in holders) < wish.quorum or wish.quorum < 1:
            raise BadFlow("quorum")


@transaction.atomic
def change_flow(
    flow: Flow,
    *,
    by: Member,
    steps: Sequence[StepWish],
    points: Sequence[tuple[str, str]],
    reason: str = "",
    now: datetime,
) -> Flow:
    """Replace the steps and the self-check. Rounds under way keep the steps they began with.

    ``points`` are (slug, text) pairs; a seeded slug with an empty text follows the reader's
    language. A flow of the self-check alone takes a ``reason``, which the log keeps. Raises
    NotAllowed, BadFlow, Role.DoesNotExist (a role of another workspace).
    """
    require(by, Decision.FLOW_EDIT, workspace_id=flow.workspace_id)
    _check(steps, workspace_id=flow.workspace_id)
    why_alone = clean_text(reason).strip()[:200]
    if all(wish.role_id is None for wish in steps) and not why_alone:
        raise BadFlow("alone")
    Flow.objects.select_for_update().get(pk=flow.pk)
    flow.steps.all().delete()
    flow.check_points.all().delete()
    made = Step.objects.bulk_create(
        Step(
            flow=flow,
            position=position,
            slug=wish.slug,
            title=clean_text(wish.title).strip()[:60],
            kind=StepKind.SELF if wish.role_id is None else StepKind.ROLE,
            role_id=wish.role_id,
            quorum=wish.quorum,
            hours=wish.hours,
            guests=GuestRule.NO if wish.role_id is None else wish.guests,
        )
        for position, wish in enumerate(steps)
    )
    CheckPoint.objects.bulk_create(
        CheckPoint(flow=flow, position=position, slug=slug, text=clean_text(text).strip()[:200])
        for position, (slug, text) in enumerate(points)
    )
    Flow.objects.filter(pk=flow.pk).update(changed_at=now)
    record(
        FLOW_CHANGED,
        FlowChanged(steps=[step.slug or step.title for step in made], reason=why_alone),
        actor=by.ref,
        subject=flow.ref,
        workspace_id=flow.workspace_id,
        at=now,
    )
    return flow
