"""What a loop is, and the list of all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Loop:
    """Work that is looked for again and again.

    ``run_once(now)`` does what is due at ``now`` (aware UTC, the database's clock) and returns how
    many things it did; 0 means idle. It must be safe to run twice and to die anywhere.
    ``alone`` loops run in one worker at a time under a lease of ``lease_seconds``; the others run
    in every worker and claim row by row. ``budget_seconds`` is how long one run may take before the
    worker calls the loop late. ``in_web`` loops run in the web processes too, under the same lease,
    so that they go on when every worker is dead.
    """

    name: str
    run_once: Callable[[datetime], int]
    every_seconds: float
    alone: bool = True
    budget_seconds: float = 30
    lease_seconds: float = 60
    in_web: bool = False


class CannotStart(Exception):
    """A worker must not start like this; the message says what to do."""


Hook = Callable[[datetime], object]

LOOPS: dict[str, Loop] = {}
#: What a worker does before its first loop starts (if it raises, none starts), and after the last.
BEFORE: list[Hook] = []
AFTER: list[Hook] = []


def web_loops() -> list[Loop]:
    """Return the loops that the web processes run beside their pages."""
    return [loop for loop in LOOPS.values() if loop.in_web]


def register(loop: Loop) -> Loop:
    """Add a loop and return it. Raises ValueError when its name is taken by another."""
    known = LOOPS.get(loop.name)
    if known is not None and known.run_once is not loop.run_once:
        raise ValueError(f"duplicate loop {loop.name}")
    LOOPS[loop.name] = loop
    return loop
