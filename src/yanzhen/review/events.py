"""What review announces."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from yanzhen.activity.spine import Kind, announce


@dataclass(frozen=True, slots=True)
class RoundOpened:
    """Payload of review.round_opened. ``post`` is the post's number."""

    post: int
    round: int
    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class StepDecided:
    """Payload of review.step_passed and review.step_returned. ``level`` counts from 1."""

    post: int
    level: int
    of: int
    reason: str
    comment: str
    digest: str


@dataclass(frozen=True, slots=True)
class RoundPassed:
    """Payload of review.round_passed: the version may go out."""

    post: int
    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class RoundWithdrawn:
    """Payload of review.round_withdrawn. ``because`` is "author", "revised" or "dropped"."""

    post: int
    because: str


@dataclass(frozen=True, slots=True)
class Commented:
    """Payload of review.commented."""

    post: int
    body: str


@dataclass(frozen=True, slots=True)
class FlowChanged:
    """Payload of review.flow_changed."""

    steps: list[str]


ROUND_OPENED = announce(
    Kind(
        "review.round_opened",
        RoundOpened,
        _("%(actor)s signed the self-check and sent “%(subject)s” to review"),
    )
)
STEP_PASSED = announce(
    Kind(
        "review.step_passed",
        StepDecided,
        _("%(actor)s passed “%(subject)s”, level %(level)s of %(of)s"),
    )
)
STEP_RETURNED = announce(
    Kind("review.step_returned", StepDecided, _("%(actor)s returned “%(subject)s”: %(comment)s"))
)
ROUND_PASSED = announce(
    Kind("review.round_passed", RoundPassed, _("“%(subject)s” has passed review"))
)
ROUND_WITHDRAWN = announce(
    Kind(
        "review.round_withdrawn", RoundWithdrawn, _("%(actor)s withdrew “%(subject)s” from review")
    )
)
COMMENTED = announce(
    Kind("review.commented", Commented, _("%(actor)s commented on “%(subject)s”: %(body)s"))
)
FLOW_CHANGED = announce(
    Kind("review.flow_changed", FlowChanged, _("%(actor)s changed the review flow"))
)
