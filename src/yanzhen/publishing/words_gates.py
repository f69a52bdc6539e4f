"""What a closed gate and X's bill say, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanzhen.publishing.engine.runaway import SAME_AGAIN, TOO_MANY
from yanzhen.publishing.engine.whereabouts import Suspicion
from yanzhen.publishing.models import Gate
from yanzhen.publishing.states import GateCause

_SPENT_ON: Mapping[str, Promise] = {
    "post": _("Posts without a link"),
    "link_post": _("Posts with a link"),
    "reply": _("Answers to others"),
    "repost": _("Reposts"),
    "delete": _("Deletions"),
    "media": _("Alt texts"),
    "read": _("Reading"),
}


def spent_on(what: str) -> str:
    """Return what X charged for (models.Spend.what), in the reader's language."""
    return str(_SPENT_ON.get(what, what))


_SUSPICIONS: Mapping[str, str | Promise] = {
    Suspicion.UNKNOWN: _("It has published before, and nobody knows where it lived."),
    Suspicion.ELSEWHERE: _("It does not live where it lived."),
    Suspicion.NO_MARKER: _("The marker file beside its folder is missing."),
    Suspicion.UNREADABLE: _("The marker file beside its folder cannot be read."),
    Suspicion.OTHER: _("The marker file belongs to another database."),
    Suspicion.BEHIND: _("This machine has seen it further ahead than it is now."),
}


_RUNAWAYS: Mapping[str, str | Promise] = {
    TOO_MANY: _("It was about to send more posts within an hour than are allowed."),
    SAME_AGAIN: _("It was about to send the very same post twice within 24 hours."),
}


def reason_of(gate: Gate) -> str:
    """Return why a gate is closed, in the reader's language unless a person put it in words."""
    if gate.cause == GateCause.RESTORED:
        detail = _SUSPICIONS.get(gate.reason, gate.reason)
        return f"{GateCause.RESTORED.label} {detail}".strip()
    if gate.cause == GateCause.RUNAWAY:
        return str(_RUNAWAYS.get(gate.reason, GateCause.RUNAWAY.label))
    return gate.reason
