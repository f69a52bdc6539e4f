"""Recognising our own post among what X shows, and what may be concluded from not finding it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

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
    """What was sent: text, reply parent ("" for none) and when the first try was intended."""

    text: str
    reply_to_id: str
    intended_at: datetime


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
    text = plain(sought.text)
    earliest = sought.intended_at - CLOCKS_MAY_DIFFER
    found = [
        post
        for post in shown
        if post.id not in taken
        and post.created_at >= earliest
        and post.reply_to_id == sought.reply_to_id
        and post.media_count == 0
        and plain(post.text) == text
    ]
    return sorted(found, key=lambda post: (len(post.id), post.id))


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
    after = {Doubt.REFUSED: Step.REFUSE, Doubt.LIMIT: Step.REQUEUE}.get(Doubt(doubt))
    if after is None or not proven:
        return Step.HOLD
    return after if empty_looks >= EMPTY_LOOKS_NEEDED else Step.WAIT


def next_look(doubted_at: datetime, now: datetime) -> datetime:
    """Return when X is to be asked next; every minute once the schedule is through."""
    times: Sequence[datetime] = [doubted_at + timedelta(seconds=s) for s in LOOK_AT_SECONDS]
    return next((at for at in times if at > now), now + timedelta(minutes=1))
