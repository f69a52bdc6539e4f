"""Child processes that live and die together."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from yanzhen.config.hiding import hide

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 12.0
NOT_HIDDEN = (
    "{name}: this system does not let Yanzhen hide the worker's keys from it; only code keeps them"
    " apart. See SECURITY.md.\n"
)


@dataclass(frozen=True)
class Child:
    """One program of the group. ``environment`` is its whole environment.

    ``hidden`` is a folder that the operating system is to keep from it, if it can.
    """

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    hidden: Path | None = None


def _prepare(child: Child) -> None:
    """In the child: hide what it may not see, and on Linux die with a parent killed outright."""
    if child.hidden is not None and not hide(child.hidden):
        os.write(2, NOT_HIDDEN.format(name=child.name).encode())
    # After hiding, which would take it back.
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Starts children, waits for the first to end or for a signal, then ends them all."""

    def __init__(self, children: Sequence[Child], *, say: Callable[[str], object]) -> None:
        self._children = children
        self._say = say
        self._running: list[tuple[Child, subprocess.Popen[bytes]]] = []
        self._told = False

    def start(self) -> None:
        """Start every child; Ctrl-C and SIGTERM from now on mean stop."""
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signal_number, self._on_signal)
        for child in self._children:
            # A session of its own, so that Ctrl-C reaches it once, through us, and not twice.
            running = subprocess.Popen(  # noqa: S603 -- our own programs
                child.command,
                env=child.environment,
                start_new_session=True,
                preexec_fn=partial(_prepare, child),  # noqa: PLW1509 -- no threads run yet
            )
            self._running.append((child, running))

    def _on_signal(self, _number: int, _frame: object) -> None:
        self._told = True

    def wait_until_open(self, host: str, port: int, *, timeout_seconds: float) -> None:
        """Return when something listens there, or when time is up or a child has ended."""
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline and not self._told and self._ended() is None:
            try:
                with socket.create_connection((host, port), timeout=0.5):
                    return
            except OSError:
                time.sleep(0.05)

    def _ended(self) -> tuple[Child, int] | None:
        for child, running in self._running:
            code = running.poll()
            if code is not None:
                return child, code
        return None

    def wait(self) -> int:
        """Block until told to stop (0) or until a child ends by itself (its code, at least 1)."""
        while not self._told:
            ended = self._ended()
            if ended is not None:
                child, code = ended
                if code != 0:
                    self._say(f"{child.name} stopped with code {code}")
                return abs(code)
            time.sleep(0.2)
        return 0

    def stop(self) -> None:
        """Ask every child to stop, last started first, and end those that do not within 12 s."""
        for _child, running in reversed(self._running):
            if running.poll() is None:
                running.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child, running in self._running:
            try:
                running.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._say(f"{child.name} does not stop; ending it")
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()
