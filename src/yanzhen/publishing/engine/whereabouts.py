"""Is this the database it was, where it was? Pure: what is found goes in, what it means comes out.

A restored backup believes that what went out since is still to be sent. Nothing in the database can
tell, so two things outside it are compared: where it lives, and a marker file that remembers how
far publishing had come.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum

#: A part of a place that the database did not tell; it is not compared.
UNTOLD = "?"
_PART = re.compile(r"(\w+)=(\S+)")


class Suspicion(StrEnum):
    """Why a database is taken for a copy. Values are the words that are kept beside the freeze."""

    UNKNOWN = "it has published before, but never under a worker that knows where it lives"
    ELSEWHERE = "it does not live where it lived"
    NO_MARKER = "the marker file beside its folder is missing"
    UNREADABLE = "the marker file beside its folder cannot be read"
    OTHER = "the marker file belongs to another database"
    BEHIND = "this machine has seen it further ahead than it is now"


@dataclass(frozen=True, slots=True)
class Marker:
    """What a machine remembers of the database it worked on.

    ``highest`` is the number of the newest attempt it has seen, ``at`` when it wrote this (aware
    UTC, the database's clock).
    """

    identity: str
    highest: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Life:
    """What a database says of itself: who it is, where it lived, and who it was copied from.

    ``formerly`` maps earlier identities to when they were given up.
    """

    identity: str
    place: str
    formerly: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Found:
    """What a worker finds at its start. ``used``: there are deliveries, so there is a danger.

    ``highest`` is the number of the newest attempt, 0 when nothing was ever sent. ``life`` is None
    for a database no worker has settled in. ``marker`` is None when there is none, ``unreadable``
    when there is something else in its place. ``needs_marker`` is True where the place alone cannot
    tell a restart from a restored file.
    """

    here: str
    used: bool
    highest: int
    life: Life | None
    marker: Marker | None
    unreadable: bool = False
    needs_marker: bool = False


def same_place(lived: str, here: str) -> bool:
    """Tell whether two places agree in all that both of them tell."""
    before, now = dict(_PART.findall(lived)), dict(_PART.findall(here))
    return before.keys() == now.keys() and all(
        UNTOLD in (value, now[name]) or value == now[name] for name, value in before.items()
    )


def suspect(found: Found) -> Suspicion | None:
    """Return why this database must be frozen until it is compared with X; None when it need not.

    A further machine on the same live database has no marker, which is fine where the database
    itself tells where it lives. A marker from before a copy was noticed is fine as well: that copy
    has been frozen and compared since.
    """
    if not found.used:
        return None
    if found.life is None:
        return Suspicion.UNKNOWN if found.highest else None
    if not same_place(found.life.place, found.here):
        return Suspicion.ELSEWHERE
    if found.unreadable:
        return Suspicion.UNREADABLE
    if found.marker is None:
        return Suspicion.NO_MARKER if found.needs_marker else None
    return _suspect_by(found.marker, found.life, found.highest)


def _suspect_by(marker: Marker, life: Life, highest: int) -> Suspicion | None:
    if marker.identity == life.identity:
        return Suspicion.BEHIND if marker.highest > highest else None
    given_up_at = life.formerly.get(marker.identity)
    if given_up_at is None:
        return Suspicion.OTHER
    # Written later than that, it tells of posts which the copy has never heard of.
    return Suspicion.BEHIND if marker.at > given_up_at else None


def write(marker: Marker) -> str:
    """Return the marker as the text of its file."""
    return json.dumps({**asdict(marker), "at": marker.at.isoformat()}) + "\n"


def read(text: str) -> Marker | None:
    """Return the marker in a file's text; None when it is none."""
    try:
        told = json.loads(text)
        at = datetime.fromisoformat(told["at"]).astimezone(UTC)
        marker = Marker(str(told["identity"]), int(told["highest"]), at)
    except (ValueError, KeyError, TypeError):
        return None
    return marker if marker.identity else None
