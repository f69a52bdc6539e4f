"""State machines as tables: which move leads where, and an atomic way to make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models


class MoveRefused(Exception):
    """The row is not in a state this move may start from, or somebody moved it first.

    ``subject`` is the row, ``move`` the move asked for, ``found`` the state it is in now.
    """

    def __init__(self, subject: models.Model, move: str, found: str) -> None:
        super().__init__(f"{move} refused: {subject._meta.label} {subject.pk} is {found}")
        self.subject = subject
        self.move = move
        self.found = found


class StatefulModel(models.Model):
    """A row that a Machine moves.

    ``state_version`` rises by one with every move; a copy with an older number can move nothing.
    Subclasses declare ``state`` again with their own choices.
    """

    state = models.CharField(max_length=20)
    state_version = models.PositiveIntegerField(default=0, editable=False)
    state_since_at = models.DateTimeField()

    class Meta:
        abstract = True


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed step: from any of ``sources`` to ``target``."""

    sources: frozenset[str]
    target: str


@dataclass(frozen=True)
class Machine:
    """A closed table of moves. Raises ValueError when the table is malformed."""

    initial: str
    terminal: frozenset[str]
    moves: Mapping[str, Move]
    states: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        seen = {self.initial} | set(self.terminal)
        for move in self.moves.values():
            seen |= move.sources | {move.target}
            if move.sources & self.terminal:
                raise ValueError(f"terminal states cannot be left: {move}")
        reached = {self.initial}
        grew = True
        while grew:
            new = {m.target for m in self.moves.values() if m.sources & reached} - reached
            reached |= new
            grew = bool(new)
        if seen - reached:
            raise ValueError(f"unreachable states: {sorted(seen - reached)}")
        object.__setattr__(self, "states", frozenset(seen))

    def allows(self, move_name: str, state: str) -> bool:
        """Tell whether ``move_name`` may start from ``state``."""
        return state in self.moves[move_name].sources

    def apply(self, row: StatefulModel, move_name: str, *, now: datetime, **writes: Any) -> str:
        """Move ``row`` by one compare-and-set UPDATE and return the state it left.

        ``now`` is aware UTC. ``writes`` are further columns set in the same statement and on
        ``row``. Raises MoveRefused when the row is elsewhere by now; never overwrites a newer row.
        """
        move = self.moves[move_name]
        old: str = row.state
        rows = type(row)._default_manager.filter(pk=row.pk)
        changes = {
            **writes,
            "state": move.target,
            "state_version": row.state_version + 1,
            "state_since_at": now,
        }
        won = rows.filter(state__in=move.sources, state_version=row.state_version).update(**changes)
        if won != 1:
            found = rows.values_list("state", flat=True).first()
            raise MoveRefused(row, move_name, found or "gone")
        for name, value in changes.items():
            setattr(row, name, value)
        return old
