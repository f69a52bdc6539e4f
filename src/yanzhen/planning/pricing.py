"""What publishing a post will cost, by X's price list."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from yanzhen.channels.prices import charges_of, has_link, total
from yanzhen.planning.content import Content, PostKind, SegmentContent


@dataclass(frozen=True, slots=True)
class Price:
    """A price in micro-dollars, segment by segment; ``links`` counts the dear ones."""

    segments: tuple[int, ...]
    links: int = 0
    described: int = 0

    @property
    def micros(self) -> int:
        """All of it."""
        return sum(self.segments)


def price_of(content: Content, *, own_target: bool = False) -> Price:
    """Return what X takes for this content; empty segments cost nothing.

    ``own_target``: the post it answers is the account's own, so that the answer is an ordinary
    post and not a summoned reply.
    """
    if content.kind == PostKind.REPOST:
        return Price((total(charges_of("", repost=True)),))
    answers = bool(content.terms.reply_to) and not own_target
    segments = [
        _one(segment, answers_other=answers and place == 0)
        for place, segment in enumerate(content.segments)
    ]
    written = [segment for segment in content.segments if not segment.is_empty]
    return Price(
        segments=tuple(segments),
        links=sum(has_link(_composed(segment.text)) for segment in written),
        described=sum(_described(segment) for segment in written),
    )


def _one(segment: SegmentContent, *, answers_other: bool) -> int:
    if segment.is_empty:
        return 0
    return total(
        charges_of(
            _composed(segment.text),
            answers_other=answers_other,
            described_media=_described(segment),
        )
    )


def _described(segment: SegmentContent) -> int:
    return sum(bool(use.alt) for use in segment.media)


def _composed(text: str) -> str:
    """Links are looked for in the composed form, as X does."""
    return unicodedata.normalize("NFC", text)
