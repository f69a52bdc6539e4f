"""Where a quoted passage stands in a text by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yanzhen.discussion.models import QUOTE_LENGTH


@dataclass(frozen=True, slots=True)
class Place:
    """A segment in which a passage stands; ``number`` counts from 1, ``count`` is of all."""

    number: int
    count: int


def one_line(text: str) -> str:
    """Return the text with every run of white space made one space."""
    return " ".join(text.split())


def find_passage(quote: str, texts: Sequence[str], position: int | None = None) -> Place | None:
    """Return where ``quote`` stands, first looking at ``position`` (from 0); None for nowhere."""
    wanted = one_line(quote)[:QUOTE_LENGTH]
    order = sorted(range(len(texts)), key=lambda at: (at != position, at))
    for at in order:
        if wanted and wanted in one_line(texts[at]):
            return Place(at + 1, len(texts))
    return None
