"""Whoever gets past the triggers is found out by the chain."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from yanzhen.activity import feed
from yanzhen.activity.models import Event

pytestmark = pytest.mark.django_db

FIELDS = (
    "kind, at, actor_type, actor_id, actor_label, subject_type, subject_id, subject_label, "
    "trace_id, data"
)


@pytest.fixture
def chain(note):
    """Five events in workspace 7, with the triggers that protect them gone."""
    events = [note(f"bird {n}") for n in range(5)]
    names = {
        "sqlite": ["DROP TRIGGER activity_event_no_update"],
        "postgresql": ["DROP TRIGGER activity_event_no_change ON activity_event"],
    }
    for statement in names[connection.vendor]:
        run(statement)
    return events


def run(sql, params=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def found():
    return [(each.number, each.why) for each in feed.verify(7)]


def test_an_untouched_chain_holds(chain):
    assert found() == []


def test_an_edited_event_shows(chain):
    run("UPDATE activity_event SET actor_label = 'Wu' WHERE number = 3 AND workspace_id = 7")
    assert found() == [(3, "changed")]


@pytest.mark.parametrize("field", ["at", "data", "subject_id", "kind", "trace_id"])
def test_every_field_is_under_the_hash(chain, field):
    value = {"at": "'2020-01-01 00:00:00'", "data": '\'{"bird": "crow"}\''}.get(field, "'x'")
    run(f"UPDATE activity_event SET {field} = {value} WHERE number = 2")  # noqa: S608 -- fixed words
    assert found() == [(2, "changed")]


def test_an_edit_with_a_fresh_hash_breaks_the_next_link(chain):
    event = Event.objects.get(pk=chain[2].pk)
    event.actor_label = "Wu"
    run(
        "UPDATE activity_event SET actor_label = 'Wu', hash = %s WHERE number = 3",
        [feed.digest(event)],
    )
    assert found() == [(4, "does not follow the event before it")]


def test_a_removed_event_shows(chain):
    run("DELETE FROM activity_event WHERE number = 3")
    assert found()[0] == (3, "missing")


def test_a_removed_event_with_closed_ranks_shows(chain):
    run("DELETE FROM activity_event WHERE number = 3")
    run("UPDATE activity_event SET number = 3 WHERE number = 4")
    run("UPDATE activity_event SET number = 4 WHERE number = 5")
    assert found()


def test_swapped_events_show(chain):
    for old, new in ((2, 99), (3, 2), (99, 3)):
        run("UPDATE activity_event SET number = %s WHERE number = %s", [new, old])
    assert {number for number, _why in found()} >= {2, 3}


def test_a_cut_tail_shows(chain):
    run("DELETE FROM activity_event WHERE number > 3")
    assert found() == [(4, "the end of the log is missing")]


def test_an_emptied_log_shows(chain):
    run("DELETE FROM activity_event")
    assert found() == [(1, "the end of the log is missing")]


def test_an_emptied_log_without_its_heads_shows_in_the_command(chain, note):
    note(workspace_id=8)
    run("DELETE FROM activity_chainhead WHERE workspace_id = 7")
    assert found() == [(6, "the head of the chain is missing")]
    with pytest.raises(CommandError):
        call_command("audit", "verify", stdout=StringIO(), stderr=StringIO())


def test_an_added_event_shows(chain):
    run(
        f"INSERT INTO activity_event (workspace_id, number, previous_hash, hash, {FIELDS}) "  # noqa: S608 -- fixed words
        f"SELECT workspace_id, 6, hash, 'made up', {FIELDS} FROM activity_event WHERE number = 5"
    )
    assert (6, "changed") in found()


def test_the_other_workspace_is_not_blamed(chain, note):
    note(workspace_id=8)
    run("UPDATE activity_event SET actor_label = 'Wu' WHERE number = 1 AND workspace_id = 7")
    assert not list(feed.verify(8))


def test_the_command_names_breaks_and_fails(chain):
    out, err = StringIO(), StringIO()
    call_command("audit", "verify", stdout=out, stderr=err)
    assert out.getvalue() == "workspace 7: 5 events, 0 breaks\n"
    run("UPDATE activity_event SET actor_label = 'Wu' WHERE number = 2")
    with pytest.raises(CommandError, match="1 breaks found"):
        call_command("audit", "verify", "--workspace", "7", stdout=out, stderr=err)
    assert "workspace 7, event 2: changed" in err.getvalue()
