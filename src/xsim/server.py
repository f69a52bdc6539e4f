"""Runs the application under uvicorn."""

from __future__ import annotations

import asyncio
import socket

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from xsim.app import App
from xsim.sim import Sim
from xsim.world import World

# Longer than any client keeps an idle connection: the server never closes one under a request.
IDLE_SECONDS = 120


def _protocol(app: App) -> type[asyncio.Protocol]:
    """Make the HTTP protocol that tells the application about its connections."""

    class Protocol(H11Protocol):
        _peer: tuple[str, int] | None = None

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            if not isinstance(transport, asyncio.Transport):
                raise TypeError("only streams are served")
            peer = transport.get_extra_info("peername")
            if peer:
                self._peer = (str(peer[0]), int(peer[1]))
                app.connections[self._peer] = transport
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            if self._peer:
                app.connections.pop(self._peer, None)
            super().connection_lost(exc)

    return Protocol


class Server:
    """A listening fake server. It is bound at once; ``run`` serves until ``stop`` or a signal."""

    def __init__(
        self, *, host: str = "127.0.0.1", port: int = 0, seed: int = 1, data: str | None = None
    ) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # Named TCP outright: only then does asyncio send small answers at once.
        self.socket = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((host, port))
        self.socket.listen(256)
        self.sim = Sim(World(seed=seed, path=data))
        bound = self.socket.getsockname()
        self.url = f"http://{f'[{bound[0]}]' if ':' in host else bound[0]}:{bound[1]}"
        self.sim.world.base = self.url
        app = App(self.sim)
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=_protocol(app),
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

    def run(self) -> None:
        """Serve until told to stop, then close the state."""
        try:
            self._server.run(sockets=[self.socket])
        finally:
            self.socket.close()
            self.sim.world.store.close()

    def stop(self) -> None:
        """Ask a running server to stop; from any thread."""
        self._server.should_exit = True
