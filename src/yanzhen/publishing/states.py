"""The states of a delivery. See docs/adr for why no move leads back from sending."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.kernel.machine import Machine, Move


class DeliveryState(models.TextChoices):
    """Where one X post, or one segment of a thread, stands."""

    SCHEDULED = "scheduled", pgettext_lazy("delivery", "Scheduled")
    CLAIMED = "claimed", pgettext_lazy("delivery", "Being prepared")
    SENDING = "sending", pgettext_lazy("delivery", "Being sent")
    AMBIGUOUS = "ambiguous", pgettext_lazy("delivery", "Checking with X")
    PUBLISHED = "published", pgettext_lazy("delivery", "Published")
    HELD = "held", pgettext_lazy("delivery", "Held")
    FAILED = "failed", pgettext_lazy("delivery", "Refused by X")
    CANCELLED = "cancelled", pgettext_lazy("delivery", "Called off")


class HoldReason(models.TextChoices):
    """Why a person must decide."""

    AMBIGUOUS = "ambiguous", _("It may or may not be on X.")
    STALE = "stale", _("It missed its time by too much.")
    FROZEN = "frozen", _("It came due during a freeze.")
    EDITED = "edited", _("The text is not the one that was passed.")
    AUTHORITY = "authority", _("The account needs reconnecting.")
    MISMATCH = "mismatch", _("The keys belong to another account.")
    LIMIT = "limit", _("X’s limit is used up.")
    UNREACHABLE = "unreachable", _("X could not be reached.")
    BEFORE = "before", _("An earlier post of the thread is not out.")
    BY_HAND = "by_hand", _("A member held it.")


class Doubt(models.TextChoices):
    """What an ambiguous delivery waits for; decides what may follow once X has been asked."""

    UNKNOWN = "unknown", _("No clear answer came; X is being asked.")
    REFUSED = "refused", _("X refused it; making sure that it is not there.")
    DUPLICATE = "duplicate", _("X knows this text already; looking for the first try.")
    AUTHORITY = "authority", _("X did not accept the keys; making sure before the next try.")
    LIMIT = "limit", _("X’s limit is used up; making sure before the next try.")


class Conclusion(models.TextChoices):
    """How one attempt ended, once that is known."""

    PUBLISHED = "published", pgettext_lazy("attempt", "X confirmed it")
    UNSENT = "unsent", pgettext_lazy("attempt", "It never left")
    FOUND = "found", pgettext_lazy("attempt", "Found on X")
    ABSENT = "absent", pgettext_lazy("attempt", "Not on X")
    UNPROVEN = "unproven", pgettext_lazy("attempt", "Could not be proven")


S = DeliveryState
DELIVERY = Machine(
    initial=S.SCHEDULED,
    terminal=frozenset({S.PUBLISHED, S.CANCELLED}),
    moves={
        "claim": Move(frozenset({S.SCHEDULED}), S.CLAIMED),
        "release": Move(frozenset({S.CLAIMED}), S.SCHEDULED),
        "intend": Move(frozenset({S.CLAIMED}), S.SENDING),
        "prove_unsent": Move(frozenset({S.SENDING}), S.SCHEDULED),
        "doubt": Move(frozenset({S.SENDING}), S.AMBIGUOUS),
        "requeue": Move(frozenset({S.AMBIGUOUS}), S.SCHEDULED),
        # From anywhere it might be sent again: that X shows it is a fact, however late it comes.
        "publish": Move(
            frozenset({S.SCHEDULED, S.CLAIMED, S.SENDING, S.AMBIGUOUS, S.HELD, S.FAILED}),
            S.PUBLISHED,
        ),
        "hold": Move(frozenset({S.SCHEDULED, S.CLAIMED, S.AMBIGUOUS, S.FAILED}), S.HELD),
        "refuse": Move(frozenset({S.AMBIGUOUS}), S.FAILED),
        "reschedule": Move(frozenset({S.SCHEDULED, S.HELD, S.FAILED}), S.SCHEDULED),
        "cancel": Move(frozenset({S.SCHEDULED, S.HELD, S.FAILED}), S.CANCELLED),
    },
)

#: It may be on X already, or be about to be.
IN_FLIGHT = frozenset({S.CLAIMED, S.SENDING, S.AMBIGUOUS})
#: Nothing has been tried; it can be called off or changed safely.
WAITING = frozenset({S.SCHEDULED})
#: A person must look.
NEEDS_PERSON = frozenset({S.HELD, S.FAILED})
