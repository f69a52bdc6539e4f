"""The ledger of one delivery as a timeline: what was written down, what left, what X said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yanzhen.publishing.models import Attempt, Delivery, LookUp, Removal, Resend
from yanzhen.publishing.states import Conclusion, DeliveryState, RemovalState


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. ``kind`` paints its node: "", act, ok, held, missed
    or alert.

    ``quote`` are X's own words, in English. ``more`` says what it means.
    """

    at: datetime
    text: str
    kind: str = ""
    more: str = ""
    quote: str = ""


def ledger(
    delivery: Delivery,
    *,
    attempts: Iterable[Attempt],
    looks: Iterable[LookUp],
    resends: Iterable[Resend],
    removal: Removal | None = None,
) -> Sequence[Line]:
    """Return everything known about sending ``delivery``, oldest first."""
    lines = [Line(delivery.created_at, _("Passed and scheduled"))]
    lines.append(Line(delivery.due_at, _("It was due") if attempts or looks else _("Due")))
    for attempt in attempts:
        lines += _tried(attempt)
    lines += [_looked(look) for look in looks]
    for resend in resends:
        lines += _proposed(resend)
    lines += _standing(delivery)
    if removal is not None:
        lines += _removed(removal)
    return sorted(lines, key=lambda line: line.at)


def _tried(attempt: Attempt) -> Iterator[Line]:
    yield Line(
        attempt.intended_at,
        _("Try %(number)d written down by %(worker)s, before anything left")
        % {"number": attempt.number, "worker": attempt.owner},
        "act",
        more=_to_leave(attempt.payload),
    )
    if attempt.ended_at is not None:
        kind = "ok" if attempt.conclusion == Conclusion.PUBLISHED else ""
        yield Line(attempt.ended_at, _answer(attempt), kind, quote=attempt.detail)


def _to_leave(payload: dict[str, Any]) -> str:
    """Say what the payload holds, by count."""
    if payload.get("reposts_id"):
        return _("A repost, without words of its own")
    letters = len(payload.get("text", ""))
    parts = [ngettext("%(n)d character", "%(n)d characters", letters) % {"n": letters}]
    media = len(payload.get("media", ()))
    if media:
        parts.append(ngettext("%(n)d medium", "%(n)d media", media) % {"n": media})
    if payload.get("poll"):
        parts.append(_("a poll"))
    if payload.get("edits_id"):
        parts.append(_("as an edit"))
    elif payload.get("reply_to_id"):
        parts.append(_("as a reply"))
    return pgettext("between names", ", ").join(parts)


def _answer(attempt: Attempt) -> str:
    """Say what is known of how one try ended."""
    if attempt.status:
        return _("X answered %(status)d") % {"status": attempt.status}
    words = {
        "unsent": _("Nothing left: the connection was never made"),
        "lost": _("The worker ended before it heard an answer; the request may have left"),
        "timeout": _("No answer came in time; the request had left"),
        "broken": _("The connection broke; the request may have left"),
    }
    return words.get(attempt.code, _("No answer came; the request may have left"))


def _looked(look: LookUp) -> Line:
    who = _("%(name)s asked X") % {"name": look.by} if look.by else _("X was asked")
    if look.found:
        return Line(look.at, who, "ok", more=_("X shows it"))
    if look.proven:
        return Line(look.at, who, more=_("X does not show it"))
    return Line(look.at, who, more=_("No answer that proves anything"), quote=look.trouble)


def _proposed(resend: Resend) -> Iterator[Line]:
    yield Line(
        resend.asked_at,
        _("%(name)s proposed to send it again") % {"name": resend.asked_by},
        "act",
        more=resend.reason,
    )
    if resend.closed_at is not None and resend.confirmed_by is not None:
        said = _("%(name)s confirmed it") % {"name": resend.confirmed_by}
        yield Line(resend.closed_at, said, "act")
    elif resend.closed_at is not None:
        yield Line(resend.closed_at, _("The proposal was closed"))


def _removed(removal: Removal) -> Iterator[Line]:
    asked = _("%(name)s wants it deleted on X") % {"name": removal.asked_by}
    yield Line(removal.asked_at, asked, "act", more=removal.reason)
    if removal.ended_at is None and not removal.tries:
        return
    kind = {RemovalState.GONE: "ok", RemovalState.FAILED: "alert"}.get(
        RemovalState(removal.state), ""
    )
    label = str(RemovalState(removal.state).label)
    tries = ngettext("%(n)d try", "%(n)d tries", removal.tries) % {"n": removal.tries}
    yield Line(
        removal.ended_at or removal.state_since_at, label, kind, more=tries, quote=removal.detail
    )


def _standing(delivery: Delivery) -> Iterator[Line]:
    """Say where it stands since it stopped or went out."""
    words = {
        DeliveryState.HELD: (_("Held: a person decides"), "held"),
        DeliveryState.MISSED: (_("Missed: it will not go out by itself"), "missed"),
        DeliveryState.FAILED: (_("Refused: X does not show it"), "alert"),
        DeliveryState.PUBLISHED: (str(DeliveryState.PUBLISHED.label), "ok"),
        DeliveryState.CANCELLED: (str(DeliveryState.CANCELLED.label), ""),
    }
    if delivery.state in words:
        text, kind = words[DeliveryState(delivery.state)]
        yield Line(delivery.state_since_at, text, kind)
