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
    MISSED = "missed", pgettext_lazy("delivery", "Missed")
    FAILED = "failed", pgettext_lazy("delivery", "Refused by X")
    CANCELLED = "cancelled", pgettext_lazy("delivery", "Called off")


class HoldReason(models.TextChoices):
    """Why a person must decide."""

    AMBIGUOUS = "ambiguous", _("It may or may not be on X.")
    FROZEN = "frozen", _("It came due during a freeze.")
    EDITED = "edited", _("The text is not the one that was passed.")
    AUTHORITY = "authority", _("The account needs reconnecting.")
    MISMATCH = "mismatch", _("The keys belong to another account.")
    LIMIT = "limit", _("X’s limit is used up.")
    UNREACHABLE = "unreachable", _("X could not be reached.")
    BEFORE = "before", _("An earlier post of the thread is not out.")
    BY_HAND = "by_hand", _("A member held it.")
    MEDIA = "media", _("X did not take its media.")
    MONEY = "money", _("The account’s budget for this month is used up.")
    CREDITS = "credits", _("The X app has no money left at X.")
    RUNAWAY = "runaway", _("The account was about to post too much.")
    WINDOW = "window", _("X’s time for editing it is over.")
    EXPIRED = "expired", _("One of its files may not be used then.")
    EMBARGO = "embargo", _("Its embargo has not lifted yet.")
    REMOVED = "removed", _("What it edits, answers or shows again is gone from X.")


class Doubt(models.TextChoices):
    """What an ambiguous delivery waits for; decides what may follow once X has been asked."""

    UNKNOWN = "unknown", _("No clear answer came; X is being asked.")
    REFUSED = "refused", _("X refused it; making sure that it is not there.")
    DUPLICATE = "duplicate", _("X knows this text already; looking for the first try.")
    AUTHORITY = "authority", _("X did not accept the keys; making sure before the next try.")
    LIMIT = "limit", _("X’s limit is used up; making sure before the next try.")
    MONEY = "money", _("The X app has no money left; making sure that it is not there.")


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
            frozenset({S.SCHEDULED, S.CLAIMED, S.SENDING, S.AMBIGUOUS, S.HELD, S.FAILED, S.MISSED}),
            S.PUBLISHED,
        ),
        "hold": Move(frozenset({S.SCHEDULED, S.CLAIMED, S.AMBIGUOUS, S.FAILED, S.MISSED}), S.HELD),
        "miss": Move(frozenset({S.SCHEDULED, S.CLAIMED}), S.MISSED),
        "refuse": Move(frozenset({S.AMBIGUOUS}), S.FAILED),
        "reschedule": Move(frozenset({S.SCHEDULED, S.HELD, S.FAILED, S.MISSED}), S.SCHEDULED),
        "cancel": Move(frozenset({S.SCHEDULED, S.HELD, S.FAILED, S.MISSED}), S.CANCELLED),
    },
)

#: It may be on X already, or be about to be.
IN_FLIGHT = frozenset({S.CLAIMED, S.SENDING, S.AMBIGUOUS})
#: Nothing has been tried; it can be called off or changed safely.
WAITING = frozenset({S.SCHEDULED})
#: A person must look.
NEEDS_PERSON = frozenset({S.HELD, S.FAILED, S.MISSED})


class RemovalState(models.TextChoices):
    """Where the wish to delete a post on X stands."""

    ASKED = "asked", pgettext_lazy("removal", "Waiting to be deleted on X")
    DOING = "doing", pgettext_lazy("removal", "Being deleted on X")
    GONE = "gone", pgettext_lazy("removal", "Deleted on X")
    FAILED = "failed", pgettext_lazy("removal", "Not deleted")


R = RemovalState
REMOVAL = Machine(
    initial=R.ASKED,
    terminal=frozenset({R.GONE}),
    moves={
        "take": Move(frozenset({R.ASKED}), R.DOING),
        # Deleting twice does no harm, so what a dead worker left is simply taken up again.
        "give_back": Move(frozenset({R.DOING}), R.ASKED),
        "finish": Move(frozenset({R.DOING}), R.GONE),
        "fail": Move(frozenset({R.DOING}), R.FAILED),
        "ask_again": Move(frozenset({R.FAILED}), R.ASKED),
    },
)


class UploadState(models.TextChoices):
    """Where one media file stands at X. Uploading twice does no harm."""

    WAITING = "waiting", pgettext_lazy("upload", "Waiting")
    SENDING = "sending", pgettext_lazy("upload", "Being uploaded")
    WORKING = "working", pgettext_lazy("upload", "X is working on it")
    READY = "ready", pgettext_lazy("upload", "Ready at X")
    FAILED = "failed", pgettext_lazy("upload", "X did not take it")


class GateCause(models.TextChoices):
    """Why a gate was closed; the reason beside it is in somebody's words."""

    HAND = "hand", _("A member froze it.")
    SHELL = "shell", _("It was frozen from the command line.")
    RUNAWAY = "runaway", _("The account was about to post too much.")
    RESTORED = "restored", _("This database was restored or copied.")


class ThawOutcome(models.TextChoices):
    """What became of a wish to lift a freeze."""

    CONFIRMED = "confirmed", pgettext_lazy("thaw", "Lifted")
    REFUSED = "refused", pgettext_lazy("thaw", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("thaw", "Withdrawn")
    OVERTAKEN = "overtaken", pgettext_lazy("thaw", "Frozen again")
