"""A worker that is killed is taken over: a real process, a real SIGKILL."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection

from yanzhen.jobs.models import Lease
from yanzhen.kernel import clock

LEASE = timedelta(hours=1)

HOLD = f"""
import sys, time
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from datetime import timedelta
from yanzhen.jobs.models import Lease
from yanzhen.kernel import clock
fence = Lease.objects.take(
    "test.killed", owner="victim", now=clock.database_now(),
    lease=timedelta(seconds={LEASE.total_seconds()}),
)
print("holds", fence, flush=True)
time.sleep(60)
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_is_taken_over_with_a_higher_fence():
    name = str(connection.settings_dict["NAME"])
    victim = subprocess.Popen(
        [sys.executable, "-c", HOLD, name],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert victim.stdout.readline().strip() == "holds 1"
        victim.kill()
        victim.wait(10)
        ends_at = Lease.objects.get(name="test.killed").until_at
        assert take(ends_at - timedelta(milliseconds=1)) is None
        assert take(ends_at) == 2
        late = Lease.objects.keep(
            "test.killed",
            owner="victim",
            fence=1,
            now=clock.database_now(),
            lease=timedelta(seconds=1),
        )
        assert not late
    finally:
        victim.kill()
        victim.wait(10)
        victim.stdout.close()


def take(now):
    return Lease.objects.take("test.killed", owner="heir", now=now, lease=timedelta(seconds=5))
