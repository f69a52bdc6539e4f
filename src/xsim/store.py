"""All lasting state: one SQLite database, in a file or in memory, behind one lock."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SCHEMA = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")

ACTIVITY_TABLES = (
    *("posts", "mentions", "journal", "oauth2_codes", "media", "media_segments", "post_media"),
    *("edits", "reposts", "hidden", "votes", "late", "charges", "purses"),
)
ACCOUNT_TABLES = (
    *("users", "apps", "oauth1_tokens", "oauth2_tokens", "counters", "follows", "stream_rules"),
    "subscriptions",
)

Value = str | int | float | bytes | None


class Store:
    """A SQLite connection that any thread may use; statements run one at a time."""

    def __init__(self, path: str | None, lock: threading.RLock) -> None:
        self._lock = lock
        self._connection = sqlite3.connect(
            path or ":memory:", check_same_thread=False, isolation_level=None
        )
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute("PRAGMA busy_timeout=2000")
        self._connection.executescript(SCHEMA)

    def rows(self, sql: str, values: Sequence[Value] = ()) -> list[sqlite3.Row]:
        """Run one statement and give all its rows."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Value] = ()) -> sqlite3.Row | None:
        """Run one statement and give its first row, or None."""
        with self._lock:
            found: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
            return found

    def number(self, sql: str, values: Sequence[Value] = ()) -> int:
        """Run one statement whose first column is a number; no row or NULL is 0."""
        found = self.row(sql, values)
        return int(found[0]) if found is not None and found[0] is not None else 0

    def write(self, sql: str, values: Sequence[Value] = ()) -> int:
        """Run one writing statement and give how many rows it touched."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def insert(self, table: str, columns: dict[str, Value]) -> int:
        """Insert one row and give its rowid. Table and column names come from this package only."""
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 -- names are literals of this package
        with self._lock:
            return int(self._connection.execute(sql, tuple(columns.values())).lastrowid or 0)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the statements inside all or nothing. Not to be nested."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def count(self, name: str) -> int:
        """Raise a named counter by one and give its new value, from 1."""
        with self._lock:
            self.write(
                "INSERT INTO counters (name, value) VALUES (?, 1) "
                "ON CONFLICT (name) DO UPDATE SET value = value + 1",
                (name,),
            )
            return self.number("SELECT value FROM counters WHERE name = ?", (name,))

    def wipe(self, *, accounts: bool) -> None:
        """Delete all posts and requests, and with ``accounts`` also users, apps and tokens."""
        for table in ACTIVITY_TABLES + (ACCOUNT_TABLES if accounts else ()):
            self.write(f"DELETE FROM {table}")  # noqa: S608 -- names are literals of this package

    def close(self) -> None:
        """Close the database; a file is complete afterwards."""
        with self._lock:
            self._connection.close()
