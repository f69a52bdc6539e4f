"""The ASGI application: reads a request, finds who answers it, sends or withholds the answer."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from xsim import api, consent, control, pages
from xsim.exchange import Exchange
from xsim.problems import too_large
from xsim.sim import Sim
from xsim.streams import Stream
from xsim.wire import Request, Response, json_response

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BODY_MAX, MEDIA_BODY_MAX = 1024 * 1024, 8 * 1024 * 1024
HEARTBEAT = b"\r\n"
# How often a silent stream looks whether the server stops, and how far apart the halves of a split
# item arrive.
LOOK_SECONDS, SPLIT_SECONDS = 0.1, 0.05
# Closing with this option set sends a reset instead of an orderly end.
LINGER_NOT = struct.pack("ii", 1, 0)


class App:
    """One fake server as an ASGI application.

    ``connections`` maps a client's address to its transport; the server fills it, so that a fault
    can break one.
    """

    def __init__(self, sim: Sim) -> None:
        self.sim = sim
        self.connections: dict[tuple[str, int], asyncio.Transport] = {}
        self.stopping: Callable[[], bool] = lambda: False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request."""
        if scope["type"] != "http":
            raise RuntimeError("only HTTP is served")
        request = await self._read(scope, receive)
        if request is None:
            refusal = too_large()
            await self._send(
                json_response(refusal.status, refusal.body, {"connection": "close"}), "POST", send
            )
        elif api.is_api_path(request.path):
            await self._exchange(request, receive, send)
        else:
            await self._send(self._page(request), request.method, send)

    async def _read(self, scope: Scope, receive: Receive) -> Request | None:
        """Read a whole request; None when its body is too large."""
        body = bytearray()
        most = MEDIA_BODY_MAX if scope["path"].startswith("/2/media/") else BODY_MAX
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message["type"] == "http.request" and message.get("more_body", False)
            if len(body) > most:
                return None
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        client = scope.get("client") or ("", 0)
        return Request(
            method=scope["method"],
            path=scope["path"],
            raw_path=scope.get("raw_path", scope["path"].encode()).decode("latin-1"),
            query_string=scope["query_string"].decode("latin-1"),
            headers=headers,
            body=bytes(body),
            client=(client[0], client[1]),
            scheme=scope["scheme"],
        )

    def _page(self, request: Request) -> Response:
        with self.sim.world.lock:
            if request.path.startswith("/_sim"):
                return control.answer(self.sim, request)
            if request.path in consent.PATHS:
                return consent.answer(self.sim.world, request)
            return pages.answer(self.sim.world, request)

    async def _exchange(self, request: Request, receive: Receive, send: Send) -> None:
        exchange = Exchange(self.sim.world, request)
        if wait := exchange.begin():
            await self._wait(wait, receive)
        ending = exchange.finish()
        if ending.wait_seconds:
            await self._wait(ending.wait_seconds, receive)
        if ending.response is None:
            await self._break(request.client, receive)
        elif ending.response.stream is not None:
            await self._stream(ending.response, ending.response.stream, request, receive, send)
        elif ending.drip_seconds:
            await self._drip(ending.response, request.client, ending.drip_seconds, receive)
        else:
            await self._send(ending.response, request.method, send)

    async def _wait(self, seconds: float, receive: Receive) -> None:
        """Wait until the time is over, the client has gone, or the server stops."""
        gone = asyncio.ensure_future(receive())
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        try:
            while not gone.done() and not self.stopping() and (left := end - loop.time()) > 0:
                await asyncio.wait({gone}, timeout=min(left, 0.1))
        finally:
            gone.cancel()

    async def _stream(
        self,
        response: Response,
        stream: Stream,
        request: Request,
        receive: Receive,
        send: Send,
    ) -> None:
        """Send a stream until one of the sides ends it."""
        loop, news = asyncio.get_running_loop(), asyncio.Event()
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            await send(_start(response))
            # From here on every item wakes us, whatever thread it comes from.
            stream.wake = lambda: _call_soon(loop, news.set)
            said_at = loop.time()
            while not gone.done() and not self.stopping():
                if stream.pieces:
                    await self._send_pieces(stream, send)
                    said_at = loop.time()
                if stream.ended:
                    break
                quiet = loop.time() - said_at
                keep_alive = self.sim.world.streams.keep_alive_seconds
                if quiet >= keep_alive and not stream.silent:
                    stream.release()
                    stream.pieces.append(HEARTBEAT)
                    continue
                news.clear()
                if not stream.pieces:
                    await _first_of(gone, news, min(max(keep_alive - quiet, 0.01), LOOK_SECONDS))
            if stream.ended != "reset":
                await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()
            with self.sim.world.lock:
                self.sim.world.streams.drop(stream)
        if stream.ended == "reset":
            await self._break(request.client, receive)

    async def _send_pieces(self, stream: Stream, send: Send) -> None:
        """Send what waits, each piece in a packet of its own."""
        while stream.pieces:
            piece = stream.pieces.popleft()
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            if not piece.endswith(b"\n"):
                await asyncio.sleep(SPLIT_SECONDS)

    async def _break(self, client: tuple[str, int], receive: Receive) -> None:
        """Reset the connection without an answer."""
        transport = self.connections.get(client)
        if transport is None:
            return
        set_reset_on_close(transport)
        transport.abort()
        while (await receive())["type"] != "http.disconnect":
            continue

    async def _drip(
        self, response: Response, client: tuple[str, int], seconds: float, receive: Receive
    ) -> None:
        """Send an answer whose head comes in pieces over seconds, and end the connection."""
        transport = self.connections.get(client)
        if transport is None:
            return
        lines = [f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}"]
        head = response.headers | {"content-length": str(len(response.body)), "connection": "close"}
        lines += [f"{name}: {value}" for name, value in head.items()]
        for line in lines:
            transport.write(f"{line}\r\n".encode("latin-1"))
            await self._wait(seconds / len(lines), receive)
        transport.write(b"\r\n" + response.body)
        transport.close()
        while (await receive())["type"] != "http.disconnect":
            continue

    async def _send(self, response: Response, method: str, send: Send) -> None:
        if response.status != HTTPStatus.NOT_MODIFIED:
            response.headers["content-length"] = str(len(response.body))
        await send(_start(response))
        await send(
            {"type": "http.response.body", "body": b"" if method == "HEAD" else response.body}
        )


def set_reset_on_close(transport: asyncio.Transport) -> None:
    """Let the end of a connection be a reset."""
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)


def _start(response: Response) -> Message:
    return {
        "type": "http.response.start",
        "status": response.status,
        "headers": [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in response.headers.items()
        ],
    }


def _call_soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    """Let a loop do something, unless it has ended."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(call)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _first_of(gone: asyncio.Future[None], news: asyncio.Event, seconds: float) -> None:
    """Wait for news or for the other side to go, but no longer than seconds."""
    waiting = asyncio.ensure_future(news.wait())
    both: set[asyncio.Future[Any]] = {gone, waiting}
    try:
        await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
