"""The door of a running server: shut for a while on order, and opened again on the same port."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable

import uvicorn

PATIENCE_SECONDS = 5.0


def bound_socket(host: str, port: int) -> socket.socket:
    """Bind a port without listening yet: until then connections to it are refused."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named TCP outright: only then does asyncio send small answers at once.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


class Door(uvicorn.Server):
    """A server whose listening socket can be closed and opened while it runs.

    ``reset_next`` counts the connections that are still to be taken and reset at once. ``opened``
    is set once it serves, so that it can be shut.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.reset_next = 0
        self.opened = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = 0
        self._shut: socket.socket | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open, and remember where we run."""
        self._loop, self._thread = asyncio.get_running_loop(), threading.get_ident()
        await super().startup(sockets)
        self.opened.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close for good."""
        if self._timer:
            self._timer.cancel()
        if self._shut:
            self._shut.close()
        await super().shutdown(sockets)

    def refuse(self, *, seconds: float | None = None, connections: int | None = None) -> None:
        """Refuse connections for seconds, or reset so many of them before a byte is read.

        While refused, the port is bound but nobody listens, idle connections are closed, and those
        with a request under way are closed after it.
        """
        if connections is not None:
            self.reset_next = connections
        if seconds is not None:
            self._run(lambda: self._close(seconds))

    def restore(self) -> None:
        """Take connections again, at once."""
        self.reset_next = 0
        if self._shut is not None and self._loop is not None:
            if threading.get_ident() == self._thread:
                self._open_soon()
            else:
                waiting = asyncio.run_coroutine_threadsafe(self._open(), self._loop)
                waiting.result(PATIENCE_SECONDS)

    def _run(self, act: Callable[[], None]) -> None:
        """Do something in the server's own thread, and wait until it is done."""
        if self._loop is None or threading.get_ident() == self._thread:
            act()
            return

        async def inside() -> None:
            act()

        asyncio.run_coroutine_threadsafe(inside(), self._loop).result(PATIENCE_SECONDS)

    def _close(self, seconds: float) -> None:
        if self._loop is None:
            return
        if self._shut is None:
            host, port = self.servers[-1].sockets[0].getsockname()[:2]
            for server in self.servers:
                server.close()
            self._shut = bound_socket(host, port)
            for connection in list(self.server_state.connections):
                connection.shutdown()
        if self._timer:
            self._timer.cancel()
        self._timer = self._loop.call_later(seconds, self._open_soon)

    def _open_soon(self) -> None:
        if self._loop is not None:
            self._keep(self._loop.create_task(self._open()))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open(self) -> None:
        if self._timer:
            self._timer.cancel()
        bound, self._shut = self._shut, None
        if bound is None or self.should_exit:
            return
        loop = asyncio.get_running_loop()
        self.servers.append(await loop.create_server(self._protocol, sock=bound, backlog=256))

    def _protocol(self) -> asyncio.Protocol:
        made: Callable[..., asyncio.Protocol] = self.config.http_protocol_class
        return made(config=self.config, server_state=self.server_state, app_state={}, _loop=None)
