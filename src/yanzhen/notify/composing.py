"""What a letter says: the sentence, more about it, and what may be done, as plain values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yanzhen.activity.feed import Told, events, sentence
from yanzhen.activity.veils import Viewer, veiled_from
from yanzhen.notify import deeds
from yanzhen.notify.models import TEST, Letter
from yanzhen.notify.ports import Button, Card
from yanzhen.notify.standing import standing_of
from yanzhen.notify.states import Unsaid
from yanzhen.people.mail import address_of

#: Signs the links that lead from a message to a deed.
SALT = "yanzhen.notify.deed"


@dataclass(frozen=True, slots=True)
class Anybody:
    """Whoever may read an outlet: in the workspace, and on no embargo's list."""

    workspace_id: int
    pk: int = 0


class NothingToSay(Exception):
    """Nobody is to be told; ``why`` says why not."""

    def __init__(self, why: Unsaid) -> None:
        super().__init__(why.value)
        self.why = why


class NothingNew(Exception):
    """The message says all of it already."""


def card_of(letter: Letter) -> Card:
    """Return the card of a letter, in its reader's language. Raises NothingToSay."""
    with translation.override(letter.language):
        if letter.kind == TEST:
            return _test_card(letter)
        event, veiled = _event_of(letter)
        return _veiled_card(letter, event) if veiled else _full_card(letter, event)


def _viewer(letter: Letter) -> Viewer:
    return letter.member if letter.member is not None else Anybody(letter.workspace_id)


def _event_of(letter: Letter) -> tuple[Told, bool]:
    """Return the letter's event, and whether it is about what its reader must not know.

    A member must hear that something is stuck, if not what. A channel is told nothing at all: not
    everybody who reads there may know that there is something to know. Raises NothingToSay.
    """
    event = events().objects.filter(pk=letter.event or 0).first()
    if event is None:
        raise NothingToSay(Unsaid.GONE)
    veiled = events().objects.filter(veiled_from(_viewer(letter)), pk=event.pk).exists()
    if veiled and (letter.outlet_id is not None or not letter.urgent):
        raise NothingToSay(Unsaid.VEILED)
    return event, veiled


def _base(letter: Letter, text: str) -> Card:
    at = letter.owed_at.astimezone(UTC)
    zone = _zone(letter)
    local = at.astimezone(zone)
    shown = formats.date_format(local, pgettext("date format", "j M, H:i"))
    return Card(
        key=f"letter-{letter.rewrites_id or letter.pk}",
        kind=letter.kind,
        workspace=letter.workspace.name,
        text=text,
        at=at.isoformat(timespec="seconds"),
        when=f"{shown} {_place(zone)}",
        url=_url(letter),
        open_label=_("Open in Yanzhen"),
        urgent_label=pgettext("notices", "Urgent") if letter.urgent else "",
    )


def _zone(letter: Letter) -> ZoneInfo:
    return letter.member.user.tz if letter.member is not None else letter.workspace.tz


def _place(zone: ZoneInfo) -> str:
    return zone.key.rpartition("/")[2].replace("_", " ")


def _url(letter: Letter) -> str:
    if letter.notice_id is not None:
        return address_of("notice", pk=letter.notice_id)
    return f"{settings.BASE_URL}{letter.url or '/'}"


def _test_card(letter: Letter) -> Card:
    return _base(letter, _("This is a test. News of the team arrives here."))


def _veiled_card(letter: Letter, event: Told) -> Card:
    # Nor what became of it: that may quote what somebody on the list said.
    base = _base(letter, _("An embargoed post needs somebody on its list."))
    return replace(base, url=f"{settings.BASE_URL}/")


def _full_card(letter: Letter, event: Told) -> Card:
    with timezone.override(_zone(letter)):
        said = sentence(event)
    base = _base(letter, " ".join(said.split()))
    more = deeds.detail_of(event)
    standing = standing_of(letter, event, whole=more is None or more.whole)
    return replace(
        base,
        detail=more.text if more else "",
        note=more.note if more else "",
        outcome=standing.outcome,
        buttons=tuple(
            Button(
                slug=deed.slug,
                label=str(deed.label),
                value=f"{letter.rewrites_id or letter.pk}:{target}",
                url=deed_url(event, deed, target),
                style=deed.style,
            )
            for deed, target in standing.offers
        ),
        data=_data(event),
    )


def offers_of(card: Card) -> list[list[str]]:
    """Return what a card offers, as a letter keeps it: names of deeds with their targets."""
    return [[button.slug, button.value.partition(":")[2]] for button in card.buttons]


def mark_of(card: Card) -> str:
    """Return a mark of all that a card says; two that say the same have the same."""
    buttons = [[button.slug, button.label, button.value] for button in card.buttons]
    said = [card.text, card.detail, card.note, card.outcome, buttons]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _data(event: Told) -> Mapping[str, Any]:
    return {
        "number": event.number,
        "actor": {"type": event.actor_type, "id": event.actor_id, "name": event.actor_label},
        "subject": {
            "type": event.subject_type,
            "id": event.subject_id,
            "name": event.subject_label,
        },
        "details": event.data,
    }


def deed_url(event: Told, deed: deeds.Deed, target: str) -> str:
    """Return the signed address at which a signed-in member may do the deed."""
    token = signing.dumps(
        {"w": event.workspace_id, "e": event.pk, "d": deed.slug, "t": target},
        salt=SALT,
        compress=True,
    )
    return address_of("deed", token=token)
