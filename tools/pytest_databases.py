"""pytest plugin: choose the database with ``--db=sqlite`` (default) or ``--db=pg``.

It acts before Django's settings load, because they read the environment once. Tests never see the
settings or the data folder of the copy you run beside them: both are replaced for the whole run.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tools import figures
from tools.postgres import NoPostgres, Postgres

PREFIX = "YANZHEN_"
#: What stands among the fixtures of every test that may ask the database.
OPENING = frozenset({"django_db_setup", "live_server"})
RUNNING = pytest.StashKey[Postgres]()
FOLDER = pytest.StashKey[Path]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--db``."""
    parser.getgroup("yanzhen").addoption(
        "--db", choices=("sqlite", "pg"), default="sqlite", help="database to test on"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Give this run an environment, a data folder and, if asked, a PostgreSQL of its own."""
    if os.environ.get("PYTEST_XDIST_WORKER"):
        return  # the controller has prepared everything; workers inherit its environment
    figures.keep()
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    folder = early_config.stash[FOLDER] = Path(tempfile.mkdtemp(prefix="yz-test-"))
    early_config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ["YANZHEN_DATA"] = str(folder)
    if early_config.known_args_namespace.db == "pg":
        _start_postgres(early_config)


def _start_postgres(config: pytest.Config) -> None:
    try:
        server = Postgres()
        server.start()
    except NoPostgres as missing:
        raise pytest.UsageError(str(missing)) from None
    # Cleanups run when pytest ends for whatever reason, also when no test could be collected.
    config.add_cleanup(server.stop)
    config.stash[RUNNING] = server
    os.environ["YANZHEN_DATABASE_URL"] = server.url


def asks_a_database(test: pytest.Item) -> bool:
    """Tell whether a test may ask the database; pytest-django stops one that may not and tries."""
    names = set(getattr(test, "fixturenames", ()))
    return test.get_closest_marker("django_db") is not None or not names.isdisjoint(OPENING)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, on PostgreSQL, what asks no database: it says the same there as on SQLite."""
    if config.getoption("db") != "pg":
        return
    left_out = [test for test in items if not asks_a_database(test)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [test for test in items if asks_a_database(test)]


def pytest_report_header(config: pytest.Config) -> str:
    """Name the database in the first lines, so that a log says what it proves."""
    return "database: PostgreSQL" if RUNNING in config.stash else "database: SQLite"
