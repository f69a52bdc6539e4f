"""A fake server in a thread, for tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from xsim.server import Server
from xsim.sim import Sim

START_SECONDS = 30
STOP_SECONDS = 5


class Served(NamedTuple):
    """A running fake server: where it answers and how to steer it."""

    url: str
    sim: Sim


@contextmanager
def serve(*, seed: int = 1, data: str | None = None) -> Iterator[Served]:
    """Run a fake server on a free loopback port for the length of a ``with`` block."""
    server = Server(seed=seed, data=data)
    thread = threading.Thread(target=server.run, name="xsim", daemon=True)
    thread.start()
    try:
        server.wait_until_open(START_SECONDS)
        yield Served(server.url, server.sim)
    finally:
        server.stop()
        thread.join(STOP_SECONDS)
