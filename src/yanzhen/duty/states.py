"""Where an offered swap stands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.machine import Machine, Move


class SwapState(models.TextChoices):
    """What has become of a swap."""

    OFFERED = "offered", pgettext_lazy("swap", "Offered")
    TAKEN = "taken", pgettext_lazy("swap", "Taken")
    BEGUN = "begun", pgettext_lazy("swap", "Begun")
    WITHDRAWN = "withdrawn", pgettext_lazy("swap", "Withdrawn")
    DECLINED = "declined", pgettext_lazy("swap", "Declined")
    LAPSED = "lapsed", pgettext_lazy("swap", "Lapsed")
    VOID = "void", pgettext_lazy("swap", "Void")


S = SwapState
#: These change who is on duty.
HOLDING = frozenset({S.TAKEN, S.BEGUN})

# Once begun it cannot be taken back: the first half is the past.
SWAP = Machine(
    initial=S.OFFERED,
    terminal=frozenset({S.WITHDRAWN, S.DECLINED, S.LAPSED, S.VOID}),
    moves={
        "take": Move(frozenset({S.OFFERED}), S.TAKEN),
        "withdraw": Move(frozenset({S.OFFERED, S.TAKEN}), S.WITHDRAWN),
        "decline": Move(frozenset({S.OFFERED}), S.DECLINED),
        "lapse": Move(frozenset({S.OFFERED}), S.LAPSED),
        "void": Move(frozenset({S.TAKEN}), S.VOID),
        "begin": Move(frozenset({S.TAKEN}), S.BEGUN),
    },
)
