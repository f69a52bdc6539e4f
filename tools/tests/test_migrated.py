import threading

import pytest
from django.db.utils import ConnectionHandler

from tools.migrated import Migrated, fingerprint

MIGRATION = "from house.room import helper\n\nclass Migration: ...\n"


@pytest.fixture
def lock(tmp_path):
    path = tmp_path / "requirements.lock"
    path.write_text("django==5.2.19\n")
    return path


@pytest.fixture
def src(tmp_path):
    room = tmp_path / "src" / "house" / "room"
    (room / "migrations").mkdir(parents=True)
    (room / "migrations" / "0001_initial.py").write_text(MIGRATION)
    (room / "helper.py").write_text("value = 1\n")
    (room / "views.py").write_text("value = 1\n")
    return tmp_path / "src"


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ("house/room/migrations/0001_initial.py", False),
        ("house/room/helper.py", False),
        ("house/room/views.py", True),
    ],
)
def test_fingerprint_follows_migrations_and_what_they_import(src, lock, changed, same):
    before = fingerprint(src, lock)
    with (src / changed).open("a") as file:
        file.write("# changed\n")
    assert (fingerprint(src, lock) == before) is same


def test_fingerprint_follows_new_migrations_and_the_lock(src, lock):
    seen = {fingerprint(src, lock)}
    (src / "house/room/migrations/0002_more.py").write_text("class Migration: ...\n")
    seen.add(fingerprint(src, lock))
    lock.write_text("django==5.2.20\n")
    seen.add(fingerprint(src, lock))
    assert len(seen) == 3


@pytest.fixture
def connect(tmp_path):
    """Return a function that gives a connection to a database of its own."""
    opened = []

    def to(name):
        path = str(tmp_path / name)
        base = {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "TEST": {"NAME": path}}
        opened.append(ConnectionHandler({"default": base})["default"])
        return opened[-1]

    yield to
    for connection in opened:
        connection.close()


@pytest.fixture
def cache(tmp_path):
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


def migrate(connection):
    # Straight through the driver: the suite opens no database of Django's outside its own tests.
    connection.get_new_connection(connection.get_connection_params()).execute(
        "CREATE TABLE plan (words TEXT)"
    ).connection.close()


def tables(connection):
    raw = connection.get_new_connection(connection.get_connection_params())
    try:
        return [name for (name,) in raw.execute("SELECT name FROM sqlite_master")]
    finally:
        raw.close()


def test_second_database_is_a_copy_of_the_first(connect, cache, django_db_blocker):
    with django_db_blocker.unblock():
        first = connect("first.sqlite3")
        maker = Migrated(cache, first)
        assert maker.lay() is False
        migrate(first)
        maker.keep()
        second = connect("second.sqlite3")
        assert Migrated(cache, second).lay() is True
        assert tables(second) == ["plan"]


def test_others_wait_until_the_first_has_kept_it(connect, cache, django_db_blocker):
    with django_db_blocker.unblock():
        first, second = connect("first.sqlite3"), connect("second.sqlite3")
        maker = Migrated(cache, first)
        maker.lay()
        laid = []
        waiting = threading.Thread(target=lambda: laid.append(Migrated(cache, second).lay()))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        migrate(first)
        maker.keep()
        waiting.join(20)
        assert laid == [True]
        assert tables(second) == ["plan"]


def test_whoever_waits_migrates_when_the_first_gave_up(connect, cache):
    maker = Migrated(cache, connect("first.sqlite3"))
    maker.lay()
    maker.release()
    after = Migrated(cache, connect("second.sqlite3"))
    assert after.lay() is False
    after.release()
