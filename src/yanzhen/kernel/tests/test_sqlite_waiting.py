"""Waiting on SQLite: evenly, for single statements as for transactions, and not for ever."""

from __future__ import annotations

import sqlite3
import threading
import time

import pytest
from django.db import OperationalError, connections

from yanzhen.kernel.sqlite.base import DatabaseWrapper, hurried

pytestmark = pytest.mark.django_db
PATIENCE_SECONDS = 0.4


@pytest.fixture
def file(tmp_path):
    """A database file with one table, and how to open connections to it."""
    opened = []

    def connect() -> DatabaseWrapper:
        mine = connections["default"].settings_dict | {"ENGINE": "yanzhen.kernel.sqlite"}
        options = {
            "transaction_mode": "IMMEDIATE",
            "timeout": PATIENCE_SECONDS,
            "init_command": "PRAGMA journal_mode=WAL",
        }
        mine |= {"NAME": tmp_path / "file.sqlite3", "OPTIONS": options}
        opened.append(DatabaseWrapper(mine, alias=f"file{len(opened)}"))
        opened[-1].inc_thread_sharing()
        return opened[-1]

    with connect().cursor() as cursor:
        cursor.execute("CREATE TABLE goose (name TEXT)")
    yield connect
    for one in opened:
        one.close()


class Holder:
    """Has the write lock of the file until it lets go."""

    def __init__(self, path: str) -> None:
        self.raw = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.raw.execute("BEGIN IMMEDIATE")

    def let_go(self) -> None:
        self.raw.execute("COMMIT")
        self.raw.close()


def begin(mine: DatabaseWrapper) -> None:
    mine.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def single(mine: DatabaseWrapper) -> None:
    with mine.cursor() as cursor:
        cursor.execute("INSERT INTO goose VALUES (%s)", ["Li"])


def several(mine: DatabaseWrapper) -> None:
    with mine.cursor() as cursor:
        cursor.executemany("INSERT INTO goose VALUES (%s)", (name for name in [["Li"], ["Wu"]]))


@pytest.mark.parametrize("write", [begin, single, several])
def test_writer_gets_in_when_the_lock_is_free_again(file, write):
    mine = file()
    holder = Holder(mine.settings_dict["NAME"])
    began = time.monotonic()
    threading.Timer(0.1, holder.let_go).start()
    write(mine)
    assert time.monotonic() - began >= 0.1


@pytest.mark.parametrize("write", [begin, single, several])
def test_writer_is_told_when_the_lock_stays_taken(file, write):
    mine = file()
    holder = Holder(mine.settings_dict["NAME"])
    began = time.monotonic()
    with pytest.raises(OperationalError, match="locked"):
        write(mine)
    assert time.monotonic() - began >= PATIENCE_SECONDS
    holder.let_go()
    write(mine)


def test_statement_that_can_never_succeed_is_told_at_once(file):
    """A transaction that read first and writes what another has written since."""
    mine, other = file(), file()
    mine.ensure_connection()
    mine.connection.execute("BEGIN DEFERRED")
    mine.connection.execute("SELECT count(*) FROM goose").fetchone()
    single(other)
    began = time.monotonic()
    with pytest.raises(OperationalError, match="locked"):
        single(mine)
    assert time.monotonic() - began < PATIENCE_SECONDS
    mine.connection.execute("ROLLBACK")


def test_installation_on_sqlite_waits_this_way():
    here = connections["default"]
    assert here.vendor != "sqlite" or isinstance(here, DatabaseWrapper)


def test_hurry_lasts_as_long_as_its_block():
    here = connections["default"]

    def hurries() -> bool:
        with here.cursor() as cursor:
            return getattr(cursor.cursor, "in_a_hurry", False)

    assert not hurries()
    with hurried(), hurried():
        assert hurries() == (here.vendor == "sqlite")
    assert not hurries()
