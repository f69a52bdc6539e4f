"""The log refuses changes: in Python, and by trigger to whoever writes SQL."""

from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction

from yanzhen.activity.models import Event

append_only = import_module("yanzhen.activity.migrations.0002_append_only")

pytestmark = pytest.mark.django_db


@pytest.fixture
def whole():
    """Put back the trigger that the test run dropped; the test's transaction takes it away."""
    wanted = {
        "sqlite": append_only.SQLITE["activity_event_no_delete"],
        "postgresql": append_only.POSTGRESQL["activity_event_no_truncate"],
    }
    run(wanted[connection.vendor])


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE activity_event SET actor_label = 'Wu'",
        "UPDATE activity_event SET number = 9 WHERE 1 = 1",
        "DELETE FROM activity_event",
    ],
)
def test_sql_that_changes_the_log_is_refused(note, whole, sql):
    event = note()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(sql)
    assert Event.objects.get(pk=event.pk).actor_label == "Lin"


def test_truncate_is_refused(note, whole):
    note()
    # SQLite refuses it as well, because it does not know the word.
    why = "append-only" if connection.vendor == "postgresql" else "TRUNCATE"
    with pytest.raises(DatabaseError, match=why), transaction.atomic():
        run("TRUNCATE activity_event CASCADE")
    assert Event.objects.count() == 1


def test_python_that_changes_the_log_is_refused(note):
    event = note()
    for change in (
        event.save,
        event.delete,
        Event.objects.all().delete,
        lambda: Event.objects.update(kind="x"),
    ):
        with pytest.raises(TypeError, match="append-only"):
            change()
