"""Django's SQLite backend, whose writers wait for one another by looking every millisecond.

SQLite's own waiters look again after ever longer pauses, up to a tenth of a second: the lock lies
free meanwhile, and one that comes late among busy writers may wait until it gives up. Looking at
an even pace keeps the lock in use and lets everybody in after about as long; whoever has waited for
long looks more often than the others, and who must not queue looks all the time.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import uniform
from typing import Any, TypeVar

from django.db import connections
from django.db.backends.sqlite3 import base

Answer = TypeVar("Answer")
LOOK_EVERY_SECONDS = 0.001
#: Looking at random, one of thirty is passed over for ten seconds now and then: the old go first.
OLD_AFTER_SECONDS, LOOK_EVERY_SECONDS_WHEN_OLD = 2.0, 0.0002
LOOK_EVERY_SECONDS_IN_A_HURRY = 0.00002
#: Where the settings name no "timeout".
PATIENCE_SECONDS = 5.0


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection to a SQLite file; the settings' "timeout" is how long it waits, in seconds."""

    in_a_hurry = False

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        """Open the file. Opening waits as SQLite does; what is asked afterwards waits evenly."""
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        connection.execute("PRAGMA busy_timeout = 0")
        return connection

    def create_cursor(self, name: str | None = None) -> Cursor:
        """Return a cursor that waits its turn."""
        del name
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        cursor.patience_seconds = self.settings_dict["OPTIONS"].get("timeout", PATIENCE_SECONDS)
        cursor.in_a_hurry = self.in_a_hurry
        return cursor


class Cursor(base.SQLiteCursorWrapper):
    """Runs statements, each when its turn has come.

    Raises sqlite3.OperationalError, as SQLite does, when it waited ``patience_seconds`` in vain.
    """

    patience_seconds: float = PATIENCE_SECONDS
    in_a_hurry: bool = False

    def execute(self, query: str, params: Any = None) -> Any:
        """See sqlite3.Cursor."""
        run = super().execute
        return self._in_turn(lambda: run(query, params))

    def executemany(self, query: str, param_list: Any) -> Any:
        """See sqlite3.Cursor."""
        run, rows = super().executemany, list(param_list)
        return self._in_turn(lambda: run(query, rows))

    def _in_turn(self, run: Callable[[], Answer]) -> Answer:
        began = time.monotonic()
        while True:
            try:
                return run()
            except sqlite3.OperationalError as error:
                waited = time.monotonic() - began
                # Inside a transaction waiting does not help: what it has read is out of date.
                hopeless = self.connection.in_transaction or waited > self.patience_seconds
                if hopeless or not _is_busy(error):
                    raise
            time.sleep(self._pause(waited))

    def _pause(self, waited: float) -> float:
        if self.in_a_hurry:
            return LOOK_EVERY_SECONDS_IN_A_HURRY
        old = waited > OLD_AFTER_SECONDS
        pause = LOOK_EVERY_SECONDS_WHEN_OLD if old else LOOK_EVERY_SECONDS
        return pause * uniform(0.5, 1.5)  # noqa: S311 -- only a pause


@contextmanager
def hurried() -> Iterator[None]:
    """Let this thread write before others that wait: it looks all the time, which costs processor.

    For what must not queue. PostgreSQL lets waiters in by their age, and nothing changes there.
    """
    here = connections["default"]
    if not isinstance(here, DatabaseWrapper):
        yield
        return
    before, here.in_a_hurry = here.in_a_hurry, True
    try:
        yield
    finally:
        here.in_a_hurry = before


def _is_busy(error: sqlite3.OperationalError) -> bool:
    # The low byte is the kind; "another has written since you looked" is one of its shades.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
