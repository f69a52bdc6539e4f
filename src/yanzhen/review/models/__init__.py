"""The flow a workspace agreed on, the rounds that run through it, the fast lane and guests."""

from yanzhen.review.models.fast import (
    ESCALATIONS,
    FAST_REASONS,
    FastLane,
    FastReason,
    FastRun,
    FastRunQuerySet,
    FastStep,
)
from yanzhen.review.models.flows import (
    CHECK_TEXTS,
    LOOK_LONGEST,
    LOOK_SHORTEST,
    STEP_TITLES,
    CheckPoint,
    Flow,
    FlowQuerySet,
    Step,
)
from yanzhen.review.models.guests import (
    NAME_LENGTH,
    GuestLink,
    GuestLinkQuerySet,
    GuestRemark,
    guest_may_decide,
    shown_by_inviters,
    standing_of,
)
from yanzhen.review.models.rounds import (
    Round,
    RoundQuerySet,
    RoundStep,
    RoundStepQuerySet,
    Verdict,
)

__all__ = [
    "CHECK_TEXTS",
    "ESCALATIONS",
    "FAST_REASONS",
    "LOOK_LONGEST",
    "LOOK_SHORTEST",
    "NAME_LENGTH",
    "STEP_TITLES",
    "CheckPoint",
    "FastLane",
    "FastReason",
    "FastRun",
    "FastRunQuerySet",
    "FastStep",
    "Flow",
    "FlowQuerySet",
    "GuestLink",
    "GuestLinkQuerySet",
    "GuestRemark",
    "Round",
    "RoundQuerySet",
    "RoundStep",
    "RoundStepQuerySet",
    "Step",
    "Verdict",
    "guest_may_decide",
    "shown_by_inviters",
    "standing_of",
]
