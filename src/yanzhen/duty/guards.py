"""Triggers that hold the rota's two promises whoever writes SQL.

No two members have the same place at one moment, and what is settled stands: no turn that started
before the rota's mark is added, changed or taken away, but for the one that runs over the mark,
whose end may move, though not before it; and the mark never goes back.

They are put back after every migration, because SQLite forgets triggers when a migration rebuilds
their table. A data migration that must break a rule drops them first (``remove``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

_TURN, _ROTA = "duty_turn", "duty_rota"
_OLD_MARK = "(SELECT settled_at FROM duty_rota WHERE id = OLD.rota_id)"
_NEW_MARK = "(SELECT settled_at FROM duty_rota WHERE id = NEW.rota_id)"
_OVERLAP = (
    "EXISTS (SELECT 1 FROM duty_turn t WHERE t.rota_id = NEW.rota_id AND t.place = NEW.place"
    " AND t.id <> NEW.id AND t.start_at < NEW.end_at AND t.end_at > NEW.start_at)"
)
_OTHER_COLUMNS = " OR ".join(
    f"NEW.{column} <> OLD.{column}"
    for column in ("rota_id", "place", "member_id", "start_at", "why", "source", "opened")
)

#: For each trigger: table, event, and the condition under which the write is refused. Whether two
#: turns overlap is asked after the row is there, because before SQLite gives it no number.
RULES: Mapping[str, tuple[str, str, str]] = {
    "duty_turn_alone_new": (_TURN, "AFTER INSERT", _OVERLAP),
    "duty_turn_alone_changed": (_TURN, "AFTER UPDATE", _OVERLAP),
    "duty_past_gains_nothing": (
        _TURN,
        "BEFORE INSERT",
        f"NEW.start_at < {_NEW_MARK}",
    ),
    "duty_past_loses_nothing": (
        _TURN,
        "BEFORE DELETE",
        f"OLD.start_at < {_OLD_MARK}",
    ),
    "duty_past_stands": (
        _TURN,
        "BEFORE UPDATE",
        (
            f"NEW.start_at < {_NEW_MARK} AND OLD.start_at >= {_OLD_MARK}"
            f" OR OLD.start_at < {_OLD_MARK} AND ({_OTHER_COLUMNS}"
            f" OR OLD.end_at < {_OLD_MARK} AND NEW.end_at <> OLD.end_at"
            f" OR NEW.end_at < {_OLD_MARK} AND NEW.end_at <> OLD.end_at)"
        ),
    ),
    "duty_mark_rises": (_ROTA, "BEFORE UPDATE", "NEW.settled_at < OLD.settled_at"),
}


def _statements(vendor: str) -> Iterator[str]:
    for name, (table, event, refused) in RULES.items():
        if vendor == "postgresql":
            # Two writers of one rota wait for each other, so that each sees the other's turns.
            lock = (
                " PERFORM pg_advisory_xact_lock(1481526884, (NEW.rota_id % 2147483647)::int);"
                if "alone" in name
                else ""
            )
            row = "OLD" if "DELETE" in event else "NEW"
            yield (
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
                f" BEGIN{lock} IF {refused} THEN RAISE EXCEPTION 'refused by {name}'"
                f" USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$"
            )
            yield (
                f"CREATE OR REPLACE TRIGGER {name} {event} ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION {name}()"
            )
        else:
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield (
                f"CREATE TRIGGER {name} {event} ON {table} WHEN {refused}"
                f" BEGIN SELECT RAISE(ABORT, 'refused by {name}'); END"
            )


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger in place, replacing older ones of the same name."""
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop every trigger, for a migration that must do what they refuse."""
    with connection.cursor() as cursor:
        for name, (table, _, _) in RULES.items():
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def install_after_migrating(*, using: str, **_: object) -> None:
    """Receive Django's post_migrate of this room."""
    tables = connections[using].introspection.table_names()
    if _TURN in tables and _ROTA in tables:
        install(connections[using])
