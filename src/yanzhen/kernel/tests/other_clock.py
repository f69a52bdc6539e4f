"""A database whose clock is wrong, for real: its own function for the time is replaced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import connection

FAKE = """
CREATE SCHEMA wrong_clock;
CREATE FUNCTION wrong_clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
  $$SELECT pg_catalog.clock_timestamp() + make_interval(secs => {seconds})$$;
SET search_path = wrong_clock, public, pg_catalog;
"""


@contextmanager
def database_clock_ahead(seconds: float) -> Iterator[None]:
    """Let this connection's database be so far ahead of this machine; inside a transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(FAKE.format(seconds=seconds))
            yield
            cursor.execute("RESET search_path; DROP SCHEMA wrong_clock CASCADE")
        return
    offset = timedelta(seconds=seconds)

    def strftime(form: str, when: str) -> str:
        assert when.lower() == "now", (
            "whoever else asks the database for a date gets the built-in no more"
        )
        at = datetime.now(UTC) + offset
        # SQLite's %f is seconds with thousandths.
        return at.strftime(form.replace("%f", f"{at:%S}.{at.microsecond // 1000:03}"))

    connection.ensure_connection()
    # As many arguments as the built-in, or statements prepared before keep that. SQLite does not
    # give a built-in back, so afterwards ours tells the right time.
    connection.connection.create_function("strftime", -1, strftime)
    try:
        yield
    finally:
        offset = timedelta()
