"""The time: one place to ask, so that a test can set it and the engine can trust it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models.functions import Now

_set_to: ContextVar[datetime | None] = ContextVar("clock_set_to", default=None)


def now() -> datetime:
    """Return this process's time, aware UTC. For pages and loops that nothing public hangs on."""
    return _set_to.get() or datetime.now(UTC)


def database_now() -> datetime:
    """Return the database's time, aware UTC.

    Publishing asks only this one: several workers may have wrong clocks, but they share a database.
    """
    return _set_to.get() or _ask_database()


def database_moment() -> datetime | Now:
    """Return the database's time to stand in a query, which then asks for it itself."""
    return _set_to.get() or Now()


def database_ahead() -> timedelta:
    """Return how far the database's clock is ahead of this machine's; negative when it is behind.

    Always by the real clocks. On SQLite the two are one clock, and the answer is about nothing.
    """
    before = datetime.now(UTC)
    told = _ask_database()
    after = datetime.now(UTC)
    return told - (before + (after - before) / 2)


def _ask_database() -> datetime:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            value: datetime = cursor.fetchone()[0]
            return value.astimezone(UTC)
        cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")
        return datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=UTC)


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Hold both clocks of this thread at ``moment`` (aware) inside the block; for tests."""
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)
