"""Where a handover stands, and the light it puts on the shift."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.machine import Machine, Move


class HandoverState(models.TextChoices):
    """What has become of a handover."""

    DRAFT = "draft", pgettext_lazy("handoff", "Being written")
    WAITING = "waiting", pgettext_lazy("handoff", "Waits to be accepted")
    ACCEPTED = "accepted", pgettext_lazy("handoff", "Accepted")
    REFUSED = "refused", pgettext_lazy("handoff", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("handoff", "Taken back")
    OVERTAKEN = "overtaken", pgettext_lazy("handoff", "Overtaken")


class Light(models.TextChoices):
    """How the shift is as a whole."""

    GREEN = "green", pgettext_lazy("handoff light", "Green: steady")
    AMBER = "amber", pgettext_lazy("handoff light", "Amber: watch it")
    RED = "red", pgettext_lazy("handoff light", "Red: something is wrong now")


class SectionKind(models.TextChoices):
    """What an entry of a section consists of."""

    ACTIONS = "actions", _("Actions with an owner and a time")
    IF_THEN = "if_then", _("If this happens, then that")
    LIST = "list", _("Points")


S = HandoverState
#: Of these a workspace has one at most.
OPEN = frozenset({S.DRAFT, S.WAITING})

# The lead moves with "accept" alone. Overtaken: the lead went another way meanwhile.
HANDOVER = Machine(
    initial=S.DRAFT,
    terminal=frozenset({S.ACCEPTED, S.REFUSED, S.WITHDRAWN, S.OVERTAKEN}),
    moves={
        "send": Move(frozenset({S.DRAFT}), S.WAITING),
        "accept": Move(frozenset({S.WAITING}), S.ACCEPTED),
        "refuse": Move(frozenset({S.WAITING}), S.REFUSED),
        "withdraw": Move(OPEN, S.WITHDRAWN),
        "overtake": Move(OPEN, S.OVERTAKEN),
    },
)
