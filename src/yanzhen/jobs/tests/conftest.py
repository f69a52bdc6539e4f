"""Fixtures of the tests about loops."""

import pytest

from yanzhen.jobs.models import Lease
from yanzhen.jobs.registry import Loop


@pytest.fixture
def counting():
    """A loop that counts its runs in ``runs`` and does what ``then`` says."""

    class Counting:
        def __init__(self):
            self.runs = []
            self.then = lambda now: 1
            self.loop = Loop("test.counting", self._run, every_seconds=0.02, lease_seconds=60)

        def _run(self, now):
            self.runs.append(now)
            return self.then(now)

        @property
        def row(self):
            return Lease.objects.get(pk=self.loop.name)

    return Counting()
