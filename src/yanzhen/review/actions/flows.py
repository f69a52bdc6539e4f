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
from yanzhen.review.models import (
    CHECK_TEXTS,
    LOOK_LONGEST,
    LOOK_SHORTEST,
    CheckPoint,
    Flow,
    Step,
)
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


@dataclass(frozen=True, slots=True)
class LookWish:
    """Whether the lead looks once more, from so many ``minutes`` before on (None: nobody does).

    ``own``: also at what they wrote themselves.
    """

    minutes: int | None
    own: bool = False


class BadFlow(Exception):
    """The steps asked for cannot work.

    ``why`` is a stable word: empty, self_first, quorum, alone (nobody but the author would look,
    and no reason says why), look_span (too short or too long a time for the last look) or no_lead
    (nobody has the lead, so nobody could give the last look).
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


def _check_look(look: LookWish, workspace: Workspace) -> None:
    if look.minutes is None:
        return
    if not LOOK_SHORTEST <= look.minutes <= LOOK_LONGEST:
        raise BadFlow("look_span")
    if workspace.lead_id is None:
        raise BadFlow("no_lead")


@transaction.atomic
def change_flow(
    flow: Flow,
    *,
    by: Member,
    steps: Sequence[StepWish],
    points: Sequence[tuple[str, str]],
    look: LookWish | None = None,
    reason: str = "",
    now: datetime,
) -> Flow:
    """Replace the steps and the self-check. Rounds under way keep the steps they began with.

    ``points`` are (slug, text) pairs; a seeded slug with an empty text follows the reader's
    language. ``look`` None leaves the lead's last look as it is; a change of it holds for whatever
    is not out yet. A flow of the self-check alone takes a ``reason``, which the log keeps. Raises
    NotAllowed, BadFlow, Role.DoesNotExist (a role of another workspace).
    """
    require(by, Decision.FLOW_EDIT, workspace_id=flow.workspace_id)
    _check(steps, workspace_id=flow.workspace_id)
    why_alone = clean_text(reason).strip()[:200]
    if all(wish.role_id is None for wish in steps) and not why_alone:
        raise BadFlow("alone")
    flow = Flow.objects.select_for_update().get(pk=flow.pk)
    look = look or LookWish(flow.look_minutes, flow.look_own)
    _check_look(look, Workspace.objects.get(pk=flow.workspace_id))
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
    own = look.own and look.minutes is not None
    Flow.objects.filter(pk=flow.pk).update(look_minutes=look.minutes, look_own=own, changed_at=now)
    record(
        FLOW_CHANGED,
        FlowChanged(
            steps=[step.slug or step.title for step in made],
            reason=why_alone,
            look_minutes=look.minutes or 0,
            look_own=own,
        ),
        actor=by.ref,
        subject=flow.ref,
        workspace_id=flow.workspace_id,
        at=now,
    )
    return flow
