import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from yanzhen.activity import spine
from yanzhen.activity.loops import drain
from yanzhen.activity.models import Outbox
from yanzhen.activity.tests.conftest import NOW

KINDS = frozenset({"test.seen"})


@pytest.mark.django_db
def test_drain_delivers_oldest_first_and_once(note):
    got = []
    spine.later("wanted", KINDS, lambda event: got.append(event.data["bird"]))
    for bird in "abc":
        note(bird)
    assert drain(NOW) == 3
    assert drain(NOW) == 0
    assert got == ["a", "b", "c"]


@pytest.mark.django_db
def test_drain_leaves_what_is_not_due(note):
    spine.later("wanted", KINDS, lambda event: None)
    note(at=NOW + timedelta(seconds=1))
    assert drain(NOW) == 0
    assert drain(NOW + timedelta(seconds=1)) == 1


@pytest.mark.django_db
def test_drain_backs_off_from_a_failing_subscriber_and_serves_the_others(note):
    got = []

    def fail(event):
        raise ValueError("away")

    spine.later("failing", KINDS, fail)
    spine.later("working", KINDS, got.append)
    note()
    assert drain(NOW) == 1
    row = Outbox.objects.get(subscriber="failing")
    assert (row.attempts, row.due_at, row.last_error) == (
        1,
        NOW + timedelta(seconds=2),
        "ValueError: away",
    )
    assert drain(NOW + timedelta(seconds=1)) == 0
    drain(NOW + timedelta(seconds=2))
    row.refresh_from_db()
    assert (row.attempts, row.due_at) == (2, NOW + timedelta(seconds=6))
    assert len(got) == 1


@pytest.mark.django_db
def test_drain_waits_an_hour_at_most(note):
    spine.later("failing", KINDS, lambda event: 1 / 0)
    note()
    Outbox.objects.update(attempts=500)
    drain(NOW)
    assert Outbox.objects.get().due_at == NOW + timedelta(hours=1)


@pytest.mark.django_db
def test_drain_undoes_what_a_failing_subscriber_wrote(note):
    def write_then_fail(event):
        note("half", workspace_id=9)
        raise ValueError("half way")

    spine.later("failing", KINDS, write_then_fail)
    note()
    drain(NOW)
    assert Outbox.objects.count() == 1
    assert Outbox.objects.get().done_at is None


@pytest.mark.django_db
def test_drain_keeps_a_debt_to_a_subscriber_this_build_lacks(note):
    spine.later("leaving", KINDS, lambda event: None)
    note()
    del spine._later["leaving"]
    assert drain(NOW) == 0
    assert drain(NOW) == 0
    row = Outbox.objects.get()
    assert row.done_at is None
    assert row.due_at == NOW + timedelta(hours=1)
    assert "no such subscriber" in row.last_error


@pytest.mark.django_db(transaction=True)
def test_two_drainers_deliver_each_event_once(note):
    got, failures = [], []
    spine.later("wanted", KINDS, lambda event: got.append(event.pk))
    wanted = [note().pk for _n in range(40)]
    start = threading.Barrier(2)

    def work():
        try:
            start.wait()
            while drain(NOW):
                pass
        except DatabaseError as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(got) == wanted
    assert not Outbox.objects.filter(done_at=None).exists()


@pytest.mark.django_db
def test_an_event_is_owed_until_the_delivery_has_committed(note):
    """What is told at least once: a process that dies in the listener leaves the debt open."""

    class Killed(BaseException):
        pass

    got = []

    def die_first(event):
        got.append(event.pk)
        if len(got) == 1:
            raise Killed

    spine.later("wanted", KINDS, die_first)
    note()
    with pytest.raises(Killed):
        drain(NOW)
    assert drain(NOW) == 1
    assert len(got) == 2
