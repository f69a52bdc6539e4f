"""Who is on duty when: layers, then leave, then swaps, then overrides, the later counting more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from yanzhen.duty.rules.layers import Layer, shifts_of
from yanzhen.duty.rules.spans import Span, merged, remaining
from yanzhen.duty.rules.turns import Away, cover_for, deal
from yanzhen.duty.rules.walls import Bent


class Why(StrEnum):
    """What put somebody on duty. Values are stored; never rename one."""

    LAYER = "layer"
    LEAVE = "leave"
    """They stand in for somebody who is away."""
    SWAP = "swap"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class Piece:
    """A member (number) on duty for ``span``. ``source`` is the number of the layer, swap or
    override behind it; ``opened`` and ``closed`` tell what the clocks did to the shift's ends.
    """

    span: Span
    member: int
    why: Why
    source: int
    opened: Bent = Bent.STRAIGHT
    closed: Bent = Bent.STRAIGHT


@dataclass(frozen=True, slots=True)
class Override:
    """A member takes ``span`` whatever the layers say. Of two, the higher ``number`` counts."""

    number: int
    span: Span
    member: int


@dataclass(frozen=True, slots=True)
class Half:
    """One way of a swap: ``taker`` is on duty in ``span`` in place of ``giver``."""

    span: Span
    giver: int
    taker: int


@dataclass(frozen=True, slots=True)
class Swap:
    """One or two halves that hold together: all of them or none.

    Once it has ``begun``, the past half cannot be undone, and the other stands or falls alone.
    """

    number: int
    halves: tuple[Half, ...]
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Dealt:
    """A turn of a layer (numbers) that begins at ``start`` and went to ``member``, or to nobody."""

    layer: int
    turn: int
    start: datetime
    member: int | None


@dataclass(frozen=True, slots=True)
class Cover:
    """Who is on duty, in order and without overlap; what was dealt; and the numbers of the swaps
    and overrides that do not hold.
    """

    pieces: tuple[Piece, ...]
    dealt: tuple[Dealt, ...]
    void_swaps: frozenset[int]
    void_overrides: frozenset[int]

    def at(self, moment: datetime) -> Piece | None:
        """Return who is on duty at ``moment`` (aware), or None."""
        return next((p for p in self.pieces if p.span.start <= moment < p.span.end), None)


def cover(
    layers: Sequence[Layer],
    whole: Span,
    *,
    away: Away,
    swaps: Sequence[Swap] = (),
    overrides: Sequence[Override] = (),
    settled: Mapping[int, Mapping[int, int | None]] | None = None,
) -> Cover:
    """Work out who is on duty in ``whole``. An override or swap by somebody away does not hold.

    ``settled`` are, for each layer, the turns that stand as they were dealt. Raises UnknownZone.
    """
    laid: list[tuple[Layer, Piece]] = []
    dealt: list[Dealt] = []
    for layer in layers:
        own, turns = _laid(layer, whole, away, (settled or {}).get(layer.number, {}))
        laid.extend((layer, piece) for piece in own)
        dealt.extend(turns)
    pieces: list[Piece] = []
    # Painted last is on top: the higher rank, and of equals who was on duty first.
    laid.sort(key=lambda each: (each[0].rank, -each[1].span.start.timestamp(), -each[0].number))
    for _, found in laid:
        pieces = _painted(pieces, found)
    pieces, void_swaps = _after_swaps(joined(pieces), swaps, whole, away)
    void_overrides = set()
    for order in sorted(overrides, key=lambda each: each.number):
        inside = order.span.common(whole)
        if away.touches(order.member, order.span):
            void_overrides.add(order.number)
        elif inside:
            pieces = _painted(pieces, Piece(inside, order.member, Why.OVERRIDE, order.number))
    return Cover(tuple(joined(pieces)), tuple(dealt), void_swaps, frozenset(void_overrides))


def gaps(pieces: Iterable[Piece], needed: Iterable[Span]) -> list[Span]:
    """Return when nobody is on duty though somebody should be."""
    return remaining(needed, (piece.span for piece in pieces))


def hours_of(layers: Iterable[Layer], whole: Span) -> list[Span]:
    """Return when the layers want somebody, whoever that is."""
    shifts = (s.span.common(whole) for layer in layers for s in shifts_of(layer, until=whole.end))
    return merged(span for span in shifts if span)


def double(pieces: Sequence[Piece], others: Sequence[Piece]) -> list[tuple[int, Span]]:
    """Return who is in both lists at once, such as primary and backup, and when."""
    found = []
    for piece in pieces:
        for other in others:
            both = piece.span.common(other.span) if piece.member == other.member else None
            if both:
                found.append((piece.member, both))
    return found


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the pieces in order, those that follow each other for the same reason as one."""
    found: list[Piece] = []
    for piece in sorted(pieces, key=lambda each: each.span):
        last = found[-1] if found else None
        if (
            last
            and last.span.end == piece.span.start
            and (last.member, last.why, last.source) == (piece.member, piece.why, piece.source)
        ):
            whole = Span(last.span.start, piece.span.end)
            found[-1] = replace(last, span=whole, closed=piece.closed)
        else:
            found.append(piece)
    return found


