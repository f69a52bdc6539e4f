"""A whole Yanzhen for tests: ``yanzhen up --demo`` as a person starts it, data of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

SOURCES = Path(__file__).parents[3]


@dataclass(frozen=True)
class Running:
    """One copy: its address, its fake X's address, its data folder."""

    url: str
    fake_x: str
    data: Path

    def posts_at_x(self, handle: str) -> list[dict]:
        """Return every post the fake X ever stored for this account, in order."""
        answer = httpx2.get(f"{self.fake_x}/_sim/posts", params={"account": handle})
        return answer.json()["posts"]


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_up(url: str, process: subprocess.Popen, log: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"it stopped: {log.read_text()[-2000:]}")
        try:
            if httpx2.get(f"{url}/health", timeout=2).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.2)
    raise AssertionError(f"not up after {seconds} s: {log.read_text()[-2000:]}")


@contextmanager
def running_copy(data: Path, *, seconds: float = 90, **settings: str) -> Iterator[Running]:
    """Start a copy on ``data`` and stop it by Ctrl-C; it must end within 20 seconds.

    ``settings`` become YANZHEN_ variables.
    """
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("YANZHEN_")}
    environment |= {"YANZHEN_DATA": str(data), "PORT": str(port), "PYTHONPATH": str(SOURCES)}
    environment |= {f"YANZHEN_{name.upper()}": value for name, value in settings.items()}
    data.mkdir(parents=True, exist_ok=True)
    log = data / "up.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "yanzhen", "up", "--demo"],
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        url = f"http://localhost:{port}"
        try:
            _wait_until_up(url, process, log, seconds)
            fake_x = f"http://127.0.0.1:{(data / 'fake-x.port').read_text()}"
            yield Running(url, fake_x, data)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
