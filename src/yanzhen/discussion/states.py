"""Where a discussion of a passage stands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.machine import Machine, Move


class ThreadState(models.TextChoices):
    """Whether what was said still asks something of somebody."""

    OPEN = "open", pgettext_lazy("discussion", "Open")
    RESOLVED = "resolved", pgettext_lazy("discussion", "Resolved")


S = ThreadState

DISCUSSION = Machine(
    initial=S.OPEN,
    terminal=frozenset(),
    moves={
        "resolve": Move(frozenset({S.OPEN}), S.RESOLVED),
        "reopen": Move(frozenset({S.RESOLVED}), S.OPEN),
    },
)
