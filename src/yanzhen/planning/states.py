"""The stages of a post, from first words to X, and of a slot it may fill."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.machine import Machine, Move


class PostState(models.TextChoices):
    """Where a post stands. Review and publishing move it, each inside its own transaction."""

    DRAFT = "draft", pgettext_lazy("post", "Draft")
    REVIEW = "review", pgettext_lazy("post", "In review")
    RETURNED = "returned", pgettext_lazy("post", "Returned")
    PASSED = "passed", pgettext_lazy("post", "Passed, no time yet")
    SCHEDULED = "scheduled", pgettext_lazy("post", "Scheduled")
    PUBLISHED = "published", pgettext_lazy("post", "Published")
    PARTIAL = "partial", pgettext_lazy("post", "Partly published")
    HELD = "held", pgettext_lazy("post", "Held")
    MISSED = "missed", pgettext_lazy("post", "Missed")
    FAILED = "failed", pgettext_lazy("post", "Failed")
    DROPPED = "dropped", pgettext_lazy("post", "Dropped")


S = PostState
_STOPPED = frozenset({S.HELD, S.FAILED, S.MISSED})
POST = Machine(
    initial=S.DRAFT,
    terminal=frozenset({S.DROPPED}),
    moves={
        "submit": Move(frozenset({S.DRAFT, S.RETURNED}), S.REVIEW),
        "withdraw": Move(frozenset({S.REVIEW}), S.DRAFT),
        "return": Move(frozenset({S.REVIEW}), S.RETURNED),
        "pass": Move(frozenset({S.REVIEW}), S.PASSED),
        "revise": Move(frozenset({S.REVIEW, S.PASSED, S.SCHEDULED, *_STOPPED}), S.DRAFT),
        "schedule": Move(frozenset({S.PASSED, S.PARTIAL, *_STOPPED}), S.SCHEDULED),
        "unschedule": Move(frozenset({S.SCHEDULED, *_STOPPED}), S.PASSED),
        "hold": Move(frozenset({S.SCHEDULED, S.PARTIAL, S.FAILED, S.MISSED}), S.HELD),
        "miss": Move(frozenset({S.SCHEDULED, S.PARTIAL, S.HELD, S.FAILED}), S.MISSED),
        "fail": Move(frozenset({S.SCHEDULED, S.PARTIAL, S.HELD, S.MISSED}), S.FAILED),
        "publish": Move(frozenset({S.SCHEDULED, S.PARTIAL, *_STOPPED}), S.PUBLISHED),
        "part": Move(frozenset({S.SCHEDULED, *_STOPPED}), S.PARTIAL),
        "drop": Move(frozenset({S.DRAFT, S.RETURNED, S.PASSED, S.SCHEDULED, *_STOPPED}), S.DROPPED),
    },
)

#: The text may be typed into.
WRITABLE = frozenset({S.DRAFT, S.RETURNED})
#: The time may be changed.
TIMEABLE = frozenset({S.DRAFT, S.REVIEW, S.RETURNED, S.PASSED, S.SCHEDULED, *_STOPPED})
#: Nothing more will happen to it by itself.
SETTLED = frozenset({S.PUBLISHED, S.DROPPED})


class SlotState(models.TextChoices):
    """Whether a slot is part of the plan. What fills it is not kept: see queries_slots."""

    PLANNED = "planned", pgettext_lazy("slot", "Planned")
    REMOVED = "removed", pgettext_lazy("slot", "Removed")


SLOT = Machine(
    initial=SlotState.PLANNED,
    terminal=frozenset(),
    moves={
        "change": Move(frozenset({SlotState.PLANNED}), SlotState.PLANNED),
        "remove": Move(frozenset({SlotState.PLANNED}), SlotState.REMOVED),
        "restore": Move(frozenset({SlotState.REMOVED}), SlotState.PLANNED),
    },
)