def moved(before: Sequence[Piece], after: Sequence[Piece]) -> frozenset[int]:
    """Return the members whose hours differ between the two."""
    people = {piece.member for piece in (*before, *after)}
    return frozenset(m for m in people if _hours(before, m) != _hours(after, m))


def _hours(pieces: Iterable[Piece], member: int) -> list[Span]:
    return merged(piece.span for piece in pieces if piece.member == member)


def _laid(
    layer: Layer, whole: Span, away: Away, settled: Mapping[int, int | None]
) -> tuple[list[Piece], list[Dealt]]:
    """Return a layer's own pieces in ``whole``, none where nobody of it is there, and its turns."""
    shifts = list(shifts_of(layer, until=whole.end))
    turns = deal(layer, shifts, away, settled=settled).taken
    starts: dict[int, datetime] = {}
    pieces = []
    for shift in shifts:
        starts.setdefault(shift.turn, shift.span.start)
        inside = shift.span.common(whole)
        holder = turns[shift.turn]
        if inside is None or holder is None:
            continue
        member: int | None = holder
        # Somebody who left during a shift has done the part before.
        if away.touches(holder, inside):
            member = cover_for(layer, holder, inside, away)
        if member is not None:
            why = Why.LAYER if member == holder else Why.LEAVE
            pieces.append(Piece(inside, member, why, layer.number, shift.opened, shift.closed))
    return pieces, [Dealt(layer.number, turn, starts[turn], m) for turn, m in turns.items()]


def _after_swaps(
    pieces: list[Piece], swaps: Sequence[Swap], whole: Span, away: Away
) -> tuple[list[Piece], frozenset[int]]:
    """Return the pieces after all swaps that hold, and the numbers of those that do not."""
    void = set()
    for swap in sorted(swaps, key=lambda each: each.number):
        swapped = _swapped(pieces, swap, whole, away)
        if swapped is None:
            void.add(swap.number)
        else:
            pieces = swapped
    return pieces, frozenset(void)


def _painted(pieces: Iterable[Piece], new: Piece) -> list[Piece]:
    """Put ``new`` over what was there: what it straddles is split, what it covers goes."""
    kept: list[Piece] = []
    for piece in pieces:
        if piece.span.touches(new.span):
            kept.extend(_cut(piece, span) for span in piece.span.without(new.span))
        else:
            kept.append(piece)
    return [*kept, new]


def _cut(piece: Piece, span: Span) -> Piece:
    """Return the part of a piece; an end that is not the shift's own was not bent by the clocks."""
    opened = piece.opened if span.start == piece.span.start else Bent.STRAIGHT
    closed = piece.closed if span.end == piece.span.end else Bent.STRAIGHT
    return replace(piece, span=span, opened=opened, closed=closed)


def _swapped(pieces: list[Piece], swap: Swap, whole: Span, away: Away) -> list[Piece] | None:
    """Return the pieces after the swap, or None when it does not hold any more."""
    ahead = [(half, span) for half in swap.halves if (span := half.span.common(whole))]
    standing = [
        (half, span)
        for half, span in ahead
        if not away.touches(half.taker, span) and _has(pieces, half.giver, span)
    ]
    if not standing or (len(standing) < len(ahead) and not swap.begun):
        return None if ahead else pieces
    for half, span in standing:
        pieces = _painted(pieces, Piece(span, half.taker, Why.SWAP, swap.number))
    return joined(pieces)


def _has(pieces: Iterable[Piece], member: int, span: Span) -> bool:
    return not remaining([span], _hours(pieces, member))
