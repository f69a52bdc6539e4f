"""What a new version of the rules of time zones moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from yanzhen.duty.rules.cover import Piece
from yanzhen.duty.rules.spans import Span

#: No country moves its clocks by more at once, so that beyond it is another turn.
_FURTHEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Move:
    """A turn of ``member`` that was laid as ``was`` and is ``now``; None where there is none."""

    member: int
    was: Span | None
    now: Span | None

    @property
    def start(self) -> Span:
        """The span it is sorted and named by."""
        found = self.was or self.now
        assert found is not None  # noqa: S101 -- one of the two is always there
        return found


def moves(before: Iterable[Piece], after: Iterable[Piece]) -> Sequence[Move]:
    """Return the turns that differ, in order: moved, gone (``now`` None) or new (``was`` None)."""
    old, new = list(before), list(after)
    gone = [piece for piece in old if not _has(new, piece)]
    come = [piece for piece in new if not _has(old, piece)]
    found = []
    for piece in gone:
        near = [each for each in come if _is_it(piece, each)]
        best = min(near, key=lambda each: abs(each.span.start - piece.span.start), default=None)
        if best is not None:
            come.remove(best)
        found.append(Move(piece.member, piece.span, best.span if best else None))
    found += [Move(piece.member, None, piece.span) for piece in come]
    return sorted(found, key=lambda each: each.start)


def _has(pieces: Iterable[Piece], piece: Piece) -> bool:
    return any((each.member, each.span) == (piece.member, piece.span) for each in pieces)


def _is_it(was: Piece, now: Piece) -> bool:
    same = (was.member, was.source, was.why) == (now.member, now.source, now.why)
    return same and abs(now.span.start - was.span.start) < _FURTHEST
