"""Many passages at once, asked about one: in the time a few would take."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate


class Spans:
    """Passages [start, end) of one text, which may overlap each other."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _end in ordered]
        #: How far any of the passages up to each one reaches.
        self._reach = list(accumulate((end for _start, end in ordered), max))

    def cover(self, start: int, end: int) -> bool:
        """Tell whether one of them holds all of [start, end)."""
        at = bisect_right(self._starts, start)
        return at > 0 and self._reach[at - 1] >= end

    def touch(self, start: int, end: int) -> bool:
        """Tell whether one of them shares a character with [start, end)."""
        at = bisect_left(self._starts, end)
        return at > 0 and self._reach[at - 1] > start
