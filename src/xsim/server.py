"""Runs the application under uvicorn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from xsim.app import App, set_reset_on_close
from xsim.listener import Door, bound_socket
from xsim.sim import Sim
from xsim.world import World

# Longer than any client keeps an idle connection: the server never closes one under a request.
IDLE_SECONDS = 120


def _protocol(app: App, door: Callable[[], Door]) -> type[asyncio.Protocol]:
    """Make the HTTP protocol that tells the application about its connections."""

    class Protocol(H11Protocol):
        _peer: tuple[str, int] | None = None
        _turned_away = False

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            if not isinstance(transport, asyncio.Transport):
                raise TypeError("only streams are served")
            if door().reset_next > 0:
                door().reset_next -= 1
                self._turned_away = True
                set_reset_on_close(transport)
                transport.abort()
                return
            peer = transport.get_extra_info("peername")
            if peer:
                self._peer = (str(peer[0]), int(peer[1]))
                app.connections[self._peer] = transport
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            if self._peer:
                app.connections.pop(self._peer, None)
            if not self._turned_away:
                super().connection_lost(exc)

    return Protocol


class Server:
    """A listening fake server. It is bound at once; ``run`` serves until ``stop`` or a signal."""

    def __init__(
        self, *, host: str = "127.0.0.1", port: int = 0, seed: int = 1, data: str | None = None
    ) -> None:
        self.socket = bound_socket(host, port)
        self.socket.listen(256)
        self.sim = Sim(World(seed=seed, path=data))
        bound = self.socket.getsockname()
        self.url = f"http://{f'[{bound[0]}]' if ':' in host else bound[0]}:{bound[1]}"
        self.sim.world.base = self.url
        app = App(self.sim)
        self._server = Door(
            uvicorn.Config(
                app,
                http=_protocol(app, lambda: self._server),
                ws="none",
                loop="asyncio",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                log_level="warning",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=IDLE_SECONDS,
                timeout_graceful_shutdown=1,
            )
        )
        app.stopping = lambda: self._server.should_exit
        self.sim.door = self._server

    def run(self) -> None:
        """Serve until told to stop, then close the state."""
        try:
            self._server.run(sockets=[self.socket])
        finally:
            self.socket.close()
            self.sim.world.store.close()

    def wait_until_open(self, seconds: float) -> None:
        """Wait until a server in another thread serves. Raises TimeoutError.

        It queues connections from the first moment, but an order to its door before would be lost.
        """
        if not self._server.opened.wait(seconds):
            raise TimeoutError(f"the fake server does not serve after {seconds} s")

    def stop(self) -> None:
        """Ask a running server to stop; from any thread."""
        self._server.should_exit = True
