"""The states of a review round and of its steps."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.machine import Machine, Move


class RoundState(models.TextChoices):
    """Where one run of a version through the flow stands."""

    OPEN = "open", pgettext_lazy("round", "Open")
    PASSED = "passed", pgettext_lazy("round", "Passed")
    RETURNED = "returned", pgettext_lazy("round", "Returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("round", "Withdrawn")


class StepState(models.TextChoices):
    """Where one step of a round stands."""

    COMING = "coming", pgettext_lazy("step", "Coming")
    NOW = "now", pgettext_lazy("step", "Waiting for a decision")
    PASSED = "passed", pgettext_lazy("step", "Passed")
    RETURNED = "returned", pgettext_lazy("step", "Returned")
    OFF = "off", pgettext_lazy("step", "Called off")


class StepKind(models.TextChoices):
    """Who a step belongs to."""

    SELF = "self", pgettext_lazy("step", "Self-check by the author")
    ROLE = "role", pgettext_lazy("step", "Decision by a role")


class GuestRule(models.TextChoices):
    """Whether a guest may decide a step in a member's place."""

    NO = "no", pgettext_lazy("guest", "Members only")
    YES = "yes", pgettext_lazy("guest", "A guest too, unless it is the last step")
    LAST = "last", pgettext_lazy("guest", "A guest too, even as the last step")


class GuestStanding(models.TextChoices):
    """Whether a guest's link still shows its post, or why not."""

    OPEN = "open", pgettext_lazy("guest link", "Open")
    REVOKED = "revoked", pgettext_lazy("guest link", "Revoked")
    EXPIRED = "expired", pgettext_lazy("guest link", "Expired")
    CHANGED = "changed", pgettext_lazy("guest link", "Ended: the post goes back to writing")
    PASSED = "passed", pgettext_lazy("guest link", "Ended: the review is over")
    WITHHELD = "withheld", pgettext_lazy("guest link", "Ended: the inviter may not show it now")


class VerdictKind(models.TextChoices):
    """What one member decided."""

    PASS = "pass", pgettext_lazy("verdict", "Pass")
    RETURN = "return", pgettext_lazy("verdict", "Return")


class Reason(models.TextChoices):
    """Why a post is returned; a comment says the rest."""

    TONE = "tone", pgettext_lazy("reason", "Tone")
    FACT = "fact", pgettext_lazy("reason", "Fact")
    TIMING = "timing", pgettext_lazy("reason", "Timing")
    RIGHTS = "rights", pgettext_lazy("reason", "Rights")


class FastOutcome(models.TextChoices):
    """How one run through the fast lane ended. Undone: taken back before anybody decided."""

    OPEN = "open", pgettext_lazy("fast lane", "Under way")
    MET = "met", pgettext_lazy("fast lane", "Met")
    BREACHED = "breached", pgettext_lazy("fast lane", "Breached")
    UNDONE = "undone", pgettext_lazy("fast lane", "Undone")
    WITHDRAWN = "withdrawn", pgettext_lazy("fast lane", "Withdrawn")


R = RoundState
ROUND = Machine(
    initial=R.OPEN,
    terminal=frozenset({R.PASSED, R.RETURNED, R.WITHDRAWN}),
    moves={
        "pass": Move(frozenset({R.OPEN}), R.PASSED),
        "return": Move(frozenset({R.OPEN}), R.RETURNED),
        "withdraw": Move(frozenset({R.OPEN}), R.WITHDRAWN),
    },
)
S = StepState
STEP = Machine(
    initial=S.COMING,
    terminal=frozenset({S.PASSED, S.RETURNED, S.OFF}),
    moves={
        "begin": Move(frozenset({S.COMING}), S.NOW),
        "pass": Move(frozenset({S.NOW}), S.PASSED),
        "return": Move(frozenset({S.NOW}), S.RETURNED),
        "call_off": Move(frozenset({S.COMING, S.NOW}), S.OFF),
    },
)
F = FastOutcome
FAST = Machine(
    initial=F.OPEN,
    terminal=frozenset({F.MET, F.BREACHED, F.UNDONE, F.WITHDRAWN}),
    moves={
        "meet": Move(frozenset({F.OPEN}), F.MET),
        "breach": Move(frozenset({F.OPEN}), F.BREACHED),
        "undo": Move(frozenset({F.OPEN}), F.UNDONE),
        "withdraw": Move(frozenset({F.OPEN}), F.WITHDRAWN),
    },
)
