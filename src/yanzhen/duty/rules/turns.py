"""Who takes which turn: in order, skipping who is away, and owing them that turn.

Who was skipped has a credit: they take a turn before anybody takes one more than the others, and
then the order goes on where it was. Nobody can owe more than one turn: who was away for months is
not punished for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from yanzhen.duty.rules.layers import Layer, Shift
from yanzhen.duty.rules.spans import Span


@dataclass(frozen=True, slots=True)
class Away:
    """When members (by number) cannot be on duty: on leave, gone, or without the role."""

    spans: Mapping[int, Sequence[Span]] = field(default_factory=dict)

    def touches(self, member: int, span: Span) -> bool:
        """Tell whether the member is away at some moment of ``span``."""
        return any(each.touches(span) for each in self.spans.get(member, ()))


@dataclass(frozen=True, slots=True)
class Turns:
    """What was dealt: ``taken`` maps a turn to its member, None where all are away.

    ``tally`` counts the turns of each member, written-off ones too; any two differ by one at most.
    """

    taken: Mapping[int, int | None]
    tally: Mapping[int, int]


def deal(
    layer: Layer,
    shifts: Sequence[Shift],
    away: Away,
    *,
    settled: Mapping[int, int | None] | None = None,
) -> Turns:
    """Deal the turns of ``shifts``, which start with the layer's first.

    A member is skipped when every shift of the turn touches a time they are away; with some shifts
    free the turn is theirs and only the others are covered for them. ``settled`` are turns that
    were dealt already and stand, so that nothing said later rewrites them.
    """
    known = settled or {}
    spans: dict[int, list[Span]] = {}
    for shift in shifts:
        spans.setdefault(shift.turn, []).append(shift.span)
    tally = dict.fromkeys(layer.order, 0)
    taken: dict[int, int | None] = {}
    pointer, previous = -1, None
    for turn, parts in sorted(spans.items()):
        if turn in known:
            free = [m for m in tally if m == known[turn]]
        else:
            free = [m for m in tally if not all(away.touches(m, span) for span in parts)]
        if not free:
            taken[turn] = previous = None
            continue
        # Not twice in a row where another has as few, and then in order after the last regular one.
        chosen = min(free, key=lambda m: (tally[m], m == previous, _after(layer, m, pointer)))
        owed = _owed(layer, chosen, tally, pointer)
        _count(tally, chosen)
        if not owed:
            pointer = layer.order.index(chosen)
        taken[turn] = previous = chosen
    return Turns(taken, tally)


def cover_for(layer: Layer, holder: int, span: Span, away: Away) -> int | None:
    """Return who stands in for ``holder``: the next in order who is there, or None."""
    at = layer.order.index(holder)
    ranked = [*layer.order[at + 1 :], *layer.order[:at]]
    return next((member for member in ranked if not away.touches(member, span)), None)


def _after(layer: Layer, member: int, pointer: int) -> int:
    return (layer.order.index(member) - pointer - 1) % len(layer.order)


def _owed(layer: Layer, member: int, tally: Mapping[int, int], pointer: int) -> bool:
    """Tell whether the member takes a turn they were skipped for: the order had passed them."""
    return pointer >= layer.order.index(member) and any(tally[m] > tally[member] for m in tally)


def _count(tally: dict[int, int], chosen: int) -> None:
    """Count a turn, and write off what others owe beyond one."""
    tally[chosen] += 1
    least = tally[chosen] - 1
    tally.update({member: max(count, least) for member, count in tally.items()})
