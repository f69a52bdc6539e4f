"""What planning needs to know of X, of money and of talk, and rooms above it can tell.

A higher room registers itself once, at start; planning asks it and imports nothing. Where nobody
has registered, nothing is known and nothing has been spent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Standing(StrEnum):
    """How a post on X stands to one of our accounts, which decides whether X takes an answer."""

    OURS = "ours"
    """The account wrote it."""
    CALLED = "called"
    """Its author mentioned or quoted the account in it."""
    UNKNOWN = "unknown"
    """As far as is known here neither."""


class Outside(Protocol):
    """What only the rooms above know."""

    def standing(self, account_id: int, post_id: str) -> Standing:
        """Tell how the post with that id on X stands to the account."""
        ...

    def spent_micros(self, account_id: int, *, now: datetime) -> int | None:
        """Return what the account has cost this calendar month (UTC); None when not known."""
        ...


@dataclass(frozen=True, slots=True)
class NothingKnown:
    """Stands there until a room registers."""

    def standing(self, account_id: int, post_id: str) -> Standing:
        """Know nothing."""
        return Standing.UNKNOWN

    def spent_micros(self, account_id: int, *, now: datetime) -> int | None:
        """Know nothing."""
        return None


_told: list[Outside] = [NothingKnown()]


def tell(outside: Outside) -> None:
    """Register who is asked from now on; the last one counts."""
    _told.append(outside)


def outside() -> Outside:
    """Return who is asked."""
    return _told[-1]


#: Returns how many open discussions each of these posts has; posts without one may be left out.
Discussions = Callable[[Iterable[int]], Mapping[int, int]]
_discussions: list[Discussions] = []


def tell_discussions(counts: Discussions) -> None:
    """Register who counts open discussions from now on; the last one counts."""
    _discussions.append(counts)


def open_discussions(posts: Iterable[int]) -> Mapping[int, int]:
    """Return how many open discussions each of these posts has, by its number; one query."""
    return _discussions[-1](posts) if _discussions else {}
