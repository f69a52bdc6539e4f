"""The loops: send what is due, ask about what is unclear, pick up what was left, count."""

from __future__ import annotations

import contextvars
import os
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from functools import cache

from django.db import close_old_connections, connection

from yanzhen.jobs.registry import AFTER, BEFORE, Loop, register
from yanzhen.jobs.worker import worker_name
from yanzhen.publishing.actions.clearing import call_for_looks
from yanzhen.publishing.actions.expiring import hold_expired
from yanzhen.publishing.actions.settling import remember, settle_in
from yanzhen.publishing.actions.watching import raise_alarms
from yanzhen.publishing.engine.claim import accounts_due
from yanzhen.publishing.engine.comparing import compare
from yanzhen.publishing.engine.counts import refresh
from yanzhen.publishing.engine.lane import run_lane
from yanzhen.publishing.engine.reaper import reap
from yanzhen.publishing.engine.reconcile import reconcile
from yanzhen.publishing.engine.remove import remove
from yanzhen.publishing.engine.uploads import upload_due

MOST_LANES = 8
LOOK_FOR_SECONDS = 0.4
#: How long free lanes are left to other workers.
SHARE_SECONDS = 0.15


class Lanes:
    """Runs accounts side by side, each in one thread at most; a slow one delays no other."""

    def __init__(self) -> None:
        self.owner = worker_name()
        self._pool = ThreadPoolExecutor(MOST_LANES, thread_name_prefix="lane")
        self._running: dict[int, Future[int]] = {}
        self._lock = threading.Lock()

    def start(self, now: datetime) -> int:
        """Start the lanes that are due, wait a moment for them, and return how many posts went.

        Half of them at a time, and again while some run: the lanes of one process share one
        processor, so other workers get a moment to take the rest.
        """
        with self._lock:
            done, ends_at = self._collect(), time.monotonic() + LOOK_FOR_SECONDS
            while True:
                self._start_half(now)
                left = ends_at - time.monotonic()
                wait(list(self._running.values()), timeout=max(min(left, SHARE_SECONDS), 0))
                done += self._collect()
                if not self._running or time.monotonic() >= ends_at:
                    return done

    def _start_half(self, now: datetime) -> None:
        due = [pk for pk in accounts_due(now) if pk not in self._running]
        for account_id in due[: (len(due) + 1) // 2]:
            turn = contextvars.copy_context()
            self._running[account_id] = self._pool.submit(turn.run, self._run, account_id)

    def _collect(self) -> int:
        ended = [pk for pk, lane in self._running.items() if lane.done()]
        return sum(self._running.pop(pk).result() for pk in ended)

    def _run(self, account_id: int) -> int:
        close_old_connections()
        try:
            return run_lane(account_id, owner=self.owner)
        finally:
            connection.close()


@cache
def _lanes_of(process_id: int) -> Lanes:
    """Return this process's lanes; a forked child gets its own, threads do not survive a fork."""
    del process_id
    return Lanes()


def publish(now: datetime) -> int:
    """Send what is due at ``now``, on as many accounts side by side as there are lanes."""
    return _lanes_of(os.getpid()).start(now)


def upload(now: datetime) -> int:
    """Bring the media of what is due soon to X."""
    return upload_due(now, owner=_lanes_of(os.getpid()).owner)


def settle(now: datetime) -> None:
    """Before anything is sent, see whether this database was restored or copied."""
    settle_in(now=now)


def remember_here(now: datetime) -> int:
    """Note beside the data folder how far publishing has come."""
    return int(remember(now=now))


BEFORE.append(settle)
AFTER.append(remember_here)
register(Loop("publishing.upload", upload, every_seconds=1, alone=False, budget_seconds=600))
register(Loop("publishing.publish", publish, every_seconds=0.3, alone=False, budget_seconds=5))
register(Loop("publishing.reconcile", reconcile, every_seconds=1, lease_seconds=300))
register(Loop("publishing.remove", remove, every_seconds=0.5, alone=False, budget_seconds=60))
register(Loop("publishing.reap", reap, every_seconds=5))
register(Loop("publishing.compare", compare, every_seconds=5, lease_seconds=600))
register(Loop("publishing.remember", remember_here, every_seconds=1, alone=False))
register(Loop("publishing.expire", hold_expired, every_seconds=10))
register(Loop("publishing.looks", call_for_looks, every_seconds=10, lease_seconds=25, in_web=True))
register(Loop("publishing.counts", refresh, every_seconds=30, lease_seconds=300))
# In the web processes too: it must go on when every worker is dead. Whoever holds it may die; the
# lease ends soon enough for another to tell within a minute.
register(Loop("publishing.watch", raise_alarms, every_seconds=10, lease_seconds=25, in_web=True))
