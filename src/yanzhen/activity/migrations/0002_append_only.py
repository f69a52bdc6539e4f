"""Triggers that keep the activity log append-only, whoever writes SQL.

They stop mistakes and bugs. Whoever owns the database can drop them; the hash chain then shows what
was done. Emptying the whole table has a trigger of its own, so that a test run, which empties tables
between tests, can drop that one alone.
"""

from django.db import migrations

WORDS = "activity is append-only"

SQLITE = {
    "activity_event_no_update": f"""
        CREATE TRIGGER activity_event_no_update BEFORE UPDATE ON activity_event
        BEGIN SELECT RAISE(ABORT, '{WORDS}'); END
    """,
    "activity_event_no_delete": f"""
        CREATE TRIGGER activity_event_no_delete BEFORE DELETE ON activity_event
        BEGIN SELECT RAISE(ABORT, '{WORDS}'); END
    """,
}

POSTGRESQL = {
    "activity_event_no_change": """
        CREATE TRIGGER activity_event_no_change BEFORE UPDATE OR DELETE ON activity_event
        FOR EACH ROW EXECUTE FUNCTION activity_refuse()
    """,
    "activity_event_no_truncate": """
        CREATE TRIGGER activity_event_no_truncate BEFORE TRUNCATE ON activity_event
        FOR EACH STATEMENT EXECUTE FUNCTION activity_refuse()
    """,
}

POSTGRESQL_FUNCTION = f"""
    CREATE FUNCTION activity_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END
    $$
"""


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION, params=None)
        for statement in POSTGRESQL.values():
            schema_editor.execute(statement, params=None)
    else:
        for statement in SQLITE.values():
            schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in POSTGRESQL:
            schema_editor.execute(f"DROP TRIGGER {name} ON activity_event", params=None)
        schema_editor.execute("DROP FUNCTION activity_refuse()", params=None)
    else:
        for name in SQLITE:
            schema_editor.execute(f"DROP TRIGGER {name}", params=None)


class Migration(migrations.Migration):
    dependencies = [("activity", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
