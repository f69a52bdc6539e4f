"""A thread as the composer shows it: each segment with its count and the words X would cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yanzhen.kernel.text import LONGEST_TEXT, TextRefused, weigh

#: Weighted characters left from which the counter turns and speaks.
SOON = 20
_WORDS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Counted:
    """One segment. ``number`` counts from 1; ``weight`` and ``limit`` are in X's units.

    ``kept`` and ``cut`` are the words around the place where X would cut, "" while it fits.
    """

    number: int
    text: str
    weight: int
    limit: int
    kept: str = ""
    cut: str = ""

    @property
    def over(self) -> int:
        """Units beyond the limit, 0 while it fits."""
        return max(0, self.weight - self.limit)

    @property
    def state(self) -> str:
        """Give ok, soon or over, as the counter is painted."""
        if self.over:
            return "over"
        return "soon" if self.limit - self.weight <= SOON else "ok"

    @property
    def used(self) -> str:
        """The share of the limit, 0.000 to 1.000."""
        return f"{min(self.weight / self.limit, 1):.3f}"

    @property
    def rows(self) -> int:
        """Lines a textarea needs where the browser cannot size it by its content."""
        return min(24, max(3, sum(1 + len(line) // 60 for line in self.text.split("\n"))))


def count_segments(texts: Sequence[str], limit: int) -> list[Counted]:
    """Count every segment for an account that may send ``limit`` weighted characters."""
    return [_count(number, text, limit) for number, text in enumerate(texts, 1)]


def _count(number: int, text: str, limit: int) -> Counted:
    try:
        found = weigh(text, limit)
    except TextRefused:
        beyond = text[LONGEST_TEXT : LONGEST_TEXT + _WORDS_SHOWN]
        kept = text[LONGEST_TEXT - _WORDS_SHOWN : LONGEST_TEXT]
        return Counted(number, text, max(len(text), limit + 1), limit, kept, beyond)
    if found.remaining >= 0:
        return Counted(number, text, found.weight, limit)
    cut = text[found.cut_at :]
    more = "…" if len(cut) > _WORDS_SHOWN else ""
    return Counted(
        number,
        text,
        found.weight,
        limit,
        kept=text[: found.cut_at][-_WORDS_SHOWN:].lstrip(),
        cut=cut[:_WORDS_SHOWN] + more,
    )
