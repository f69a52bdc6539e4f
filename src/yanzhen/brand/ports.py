"""What the brand framework needs to know of posts, and the room above it can tell.

That room registers itself once, at start; this one asks it and imports nothing. Where nobody has
registered, nothing has ever been posted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from yanzhen.brand.findings import Aside


@dataclass(frozen=True, slots=True)
class PastPost:
    """A post that went out, or is on its way. ``at`` is aware; ``url`` is its page here.

    ``asides`` are what it says in polls and alt texts.
    """

    title: str
    url: str
    account: str
    language: str
    at: datetime | None
    texts: Sequence[str]
    asides: Sequence[Aside] = ()


class PastPosts(Protocol):
    """Who knows them."""

    def recent(self, workspace_id: int, *, most: int) -> Iterator[PastPost]:
        """Yield at most ``most`` posts of the workspace, the newest first, as they went out."""
        ...


@dataclass(frozen=True, slots=True)
class NothingPosted:
    """Stands there until a room registers."""

    def recent(self, workspace_id: int, *, most: int) -> Iterator[PastPost]:
        """Know none."""
        return iter(())


_told: list[PastPosts] = [NothingPosted()]


def tell(past: PastPosts) -> None:
    """Register who is asked from now on; the last one counts."""
    _told.append(past)


def past_posts() -> PastPosts:
    """Return who is asked."""
    return _told[-1]
