import dataclasses
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from yanzhen.jobs.models import Lease
from yanzhen.jobs.registry import LOOPS, Loop, register
from yanzhen.jobs.worker import LoopFailed, Worker, run_loop_once, worker_name

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_run_loop_once_writes_the_heartbeat(counting):
    counting.then = lambda now: 3
    assert run_loop_once(counting.loop, owner="a", now=NOW) == 3
    assert run_loop_once(counting.loop, owner="a", now=NOW) == 3
    row = counting.row
    assert (row.started_at, row.done_count, row.last_error) == (NOW, 6, "")
    assert row.ok_at >= NOW


@pytest.mark.django_db
def test_run_loop_once_does_nothing_while_another_holds_it(counting):
    run_loop_once(counting.loop, owner="a", now=NOW)
    assert run_loop_once(counting.loop, owner="b", now=NOW) is None
    assert len(counting.runs) == 1


@pytest.mark.django_db
def test_run_loop_once_notes_a_failure_and_keeps_the_last_good_run(counting):
    run_loop_once(counting.loop, owner="a", now=NOW)

    def fail(now):
        raise ValueError("no ink")

    counting.then = fail
    with pytest.raises(LoopFailed) as failed:
        run_loop_once(counting.loop, owner="a", now=NOW + timedelta(seconds=5))
    assert isinstance(failed.value.__cause__, ValueError)
    row = counting.row
    assert row.last_error == "ValueError: no ink"
    assert row.failed_at == NOW + timedelta(seconds=5)
    assert row.ok_at < row.failed_at


@pytest.mark.django_db
def test_run_loop_once_after_a_lost_lease_leaves_the_heartbeat_to_the_new_holder(counting):
    def slept(now):
        Lease.objects.take(
            counting.loop.name, owner="b", now=NOW + timedelta(hours=1), lease=timedelta(minutes=1)
        )
        return 1

    counting.then = slept
    run_loop_once(counting.loop, owner="a", now=NOW)
    assert (counting.row.owner, counting.row.done_count) == ("b", 0)


@pytest.mark.django_db
def test_run_loop_once_of_a_shared_loop_needs_no_lease(counting):
    shared = dataclasses.replace(counting.loop, alone=False)
    assert run_loop_once(shared, owner="a", now=NOW) == 1
    assert run_loop_once(shared, owner="b", now=NOW) == 1
    assert counting.row.done_count == 2


@pytest.mark.django_db
def test_run_loop_once_says_when_a_run_is_over_its_budget(counting, caplog):
    slow = dataclasses.replace(counting.loop, budget_seconds=-1)
    run_loop_once(slow, owner="a", now=NOW)
    assert "its budget is -1" in caplog.text


def test_register_refuses_a_taken_name():
    with pytest.raises(ValueError, match="duplicate loop"):
        register(Loop("activity.outbox", lambda now: 0, every_seconds=1))
    assert register(LOOPS["activity.outbox"]) is LOOPS["activity.outbox"]


def test_worker_names_are_never_the_same_twice():
    assert worker_name() != worker_name()


def wait_until(claim, seconds=10):
    end = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


@pytest.mark.django_db(transaction=True)
def test_worker_runs_until_stopped_and_frees_its_leases(counting):
    worker = Worker([counting.loop])
    worker.start()
    wait_until(lambda: len(counting.runs) > 2)
    worker.stop()
    count = len(counting.runs)
    assert counting.row.until_at is None
    time.sleep(0.1)
    assert len(counting.runs) == count


@pytest.mark.django_db(transaction=True)
def test_worker_goes_on_after_a_failing_run(counting, monkeypatch):
    monkeypatch.setattr("yanzhen.jobs.worker.PAUSE_AFTER_FAILURE_SECONDS", 0.02)

    def fail_first(now):
        if len(counting.runs) == 1:
            raise ValueError("once")
        return 0

    counting.then = fail_first
    worker = Worker([counting.loop])
    worker.start()
    wait_until(lambda: len(counting.runs) > 1)
    worker.stop()
    assert counting.row.last_error == ""


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_run_a_loop_at_the_same_time(counting):
    inside, most = [], []
    guard = threading.Lock()

    def work(now):
        with guard:
            inside.append(1)
            most.append(len(inside))
        time.sleep(0.01)
        with guard:
            inside.pop()
        return 1

    counting.then = work
    workers = [Worker([counting.loop]) for _n in range(3)]
    for worker in workers:
        worker.start()
    wait_until(lambda: len(counting.runs) > 5)
    for worker in workers:
        worker.stop()
    assert max(most) == 1
    connection.close()
