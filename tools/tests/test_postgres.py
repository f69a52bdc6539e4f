import os

import psycopg
import pytest

from tools.postgres import NOBODY, NoPostgres, Postgres, Runner


def ways() -> list[Runner]:
    """Every way this machine can run PostgreSQL: the chosen one, and nobody if we are root."""
    return [Runner.for_us(), *([Runner(user=NOBODY)] if os.geteuid() == 0 else [])]


@pytest.mark.slow
@pytest.mark.parametrize("runner", ways(), ids=str)
def test_start_gives_a_database_that_is_gone_after_stop(monkeypatch, runner):
    monkeypatch.setattr(Runner, "for_us", classmethod(lambda _: runner))
    server = Postgres()
    server.start()
    try:
        with psycopg.connect(server.url) as connection:
            found = connection.execute("select '审核 Post' ilike '%审核 post%'").fetchone()
    finally:
        server.stop()
    assert found == (True,)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url, connect_timeout=2)


def test_find_binaries_without_any_says_how_to_get_one(monkeypatch):
    monkeypatch.setattr(Runner, "answers", lambda *_: False)
    with pytest.raises(NoPostgres, match="make setup"):
        Postgres()
