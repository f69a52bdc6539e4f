"""What X charges for what we ask of it: its published list, and the sum for one post.

Prices are those of X's pay-per-use credits as its developer documents named them in August 2026
(getting-started/pricing); X changes them without asking us, so the page that shows a price says
"about". Amounts are millionths of a US dollar.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yanzhen.kernel.links import link_spans

MICROS = 1_000_000
POST = 15_000
LINK_POST = 200_000
#: An answer to somebody who mentioned or quoted us.
SUMMONED_REPLY = 10_000
REPOST = 15_000
DELETE = 10_000
#: One call that describes a media file: alt text.
DESCRIBE_MEDIA = 5_000
READ_POST = 5_000
#: Reading own posts, where the account owns the X app.
READ_OWN_POST = 1_000


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of X's bill. ``what`` is post, link_post, reply, repost, delete, media or read."""

    what: str
    micros: int


def has_link(text: str) -> bool:
    """Tell whether X finds an address in ``text`` and charges for it."""
    return next(link_spans(text), None) is not None


def charges_of(
    text: str, *, answers_other: bool = False, described_media: int = 0, repost: bool = False
) -> tuple[Charge, ...]:
    """Return what X charges for one post or one segment.

    ``answers_other``: it is an answer to a post that is not ours. ``described_media`` counts the
    media files with alt text.
    """
    if repost:
        return (Charge("repost", REPOST),)
    if has_link(text):
        first = Charge("link_post", LINK_POST)
    elif answers_other:
        first = Charge("reply", SUMMONED_REPLY)
    else:
        first = Charge("post", POST)
    return (first, *(Charge("media", DESCRIBE_MEDIA) for _ in range(described_media)))


def total(charges: Iterable[Charge]) -> int:
    """Return the sum in micro-dollars."""
    return sum(charge.micros for charge in charges)


def dollars(micros: int) -> str:
    """Return an amount as people read it: "$0.015", "$0.20", "$23.00"."""
    exact = f"{micros / MICROS:.3f}"
    return f"${exact.removesuffix('0')}"
