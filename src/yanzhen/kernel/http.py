"""The only way out: one HTTP client factory with every limit set and nothing done twice.

A call opens its own connection, uses HTTP/1.1, follows no redirect, tries nothing again and asks no
proxy of the environment. One monotonic deadline covers all of it, name lookup to last byte. When a
call fails, the exception says whether a byte of the request may have left this machine: only a
failure before the first write proves that nothing happened at the other end.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpcore2
import httpx2

from yanzhen.kernel.addresses import is_public, resolve

USER_AGENT = "Yanzhen/0.1"


class Reason(StrEnum):
    """Why a call has no answer."""

    ADDRESS = "address"
    """The address is not one this call may go to."""
    LOOKUP = "lookup"
    """The host name has no address."""
    CONNECT = "connect"
    """Nobody answered at the address, or not in time."""
    TLS = "tls"
    """The secure connection was not agreed on, for instance because of a bad certificate."""
    TIMEOUT = "timeout"
    """Connected, but the time ran out."""
    BROKEN = "broken"
    """The connection broke, or what came back was not HTTP."""
    TOO_LARGE = "too_large"
    """The answer is longer than this client reads."""
    UNREADABLE = "unreadable"
    """The answer is packed in a way that was not asked for."""


class CallFailed(Exception):
    """A call ended without a whole answer.

    ``may_have_left`` is False only when provably no byte of the request was written. ``status`` is
    the HTTP status when the head of an answer had been read. The message never holds the address
    or a header, because both can carry secrets.
    """

    def __init__(
        self, reason: Reason, *, may_have_left: bool, status: int | None = None, detail: str = ""
    ) -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.may_have_left = may_have_left
        self.status = status
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may take. Seconds, except ``answer_bytes``."""

    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    write_seconds: float = 10.0
    total_seconds: float = 20.0
    answer_bytes: int = 2 * 1024 * 1024


@dataclass(slots=True)
class _Call:
    """One call under way: its deadline on this process's monotonic clock, and how far it got."""

    deadline: float
    limits: Limits
    public_only: bool
    may_have_left: bool = False
    status: int | None = None
    on_point: Callable[[str], None] | None = None
    passed: set[str] = field(default_factory=set)

    def reach(self, point: str) -> None:
        """Tell once that the call has come so far: "connected", then "written"."""
        if self.on_point is not None and point not in self.passed:
            self.passed.add(point)
            self.on_point(point)

    def failed(self, reason: Reason, detail: str = "") -> CallFailed:
        return CallFailed(
            reason, may_have_left=self.may_have_left, status=self.status, detail=detail
        )

    def left_seconds(self, wanted: float, reason: Reason) -> float:
        """Return ``wanted`` seconds or what is left of the deadline; raise when nothing is."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise self.failed(reason, "the deadline passed")
        return min(wanted, left)


class _Stream(httpcore2.NetworkStream):
    """A socket whose every wait is cut to what the call has left."""

    def __init__(self, sock: socket.socket, call: _Call) -> None:
        self._sock = sock
        self._call = call

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._call.reach("written")
        wait = self._call.left_seconds(self._call.limits.read_seconds, Reason.TIMEOUT)
        try:
            self._sock.settimeout(wait)
            return self._sock.recv(max_bytes)
        except TimeoutError:
            raise httpcore2.ReadTimeout("no answer in time") from None
        except OSError as error:
            raise httpcore2.ReadError(type(error).__name__) from None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # Told before the clock is asked: whoever slept here finds no time left and sends nothing.
        self._call.reach("connected")
        rest = memoryview(buffer)
        while rest:
            wait = self._call.left_seconds(self._call.limits.write_seconds, Reason.TIMEOUT)
            self._call.may_have_left = True
            try:
                self._sock.settimeout(wait)
                rest = rest[self._sock.send(rest) :]
            except TimeoutError:
                raise httpcore2.WriteTimeout("not taken in time") from None
            except OSError as error:
                # The connection reads on after this: a server may refuse before it has read all.
                raise httpcore2.WriteError(type(error).__name__) from None

    def close(self) -> None:
        self._sock.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        wait = self._call.left_seconds(self._call.limits.connect_seconds, Reason.TLS)
        try:
            self._sock.settimeout(wait)
            secure = ssl_context.wrap_socket(self._sock, server_hostname=server_hostname)
        except OSError as error:
            self._sock.close()
            raise self._call.failed(Reason.TLS, type(error).__name__) from None
        return _Stream(secure, self._call)

    def get_extra_info(self, info: str) -> object:
        if info == "ssl_object":
            return self._sock if isinstance(self._sock, ssl.SSLSocket) else None
        if info == "is_readable":
            return False
        return self._sock if info == "socket" else None


class _Backend(httpcore2.NetworkBackend):
    """Opens the one connection of a call: looks the name up once and connects to what it found."""

    def __init__(self, call: _Call) -> None:
        self._call = call

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        call = self._call
        wait = call.left_seconds(call.limits.connect_seconds, Reason.LOOKUP)
        try:
            addresses = resolve(host, port, timeout_seconds=wait)
        except OSError as error:
            raise call.failed(Reason.LOOKUP, type(error).__name__) from None
        if call.public_only and not all(is_public(str(where[0])) for _, where in addresses):
            raise call.failed(Reason.ADDRESS, "not a public address")
        why = ""
        for family, where in addresses:
            wait = call.left_seconds(call.limits.connect_seconds, Reason.CONNECT)
            sock = socket.socket(family, socket.SOCK_STREAM)
            try:
                sock.settimeout(wait)
                sock.connect(where)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                sock.close()
                why = type(error).__name__
                continue
            return _Stream(sock, call)
        raise call.failed(Reason.CONNECT, why)


class _Answer(httpx2.SyncByteStream):
    """The body of an answer, cut off at the limit, closing the call's connection at its end."""

    def __init__(
        self, body: Iterable[bytes], connection: httpcore2.HTTPConnection, call: _Call
    ) -> None:
        self._body = body
        self._connection = connection
        self._call = call

    def __iter__(self) -> Iterator[bytes]:
        seen = 0
        with _told(self._call):
            for part in self._body:
                seen += len(part)
                if seen > self._call.limits.answer_bytes:
                    raise self._call.failed(
                        Reason.TOO_LARGE, f"more than {self._call.limits.answer_bytes} bytes"
                    )
                yield part

    def close(self) -> None:
        self._connection.close()


