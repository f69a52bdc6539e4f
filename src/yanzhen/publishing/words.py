"""What a stop means for the person who must decide: what to do about it, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanzhen.publishing.engine.whereabouts import Suspicion
from yanzhen.publishing.models import Delivery, Gate
from yanzhen.publishing.states import DeliveryState, GateCause, HoldReason

_ADVICE: Mapping[str, str | Promise] = {
    HoldReason.AMBIGUOUS: _(
        "Look on X. If it is there, paste its link; if it is not, send it again."
    ),
    HoldReason.FROZEN: _("Nothing was sent. Give it a new time once the freeze is over."),
    HoldReason.EDITED: _("Nothing was sent. Open the post, and send its text through review."),
    HoldReason.AUTHORITY: _("Connect the account again, then send it or give it a new time."),
    HoldReason.MISMATCH: _("Nothing was sent. Connect the right account again."),
    HoldReason.LIMIT: _("X does not show it. Give it a time after the limit ends."),
    HoldReason.UNREACHABLE: _("Nothing was sent. Send it now, or give it a new time."),
    HoldReason.BEFORE: _(
        "What came before it is settled. Send the rest of the thread, or drop it."
    ),
    HoldReason.BY_HAND: _("Give it a new time when it may go out."),
    HoldReason.MEDIA: _("Nothing was sent. Open the post, change the media, and review it again."),
    HoldReason.MONEY: _("Nothing was sent. Raise the budget, or give it a time next month."),
    HoldReason.CREDITS: _("X does not show it. Buy credits at X, then send it or give it a time."),
    HoldReason.RUNAWAY: _("Nothing was sent. See what made so many posts, then unfreeze."),
    HoldReason.WINDOW: _("Nothing was sent. Drop the edit, or delete the post and write it anew."),
    HoldReason.REMOVED: _("Nothing was sent. Drop it, or write a post of its own."),
}
_MISSED = _("Nothing was sent. Give it a new time, send it now, or drop it.")
_REFUSED = _("X refused it and does not show it. Change the post, or drop it.")


def advice(delivery: Delivery) -> str:
    """Return what to do about a held or refused delivery, in the reader's language."""
    if delivery.state == DeliveryState.FAILED:
        return str(_REFUSED)
    if delivery.state == DeliveryState.MISSED:
        return str(_MISSED)
    return str(_ADVICE.get(delivery.hold_reason, ""))


def happened(delivery: Delivery) -> str:
    """Return what happened, in the reader's language."""
    if delivery.state == DeliveryState.FAILED:
        return str(_("X refused it."))
    if delivery.state == DeliveryState.MISSED:
        return str(_("It missed its time by too much."))
    return str(HoldReason(delivery.hold_reason).label)


_SUSPICIONS: Mapping[str, str | Promise] = {
    Suspicion.UNKNOWN: _("It has published before, and nobody knows where it lived."),
    Suspicion.ELSEWHERE: _("It does not live where it lived."),
    Suspicion.NO_MARKER: _("The marker file beside its folder is missing."),
    Suspicion.UNREADABLE: _("The marker file beside its folder cannot be read."),
    Suspicion.OTHER: _("The marker file belongs to another database."),
    Suspicion.BEHIND: _("This machine has seen it further ahead than it is now."),
}


def reason_of(gate: Gate) -> str:
    """Return why a gate is closed, in the reader's language unless a person put it in words."""
    if gate.cause == GateCause.RESTORED:
        detail = _SUSPICIONS.get(gate.reason, gate.reason)
        return f"{GateCause.RESTORED.label} {detail}".strip()
    return gate.reason
