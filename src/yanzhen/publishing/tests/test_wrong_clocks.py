"""P14: workers whose own clock is wrong. Only the database's clock may decide anything."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from tools.figures import note
from yanzhen.channels.actions import connect_with_tokens
from yanzhen.channels.ports import AppKeys, Tokens
from yanzhen.kernel import clock
from yanzhen.people.tests.cast import NOW
from yanzhen.publishing.engine.claim import accounts_due
from yanzhen.publishing.engine.lane import run_lane
from yanzhen.publishing.engine.reaper import reap
from yanzhen.publishing.models import Attempt, Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.crew import until

MINUTES = (10, -10)
JUMPS = [(10, 10), (-10, -10), (0, -10), (10, -10)]
LIBRARIES = ("libfaketime.so.1",)
ROOT = Path(__file__).resolve().parents[4]


def connect_with_bearer(desk):
    """Connect with OAuth 2.0: signatures of 1.0a carry the wrong time, and X refuses those."""
    told = desk.keys["tokens"]["FerrowDE"]["oauth2"]
    tokens = Tokens(
        "oauth2",
        told["access_token"],
        refresh=told["refresh_token"],
        expires_at=desk.now + timedelta(hours=2),
        scopes=tuple(told["scope"].split()),
    )
    app = AppKeys(client_id=desk.keys["client_id"], client_secret=desk.keys["client_secret"])
    return connect_with_tokens(desk.cast.admin, None, app=app, tokens=tokens, now=NOW)


def work_with_clock(first_minutes, then_minutes):
    """Work in this (forked) process as if its wall clock were wrong, and jumped after a second."""
    real_time, real_now, began = time.time, clock.now, time.monotonic()

    def off():
        return first_minutes if time.monotonic() - began < 1 else then_minutes

    time.time = lambda: real_time() + 60 * off()
    time.time_ns = lambda: int(time.time() * 1e9)
    clock.now = lambda: real_now() + timedelta(minutes=off())
    while True:
        reap(clock.database_now())
        for account_id in accounts_due(clock.database_now()):
            run_lane(account_id, owner=f"wrong by {off()}")
        time.sleep(0.05)


def plan(desk, account):
    """Make four posts that are due and four that are due in four minutes."""
    due = [desk.due(account=account) for _ in range(4)]
    later = [
        Delivery.objects.get(post=desk.timed(desk.passed(account=account), minutes=5))
        for _ in range(4)
    ]
    return due, later


def judge(field, due, later):
    """Assert that the due ones went out once, in order, and the others not yet."""
    out = Delivery.objects.filter(pk__in=[d.pk for d in due], state=S.PUBLISHED)
    until(lambda: out.count() == len(due), seconds=60)
    time.sleep(1.5)
    early = Attempt.objects.filter(delivery__in=later).count()
    assert early == 0
    shown = [p["text"] for p in field.posts("FerrowDE")]
    assert shown == [d.text for d in due]
    assert all(
        a.intended_at >= a.delivery.due_at for a in Attempt.objects.select_related("delivery")
    )


@pytest.mark.slow
@pytest.mark.parametrize(("first", "then"), JUMPS)
def test_worker_with_a_wrong_clock_sends_nothing_early_and_nothing_twice(
    field, first, then, request
):
    account = connect_with_bearer(field)
    due, later = plan(field, account)
    field.crew.run(lambda: work_with_clock(first, then))
    field.crew.run(lambda: work_with_clock(0, 0))
    judge(field, due, later)
    note(
        "P14",
        request.node.nodeid,
        f"a worker's clock {first:+} min, then {then:+} min: 0 of {len(later)} early, 0 doubled",
    )


def faketime():
    """Return the library that bends a process's clock; skip the test where there is none."""
    found = next(
        (str(p) for name in LIBRARIES for p in Path("/usr/lib").glob(f"*/faketime/{name}")), ""
    )
    if not found:
        said = "needs libfaketime: apt-get install faketime"
        pytest.fail(said) if os.environ.get("REQUIRE_ALL") else pytest.skip(said)
    return found


def worker_under(library, minutes, url, data):
    """Start a worker process whose whole idea of the time is off by ``minutes``."""
    there = connection.settings_dict
    address = f"postgres://{there['USER']}:{there['PASSWORD']}@{there['HOST'] or 'localhost'}"
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "yanzhen.config.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
        "YANZHEN_DATABASE_URL": f"{address}:{there['PORT']}/{there['NAME']}",
        "YANZHEN_DATA": str(data),
        "YANZHEN_X_API_BASE_URL": url,
        "YANZHEN_X_AUTH_BASE_URL": url,
        "LD_PRELOAD": library,
        "FAKETIME": f"{minutes:+}m",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    command = [sys.executable, "-m", "yanzhen.publishing.tests.lonely_worker"]
    return subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
@pytest.mark.parametrize("minutes", MINUTES)
def test_worker_process_under_another_clock_sends_nothing_early(
    field, settings, tmp_path, minutes, request
):
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite the database's clock is the process's own; they share a machine")
    library = faketime()
    account = connect_with_bearer(field)
    due, later = plan(field, account)
    worker = worker_under(library, minutes, field.url, tmp_path)
    try:
        first = worker.stdout.readline()
        off = float(first.split()[1]) - time.time()
        assert abs(off - 60 * minutes) < 30, first
        judge(field, due, later)
    finally:
        worker.kill()
        worker.wait(10)
        worker.stdout.close()
    note(
        "P14",
        request.node.nodeid,
        f"a whole process under libfaketime {minutes:+} min: 0 of {len(later)} early, 0 doubled",
    )


def test_database_clock_is_asked_not_the_machine_s(db, monkeypatch):
    """The proof's own proof: a wrong machine clock changes nothing about database_now()."""
    before = clock.database_now()
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 600)
    assert abs(clock.database_now() - before) < timedelta(seconds=60)
