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
    """Payload of review.commented, which is recorded no more."""

    post: int
    body: str


@dataclass(frozen=True, slots=True)
class FlowChanged:
    """Payload of review.flow_changed. ``reason`` says why nobody but the author looks, or "".

    ``look_minutes``: how long before a post goes out the lead's last look opens, 0 for none;
    ``look_own``: also at what they wrote themselves.
    """

    steps: list[str]
    reason: str = ""
    look_minutes: int = 0
    look_own: bool = False


@dataclass(frozen=True, slots=True)
class WayChosen:
    """Payload of review.way_chosen: the preset, and why four eyes were ``relaxed``, if so."""

    way: str
    reason: str
    relaxed: bool


@dataclass(frozen=True, slots=True)
class FastStarted:
    """Payload of review.fast_started. ``reason`` is in the words the actor saw."""

    post: int
    round: int
    reason: str
    line: str
    minutes: int


@dataclass(frozen=True, slots=True)
class FastClock:
    """Payload of the fast lane's clock. ``left`` and ``took`` are minutes; ``level`` from 1."""

    post: int
    round: int
    minutes: int
    left: int = 0
    took: int = 0
    level: int = 0


@dataclass(frozen=True, slots=True)
class FastRegretted:
    """Payload of review.fast_regretted and review.fast_unregretted."""

    post: int
    reason: str


@dataclass(frozen=True, slots=True)
class LaneChanged:
    """Payload of review.fast_lane_changed: how the lane runs from now on."""

    active: bool
    minutes: int
    weekly_most: int
    parallel: bool
    people: int


@dataclass(frozen=True, slots=True)
class GuestInvited:
    """Payload of review.guest_invited. ``until`` is "YYYY-MM-DD HH:MM" UTC.

    ``level`` is the step the guest may decide, from 1; 0 for none. ``embargo`` is whether the guest
    may read the post before its embargo lifts.
    """

    post: int
    version: int
    digest: str
    link: int
    guest: str
    level: int
    until: str
    embargo: bool


@dataclass(frozen=True, slots=True)
class GuestLinked:
    """Payload of review.guest_revoked and review.guest_read."""

    post: int
    link: int
    guest: str
    digest: str


@dataclass(frozen=True, slots=True)
class GuestSaid:
    """Payload of review.guest_said."""

    post: int
    link: int
    body: str
    digest: str


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
# Recorded while comments were kept here; discussion.commented came after it. The log keeps both.
COMMENTED = announce(
    Kind("review.commented", Commented, _("%(actor)s commented on “%(subject)s”: %(body)s"))
)
FLOW_CHANGED = announce(
    Kind("review.flow_changed", FlowChanged, _("%(actor)s changed the review flow"))
)
FAST_STARTED = announce(
    Kind(
        "review.fast_started",
        FastStarted,
        _("%(actor)s sent “%(subject)s” through the fast lane, %(minutes)s min: %(line)s"),
    )
)
FAST_ESCALATED = announce(
    Kind(
        "review.fast_escalated",
        FastClock,
        _("“%(subject)s” waits in the fast lane: %(left)s of %(minutes)s min are left"),
    )
)
FAST_MET = announce(
    Kind(
        "review.fast_met",
        FastClock,
        _("“%(subject)s” was decided in the fast lane within %(minutes)s min"),
    )
)
FAST_BREACHED = announce(
    Kind(
        "review.fast_breached",
        FastClock,
        _("“%(subject)s” was not decided within the %(minutes)s min of the fast lane"),
    )
)
FAST_REGRETTED = announce(
    Kind(
        "review.fast_regretted",
        FastRegretted,
        _("%(actor)s marked the fast lane of “%(subject)s” as regretted: %(reason)s"),
    )
)
FAST_UNREGRETTED = announce(
    Kind(
        "review.fast_unregretted",
        FastRegretted,
        _("%(actor)s no longer regrets the fast lane of “%(subject)s”"),
    )
)
FAST_LANE_CHANGED = announce(
    Kind("review.fast_lane_changed", LaneChanged, _("%(actor)s changed the fast lane"))
)
GUEST_INVITED = announce(
    Kind(
        "review.guest_invited",
        GuestInvited,
        _("%(actor)s invited %(guest)s as a guest to “%(subject)s” until %(until)s"),
        moments=("until",),
    )
)
GUEST_REVOKED = announce(
    Kind(
        "review.guest_revoked",
        GuestLinked,
        _("%(actor)s revoked the link of %(guest)s to “%(subject)s”"),
    )
)
GUEST_READ = announce(
    Kind("review.guest_read", GuestLinked, _("%(actor)s opened “%(subject)s” for the first time"))
)
GUEST_SAID = announce(
    Kind("review.guest_said", GuestSaid, _("%(actor)s commented on “%(subject)s”: %(body)s"))
)
WAY_CHOSEN = announce(
    Kind("review.way_chosen", WayChosen, _("%(actor)s chose another way of working"))
)
