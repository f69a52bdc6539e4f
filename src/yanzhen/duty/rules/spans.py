"""Stretches of time between two moments, and what is common to them or left of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From ``start`` up to but without ``end``; both aware UTC, and ``end`` is the later."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("a span ends after it starts")

    @property
    def length(self) -> timedelta:
        """How much time passes in it."""
        return self.end - self.start

    def touches(self, other: Span) -> bool:
        """Tell whether some moment is in both."""
        return self.start < other.end and other.start < self.end

    def common(self, other: Span) -> Span | None:
        """Return what is in both, or None."""
        return between(max(self.start, other.start), min(self.end, other.end))

    def without(self, other: Span) -> list[Span]:
        """Return what is left when ``other`` is taken away: none, one or two spans."""
        if not self.touches(other):
            return [self]
        left = between(self.start, min(self.end, other.start))
        right = between(max(self.start, other.end), self.end)
        return [span for span in (left, right) if span]


def between(start: datetime, end: datetime) -> Span | None:
    """Return the span between two moments, or None where no time passes."""
    return Span(start, end) if start < end else None


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the same moments in as few spans as possible, in order."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def remaining(whole: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Return the moments of ``whole`` that are in none of ``taken``, in order."""
    left = merged(whole)
    for span in merged(taken):
        left = [part for each in left for part in each.without(span)]
    return left


def common(first: Sequence[Span], second: Sequence[Span]) -> list[Span]:
    """Return the moments in both lists, in order."""
    shared = (a.common(b) for a in first for b in second)
    return merged(span for span in shared if span)
