"""Turns: the lanes of one process take the processor one after the other.

Python runs one thread at a time. Lanes that all compute at once only hold each other up, one of
them with the database's write lock in hand; so each takes a turn, and none keeps it while X is
asked. It is a courtesy, not a lock: who has waited PATIENCE_SECONDS goes on.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_SECONDS = 0.5
_turn = threading.Lock()


@contextmanager
def turn() -> Iterator[None]:
    """Wait for this thread's turn, at most PATIENCE_SECONDS, and keep it meanwhile."""
    mine = _turn.acquire(timeout=PATIENCE_SECONDS)
    try:
        yield
    finally:
        if mine:
            _turn.release()
