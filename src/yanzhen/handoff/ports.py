"""What rooms above this one can say of a shift: replies that wait, alerts that are open.

A room registers a teller once, at start; this room imports nothing of it. A teller is asked anew
for every reader, and leaves out what the reader may not see. Rooms below are read by ``waiting``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from yanzhen.people.models import Member


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits for an account (its number), and since when the oldest does (aware).

    ``name`` says what waits, in the reader's language. ``url`` is the page where it does, "" for
    none.
    """

    account: int
    name: str
    count: int
    oldest_at: datetime
    url: str = ""


@dataclass(frozen=True, slots=True)
class Open:
    """Something open that who leads must know of: an alert, a crisis."""

    title: str
    url: str
    since_at: datetime


_backlogs: list[Callable[[Member], Sequence[Backlog]]] = []
_open: list[Callable[[Member], Sequence[Open]]] = []


def tell_backlogs(teller: Callable[[Member], Sequence[Backlog]]) -> None:
    """Register who knows what waits for the accounts."""
    _backlogs.append(teller)


def tell_open(teller: Callable[[Member], Sequence[Open]]) -> None:
    """Register who knows what is open."""
    _open.append(teller)


def backlogs(member: Member) -> list[Backlog]:
    """Ask everybody what waits, the longest waiting first."""
    found = [each for teller in _backlogs for each in teller(member)]
    return sorted(found, key=lambda each: each.oldest_at)


def open_things(member: Member) -> list[Open]:
    """Ask everybody what is open, the oldest first."""
    found = [each for teller in _open for each in teller(member)]
    return sorted(found, key=lambda each: each.since_at)
