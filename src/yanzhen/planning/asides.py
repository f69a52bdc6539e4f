"""What posts say beside their texts, as the brand framework reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yanzhen.brand.findings import Aside, Place
from yanzhen.planning.content import SegmentContent


def asides_of(segments: Sequence[SegmentContent]) -> list[Aside]:
    """Return the choices of polls and the alt texts, in the order of the thread."""
    return [aside for number, each in enumerate(segments, 1) for aside in _beside(number, each)]


def _beside(number: int, segment: SegmentContent) -> Iterator[Aside]:
    choices = segment.poll.options if segment.poll else ()
    for place, said in (
        (Place.POLL, choices),
        (Place.ALT, [use.alt for use in segment.media]),
    ):
        for count, text in enumerate(said, 1):
            if text.strip():
                yield Aside(place, number, count, text)
