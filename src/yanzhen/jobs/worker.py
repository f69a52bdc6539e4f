"""The worker: runs every loop, each in its own thread, until told to stop."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import close_old_connections, connection
from django.db.models import F, QuerySet

from yanzhen.jobs.models import Lease
from yanzhen.jobs.registry import LOOPS, Hook, Loop
from yanzhen.kernel import clock

logger = logging.getLogger(__name__)
PAUSE_AFTER_FAILURE_SECONDS = 2.0


def worker_name() -> str:
    """Return a name no other worker has: host, process, and a random tail against pid reuse."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def _hold(loop: Loop, *, owner: str, now: datetime) -> QuerySet[Lease] | None:
    """Return the row to write the heartbeat to, or None while another worker has the lease."""
    if not loop.alone:
        Lease.objects.bulk_create([Lease(name=loop.name)], ignore_conflicts=True)
        return Lease.objects.filter(name=loop.name)
    lease = timedelta(seconds=loop.lease_seconds)
    fence = Lease.objects.take(loop.name, owner=owner, now=now, lease=lease)
    if fence is None:
        return None
    return Lease.objects.filter(name=loop.name, owner=owner, fence=fence)


def run_loop_once(loop: Loop, *, owner: str, now: datetime) -> int | None:
    """Run one loop once and return what it did, or None while another worker holds it.

    Writes the heartbeat. When the loop raises, that is logged, noted in its row and told as
    LoopFailed.
    """
    rows = _hold(loop, owner=owner, now=now)
    if rows is None:
        return None
    began = time.monotonic()
    try:
        done = loop.run_once(now)
    except Exception as error:
        logger.exception("loop %s failed", loop.name)
        rows.update(failed_at=now, last_error=f"{type(error).__name__}: {error}"[:300])
        raise LoopFailed(loop.name) from error
    took = time.monotonic() - began
    if took > loop.budget_seconds:
        logger.warning(
            "loop %s took %.1f s, its budget is %s", loop.name, took, loop.budget_seconds
        )
    rows.update(
        started_at=now,
        ok_at=now + timedelta(seconds=took),
        last_seconds=took,
        last_error="",
        done_count=F("done_count") + done,
    )
    return done


class LoopFailed(Exception):
    """A loop raised; the cause is chained and already logged."""


class Worker:
    """All loops of one process. ``stop()`` lets each finish what it is doing.

    ``before`` is done once before the first loop starts, ``after`` when all have ended.
    """

    def __init__(
        self,
        loops: Iterable[Loop] | None = None,
        *,
        before: Iterable[Hook] = (),
        after: Iterable[Hook] = (),
    ) -> None:
        self.name = worker_name()
        self._before, self._after = list(before), list(after)
        self._loops = list(LOOPS.values() if loops is None else loops)
        self._stopping = threading.Event()
        self._threads = [self._thread(loop) for loop in self._loops]

    def _thread(self, loop: Loop) -> threading.Thread:
        return threading.Thread(target=self._turn, args=(loop,), name=loop.name, daemon=True)

    def start(self) -> None:
        """Start one thread for each loop and return. What a hook raises keeps all from starting."""
        for hook in self._before:
            hook(clock.database_now())
        for thread in self._threads:
            thread.start()

    def is_whole(self) -> bool:
        """Tell whether every loop still has its thread."""
        return all(thread.is_alive() for thread in self._threads)

    def revive(self) -> None:
        """Start again what has lost its thread, and say so: that should not happen."""
        for place, thread in enumerate(self._threads):
            if thread.is_alive() or self._stopping.is_set():
                continue
            logger.error("loop %s had lost its thread; it starts again", thread.name)
            self._threads[place] = self._thread(self._loops[place])
            self._threads[place].start()

    def stop(self, *, timeout_seconds: float = 25) -> None:
        """Ask every loop to stop, wait for them, and free the leases."""
        self._stopping.set()
        deadline = time.monotonic() + timeout_seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        Lease.objects.filter(owner=self.name).update(until_at=None)
        for hook in self._after:
            try:
                hook(clock.database_now())
            except Exception:
                # The loops have ended in good order; what is left undone here is said, not fatal.
                logger.exception("worker %s could not end in good order", self.name)

    def wait(self) -> None:
        """Block until stop() is called."""
        self._stopping.wait()

    def _turn(self, loop: Loop) -> None:
        try:
            while not self._stopping.is_set():
                pause = loop.every_seconds
                try:
                    close_old_connections()
                    done = run_loop_once(loop, owner=self.name, now=clock.database_now())
                    if done:
                        pause = 0.05
                except LoopFailed:
                    pause = max(pause, PAUSE_AFTER_FAILURE_SECONDS)
                except Exception:
                    # The database is away: say so and try again; the loop's work is in rows.
                    logger.exception("loop %s could not reach its lease", loop.name)
                    connection.close()
                    pause = max(pause, PAUSE_AFTER_FAILURE_SECONDS)
                self._stopping.wait(pause)
        finally:
            connection.close()
