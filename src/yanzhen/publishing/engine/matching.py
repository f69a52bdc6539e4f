"""Recognising our own post among what X shows, and what may be concluded from not finding it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from yanzhen.channels.ports import RemotePost
from yanzhen.publishing.states import Doubt

#: When X is asked, in seconds after the doubt began.
LOOK_AT_SECONDS = (5, 20, 60, 180, 600)
SETTLED_AFTER = timedelta(seconds=LOOK_AT_SECONDS[-1])
EMPTY_LOOKS_NEEDED = 2
CLOCKS_MAY_DIFFER = timedelta(minutes=2)
_SCHEME = re.compile(r"https?://")
_LAST_SLASH = re.compile(r"/(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Sought:
    """What was sent, and when the first try was intended. Empty parts are none."""

    text: str
    reply_to_id: str
    intended_at: datetime
    media_count: int = 0
    poll_options: tuple[str, ...] = ()
    quote_id: str = ""
    edits_id: str = ""
    reposts_id: str = ""


def sought_of(payload: Mapping[str, Any], intended_at: datetime) -> Sought:
    """Return what to look for after a send of ``payload`` (see prepare.payload_of)."""
    poll = payload.get("poll") or {}
    return Sought(
        text=payload.get("text", ""),
        reply_to_id=payload.get("reply_to_id", ""),
        intended_at=intended_at,
        media_count=len(payload.get("media", ())),
        poll_options=tuple(poll.get("options", ())),
        quote_id=payload.get("terms", {}).get("quote", ""),
        edits_id=payload.get("edits_id", ""),
        reposts_id=payload.get("reposts_id", ""),
    )


def plain(text: str) -> str:
    """Return ``text`` as it is compared: NFC, white space as single blanks, addresses bare.

    X shows "example.com" as "https://example.com/"; scheme and last slash say nothing about whose
    post it is.
    """
    text = _LAST_SLASH.sub("", _SCHEME.sub("", unicodedata.normalize("NFC", text)))
    return " ".join(text.split())


def matches(
    sought: Sought, shown: Iterable[RemotePost], *, linked: Iterable[str]
) -> list[RemotePost]:
    """Return those of ``shown`` that can only be ``sought``, oldest first.

    ``linked`` are ids that belong to other deliveries already.
    """
    taken = set(linked)
    earliest = sought.intended_at - CLOCKS_MAY_DIFFER
    found = [
        post
        for post in shown
        if post.id not in taken and post.created_at >= earliest and _is_it(sought, post)
    ]
    return sorted(found, key=lambda post: (len(post.id), post.id))


def _is_it(sought: Sought, post: RemotePost) -> bool:
    if sought.reposts_id or post.reposts_id:
        return post.reposts_id == sought.reposts_id
    if sought.edits_id and sought.edits_id not in post.edit_ids:
        return False
    # An edit stays where the post it replaces stood; it is not told again what that answers.
    if not sought.edits_id and post.reply_to_id != sought.reply_to_id:
        return False
    return (
        post.media_count == sought.media_count
        and tuple(map(plain, post.poll_options)) == tuple(map(plain, sought.poll_options))
        and _said(post.text, sought.quote_id) == plain(sought.text)
    )


def _said(text: str, quote_id: str) -> str:
    """Return a shown text for comparison; X puts a quoted post's address at its end."""
    said = plain(text)
    return re.sub(rf"\s*\S+/status/{quote_id}$", "", said) if quote_id else said


class Step(StrEnum):
    """What follows a look that did not find the post."""

    WAIT = "wait"
    REQUEUE = "requeue"
    REFUSE = "refuse"
    HOLD = "hold"


def conclude(doubt: str, *, elapsed: timedelta, empty_looks: int, proven: bool) -> Step:
    """Decide what follows a look that found nothing, ``elapsed`` after the doubt began.

    ``proven``: X answered, wholly, and the post was not there; ``empty_looks`` counts those
    answers, this one included. A failing look is never absence, so it can only wait or hold.
    """
    if doubt == Doubt.AUTHORITY and proven:
        return Step.REQUEUE
    if elapsed < SETTLED_AFTER:
        return Step.WAIT
    after = {
        Doubt.REFUSED: Step.REFUSE,
        Doubt.LIMIT: Step.REQUEUE,
        Doubt.MONEY: Step.REQUEUE,
    }.get(Doubt(doubt))
    if after is None or not proven:
        return Step.HOLD
    return after if empty_looks >= EMPTY_LOOKS_NEEDED else Step.WAIT


def next_look(doubted_at: datetime, now: datetime) -> datetime:
    """Return when X is to be asked next; every minute once the schedule is through."""
    times: Sequence[datetime] = [doubted_at + timedelta(seconds=s) for s in LOOK_AT_SECONDS]
    return next((at for at in times if at > now), now + timedelta(minutes=1))
