"""A trigger that holds the promise about the lead whoever writes SQL.

One column names who has it, so it is never two; once somebody has it, it is never nobody. Put back
after every migration, because SQLite forgets triggers when a migration rebuilds their table. It
looks at its own table only: one that names another makes SQLite refuse to rebuild that one.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connections

_TABLE = "people_workspace"
_NAME = "people_lead_stays"
_REFUSED = "NEW.lead_id IS NULL AND OLD.lead_id IS NOT NULL"


def _statements(vendor: str) -> Iterator[str]:
    if vendor == "postgresql":
        yield (
            f"CREATE OR REPLACE FUNCTION {_NAME}() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN IF {_REFUSED} THEN RAISE EXCEPTION 'refused by {_NAME}'"
            f" USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
        )
        yield (
            f"CREATE OR REPLACE TRIGGER {_NAME} BEFORE UPDATE ON {_TABLE}"
            f" FOR EACH ROW EXECUTE FUNCTION {_NAME}()"
        )
    else:
        yield f"DROP TRIGGER IF EXISTS {_NAME}"
        yield (
            f"CREATE TRIGGER {_NAME} BEFORE UPDATE ON {_TABLE} WHEN {_REFUSED}"
            f" BEGIN SELECT RAISE(ABORT, 'refused by {_NAME}'); END"
        )


def install_after_migrating(*, using: str, **_: object) -> None:
    """Receive Django's post_migrate of this room."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if _TABLE not in connection.introspection.table_names(cursor):
            return
        for statement in _statements(connection.vendor):
            cursor.execute(statement)
