"""Writing before everybody else: on SQLite a busy database lets whoever looks most often go first.

Its waiters look again after ever longer pauses, up to 100 ms, so one that comes late among busy
workers may wait for ever. Whoever must not wait looks every millisecond instead. PostgreSQL queues.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection, transaction

Answer = TypeVar("Answer")
LOOK_EVERY_SECONDS = 0.001
PATIENCE_SECONDS = 10.0


def at_once(write: Callable[[], Answer]) -> Answer:
    """Run ``write`` in a transaction that is the next one, and return its answer.

    Inside a transaction it just runs. Raises OperationalError when there was no getting in for
    PATIENCE_SECONDS.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            return write()
    connection.ensure_connection()
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 0")
    try:
        return _looking_often(write)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {int(usual)}")


def _looking_often(write: Callable[[], Answer]) -> Answer:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        begun = False
        try:
            with transaction.atomic():
                begun = True
                return write()
        except OperationalError:
            if begun or time.monotonic() > deadline:
                raise
            time.sleep(LOOK_EVERY_SECONDS)
