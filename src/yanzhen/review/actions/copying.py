"""What a round takes from its flow or from the fast lane when it opens: its steps, for good."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from yanzhen.review.models import FastLane, Flow, Round, RoundStep
from yanzhen.review.states import StepKind


def copy_steps(round_: Round, flow: Flow, *, now: datetime) -> list[RoundStep]:
    """Copy the flow's steps into the round, all coming, and return them in order."""
    return [
        RoundStep.objects.create(
            round=round_,
            position=step.position,
            slug=step.slug,
            title=step.title,
            kind=step.kind,
            role_id=step.role_id,
            quorum=step.quorum,
            hours=step.hours,
            guests=step.guests,
            state_since_at=now,
        )
        for step in flow.steps.order_by("position")
    ]


def copy_lane(round_: Round, flow: Flow, lane: FastLane, *, now: datetime) -> list[RoundStep]:
    """Copy the flow's self-check and the lane's steps into the round, and return them in order."""
    signs = flow.steps.filter(kind=StepKind.SELF).order_by("position").first()
    hours = Decimal(lane.minutes) / 60
    copies: list[RoundStep] = []
    if signs is not None:
        copies.append(RoundStep(kind=StepKind.SELF, slug=signs.slug, title=signs.title))
    copies += [
        RoundStep(
            kind=StepKind.ROLE,
            slug=step.slug,
            title=step.title or ("" if step.slug else step.shown_title),
            role_id=step.role_id,
            quorum=step.quorum,
            parallel=lane.parallel,
        )
        for step in lane.steps.select_related("role").order_by("position")
    ]
    for position, copy in enumerate(copies):
        copy.round, copy.position, copy.hours, copy.state_since_at = round_, position, hours, now
        copy.save()
    return copies
