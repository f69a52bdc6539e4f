"""Real worker processes for tests: forked, killed and paused, with the fake X in another one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

import httpx2
from django.conf import settings
from django.db import OperationalError, connections

from yanzhen.adapters.platforms.x.platform import XPlatform
from yanzhen.jobs.registry import LOOPS
from yanzhen.jobs.worker import Worker
from yanzhen.kernel import clock
from yanzhen.publishing.engine.claim import accounts_due
from yanzhen.publishing.engine.lane import run_lane

Answer = TypeVar("Answer")

OURS = (
    "publishing.publish",
    "publishing.upload",
    "publishing.reconcile",
    "publishing.reap",
)


class RemoteSim:
    """The fake X in another process, steered as the one in a thread is."""

    def __init__(self, url: str) -> None:
        self.url = url

    def _ask(self, path: str, body: dict | None = None) -> dict:
        answer = httpx2.request(
            "GET" if body is None else "POST", f"{self.url}/_sim/{path}", json=body, timeout=20
        )
        answer.raise_for_status()
        return answer.json()

    def app_keys(self, handles: list[str]) -> dict:
        return self._ask("apps", {"name": "Desk", "tokens_for": handles})

    def posts(self, handle: str | None = None) -> list[dict]:
        return self._ask("posts" + (f"?account={handle}" if handle else ""))["posts"]

    def journal(self, *, method: str, route: str) -> dict:
        return self._ask(f"journal?method={method}&route={route}&limit=1")

    def advance(self, seconds: float) -> None:
        self._ask("clock", {"advance": seconds})

    def raise_quotas(self, most: int) -> None:
        """Say in every answer that so many posts are left: senders wait for what X says."""
        routes = ("POST /2/tweets", "GET /2/users/:id/tweets", "GET /2/tweets")
        self._ask("limits", {"routes": {route: {"user": most} for route in routes}})

    def fault(self, do: str, *, match: dict | None = None, **more: object) -> None:
        self._ask("faults", {"do": do, "match": match or {}, **more})


@contextmanager
def remote_sim():
    """Run a fake X in its own process on a free port."""
    server = subprocess.Popen(
        [sys.executable, "-m", "xsim", "--port", "0", "--no-limits"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        first = server.stdout.readline()
        yield RemoteSim(first.split()[-1])
    finally:
        server.terminate()
        server.wait(10)
        server.stdout.close()


class Crew:
    """The worker processes of one test; ``dismiss`` ends whoever is left."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pids: set[int] = set()

    def fork(self, *, crash_at: str = "", lonely: bool = False, loops: Sequence[str] = OURS) -> int:
        """Start a worker on this test's database and return its process id.

        A ``lonely`` one has a single thread: paused, it can hold no lock for another of its own.
        """
        work = self._alone if lonely else lambda: self._together(loops)
        return self.run(work, crash_at=crash_at)

    def run(self, work: Callable[[], None], *, crash_at: str = "") -> int:
        """Run ``work`` in a process of its own, which ends with it, and return its id."""
        connections.close_all()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            self._work(work, crash_at)
        self.pids.add(pid)
        return pid

    @staticmethod
    def _alone() -> None:
        while True:
            for account_id in accounts_due(clock.database_now()):
                run_lane(account_id, owner="lonely")
            time.sleep(0.05)

    @staticmethod
    def _together(loops: Sequence[str]) -> None:
        worker = Worker([LOOPS[name] for name in loops])
        worker.start()
        worker.wait()

    def _work(self, work: Callable[[], None], crash_at: str) -> None:
        code = 1
        try:
            sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115,PTH123 -- until exit
            os.dup2(sys.stdout.fileno(), 1)
            os.dup2(sys.stdout.fileno(), 2)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            settings.ENV = replace(settings.ENV, crash_at=crash_at)
            sys.modules[settings.YANZHEN_ADAPTERS].PLATFORMS["x"] = XPlatform(
                api_base=self.url,
                auth_base=self.url,
                web_base=self.url,
                timeout_seconds=settings.ENV.x_timeout_seconds,
            )
            work()
            code = 0
        finally:
            os._exit(code)

    def kill(self, pid: int) -> None:
        """SIGKILL, whatever it is doing."""
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        self.pids.discard(pid)

    def dismiss(self) -> None:
        for pid in list(self.pids):
            os.kill(pid, signal.SIGCONT)
            self.kill(pid)

    def wait_for_death(self, pid: int, *, seconds: float = 20) -> int:
        """Wait until the worker has ended itself; return the signal that did it."""
        status = self._wait(pid, 0, seconds)
        self.pids.discard(pid)
        return os.WTERMSIG(status)

    def wait_for_pause(self, pid: int, *, seconds: float = 20) -> None:
        """Wait until the worker has stopped itself."""
        assert os.WIFSTOPPED(self._wait(pid, os.WUNTRACED, seconds))

    def _wait(self, pid: int, how: int, seconds: float) -> int:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found, status = os.waitpid(pid, os.WNOHANG | how)
            if found:
                return status
            time.sleep(0.01)
        raise AssertionError(f"worker {pid} went on for {seconds} s")


def until(check, *, seconds: float = 20) -> None:
    """Wait for ``check()`` to hold."""
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.03)


def pressing_again(do: Callable[[], Answer], *, times: int = 6) -> Answer:
    """Do it as a person does who is told that others were writing: nothing is written, again.

    SQLite lets a writer wait for ten seconds; eight hot workers on a full machine can take longer.
    """
    for _ in range(times - 1):
        try:
            return do()
        except OperationalError:
            time.sleep(0.1)
    return do()
