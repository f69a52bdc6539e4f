"""Triggers that hold the engine's rules in the database too, whoever writes SQL.

They are drawn from the machine's own table, so code and database cannot disagree, and are put back
after every migration, because SQLite forgets triggers when a migration rebuilds their table. A data
migration that must break a rule drops them first (``remove``).

What they refuse: a move the machine does not know; a way back to "scheduled" from a send that is
not proven unsent, or from a doubt that X has not answered; a falling epoch; a change of what an
attempt wrote down before it was sent; an attempt opened again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from yanzhen.publishing.states import DELIVERY, Conclusion, DeliveryState

_LATEST = (
    "(SELECT conclusion FROM publishing_attempt WHERE delivery_id = OLD.id"
    " ORDER BY number DESC LIMIT 1)"
)


def _known_moves() -> str:
    """Return the SQL condition that some move of the machine leads from OLD to NEW."""
    targets: defaultdict[str, set[str]] = defaultdict(set)
    for move in DELIVERY.moves.values():
        for source in move.sources:
            targets[source].add(move.target)
    return " OR ".join(
        f"(OLD.state = '{source}' AND NEW.state IN ({_listed(found)}))"
        for source, found in sorted(targets.items())
    )


def _listed(states: set[str]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


def _changed(*columns: str) -> str:
    return " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)


def _unproven(source: DeliveryState, conclusion: Conclusion) -> str:
    """Return the condition that this way back to scheduled lacks its proof."""
    return (
        f"OLD.state = '{source.value}' AND NEW.state = '{DeliveryState.SCHEDULED.value}'"
        f" AND coalesce({_LATEST}, '') <> '{conclusion.value}'"
    )


#: For each trigger: table, and the condition on OLD and NEW under which an update is refused.
RULES: Mapping[str, tuple[str, str]] = {
    "delivery_moves_are_known": (
        "publishing_delivery",
        f"OLD.state <> NEW.state AND NOT ({_known_moves()})",
    ),
    "delivery_unsent_is_proven": (
        "publishing_delivery",
        _unproven(DeliveryState.SENDING, Conclusion.UNSENT),
    ),
    "delivery_absence_is_proven": (
        "publishing_delivery",
        _unproven(DeliveryState.AMBIGUOUS, Conclusion.ABSENT),
    ),
    "delivery_epoch_rises": ("publishing_delivery", "NEW.epoch < OLD.epoch"),
    "attempt_order_stands": (
        "publishing_attempt",
        _changed("delivery_id", "number", "epoch", "payload_hash", "intended_at", "since_id")
        + " OR CAST(NEW.payload AS text) <> CAST(OLD.payload AS text)",
    ),
    "attempt_stays_closed": ("publishing_attempt", "NEW.open AND NOT OLD.open"),
}


def _statements(vendor: str) -> Iterator[str]:
    for name, (table, refused) in RULES.items():
        if vendor == "postgresql":
            # A function each: what a trigger may ask in WHEN cannot look at other rows.
            yield (
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
                f" BEGIN IF {refused} THEN RAISE EXCEPTION 'refused by {name}'"
                " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
            )
            yield (
                f"CREATE OR REPLACE TRIGGER {name} BEFORE UPDATE ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION {name}()"
            )
        else:
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield (
                f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN {refused}"
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
        for name, (table, _) in RULES.items():
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def install_after_migrating(*, using: str, **_: object) -> None:
    """Receive Django's post_migrate of this room."""
    if "publishing_attempt" in connections[using].introspection.table_names():
        install(connections[using])
