"""The flow a workspace agreed on, the rounds that run through it, and the fast lane."""

from yanzhen.review.models.fast import (
    ESCALATIONS,
    FAST_REASONS,
    FastLane,
    FastReason,
    FastRun,
    FastStep,
)
from yanzhen.review.models.flows import CHECK_TEXTS, STEP_TITLES, CheckPoint, Flow, Step
from yanzhen.review.models.rounds import Round, RoundStep, RoundStepQuerySet, Verdict

__all__ = [
    "CHECK_TEXTS",
    "ESCALATIONS",
    "FAST_REASONS",
    "STEP_TITLES",
    "CheckPoint",
    "FastLane",
    "FastReason",
    "FastRun",
    "FastStep",
    "Flow",
    "Round",
    "RoundStep",
    "RoundStepQuerySet",
    "Step",
    "Verdict",
]
