"""Where an idea stands, from a first thought to the drafts written from it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.machine import Machine, Move


class IdeaState(models.TextChoices):
    """A column of the board; what was dropped is off it."""

    IDEA = "idea", pgettext_lazy("idea", "Idea")
    BRIEF = "brief", pgettext_lazy("idea", "Brief")
    DRAFTED = "drafted", pgettext_lazy("idea", "Drafted")
    DROPPED = "dropped", pgettext_lazy("idea", "Dropped")


S = IdeaState
#: The columns of the board, from left to right.
LIVE = (S.IDEA, S.BRIEF, S.DRAFTED)
IDEA = Machine(
    initial=S.IDEA,
    terminal=frozenset(),
    moves={
        "brief": Move(frozenset({S.IDEA}), S.BRIEF),
        "back": Move(frozenset({S.BRIEF}), S.IDEA),
        # More drafts can be written later.
        "draft": Move(frozenset({S.BRIEF, S.DRAFTED}), S.DRAFTED),
        "drop": Move(frozenset(LIVE), S.DROPPED),
        "restore": Move(frozenset({S.DROPPED}), S.IDEA),
        "restore_brief": Move(frozenset({S.DROPPED}), S.BRIEF),
        "restore_drafted": Move(frozenset({S.DROPPED}), S.DRAFTED),
    },
)