class _told:  # noqa: N801 -- reads as a word in a with statement
    """Turns what the wire raises into CallFailed, without chaining what might hold secrets."""

    def __init__(self, call: _Call) -> None:
        self._call = call

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, httpcore2.TimeoutException):
            raise self._call.failed(Reason.TIMEOUT, str(error)) from None
        if isinstance(error, (httpcore2.NetworkError, httpcore2.ProtocolError)):
            raise self._call.failed(Reason.BROKEN, str(error)[:200]) from None


@dataclass
class _Transport(httpx2.BaseTransport):
    """One connection per request, closed with its answer."""

    limits: Limits
    public_only: bool
    ports: frozenset[int]
    verify: ssl.SSLContext | None = field(default=None, repr=False)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        total = float(request.extensions.get("total_seconds", self.limits.total_seconds))
        call = _Call(
            time.monotonic() + total,
            self.limits,
            self.public_only,
            on_point=request.extensions.get("on_point"),
        )
        self._look_at(request.url, call)
        url = httpcore2.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        if self.verify is None and request.url.scheme == "https":
            self.verify = ssl.create_default_context()
        connection = httpcore2.HTTPConnection(
            origin=url.origin,
            ssl_context=self.verify,
            http1=True,
            http2=False,
            retries=0,
            network_backend=_Backend(call),
        )
        try:
            with _told(call):
                answer = connection.handle_request(
                    httpcore2.Request(
                        method=request.method,
                        url=url,
                        headers=request.headers.raw,
                        content=request.stream,
                    )
                )
            call.status = answer.status
            _refuse_packed(answer.headers, call)
        except BaseException:
            connection.close()
            raise
        body = answer.stream
        if not isinstance(body, Iterable):
            raise call.failed(Reason.BROKEN, "no body to read")
        return httpx2.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Answer(body, connection, call),
        )

    def _look_at(self, url: httpx2.URL, call: _Call) -> None:
        if url.scheme not in ("http", "https") or not url.host:
            raise call.failed(Reason.ADDRESS, "only http and https addresses are called")
        port = url.port or (443 if url.scheme == "https" else 80)
        if self.public_only and (port not in self.ports or url.userinfo):
            raise call.failed(Reason.ADDRESS, "this port or sign-in is not allowed in an address")


def _refuse_packed(headers: Iterable[tuple[bytes, bytes]], call: _Call) -> None:
    # A packed answer could unfold far beyond the limit; we ask for plain ones.
    for name, value in headers:
        if name.lower() == b"content-encoding" and value.strip().lower() not in (b"", b"identity"):
            raise call.failed(Reason.UNREADABLE, "the answer is compressed")


def client(
    *,
    limits: Limits | None = None,
    public_only: bool = False,
    ports: Iterable[int] = (80, 443),
    headers: dict[str, str] | None = None,
    verify: ssl.SSLContext | None = None,
) -> httpx2.Client:
    """Return a client that several threads may share; it holds no connection between calls.

    ``public_only`` is for addresses that people typed: such a call goes to public addresses and to
    ``ports`` only, and connects to the very address that was checked. A single call may shorten
    its deadline with ``extensions={"total_seconds": 3.0}`` and be told by ``on_point`` when it is
    "connected" (nothing written yet) and "written". Failed calls raise CallFailed; every
    answer with a status, redirects and errors too, is returned.
    """
    return httpx2.Client(
        transport=_Transport(
            limits=limits or Limits(),
            public_only=public_only,
            ports=frozenset(ports),
            verify=verify,
        ),
        headers={
            "user-agent": USER_AGENT,
            "accept-encoding": "identity",
            "connection": "close",
            **(headers or {}),
        },
        # A shared client must not carry one account's cookies into another's calls.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        trust_env=False,
    )
