"""Open streams: who listens, what waits to be sent to each, and how a fault bends one."""

from __future__ import annotations

import itertools
import json
from collections import deque
from collections.abc import Callable
from typing import Any

from xsim.faults import Fault
from xsim.problems import operational_disconnect, too_many_connections

KEEP_ALIVE_SECONDS = 20.0
# Streams of each kind that an app may hold open at a time.
CONNECTIONS = {"filtered": 1, "activity": 2}
END_OF_LINE = b"\r\n"


class Stream:
    """One open connection.

    ``pieces`` are the chunks that wait to be sent; ``ended`` is None while it lives, then close
    (orderly) or reset. A silent stream stays open and says nothing more, not even that it lives.
    """

    def __init__(
        self, kind: str, client_id: str, fault: Fault | None, view: dict[str, str]
    ) -> None:
        self.kind = kind
        self.client_id = client_id
        self.view = view
        self.pieces: deque[bytes] = deque()
        self.ended: str | None = None
        self.silent = False
        self.items = 0
        self.wake: Callable[[], None] = lambda: None
        self._bend = fault.do if fault and fault.do.startswith("stream_") else ""
        self._after = int(fault.settings.get("items", 0)) if fault else 0
        self._held: bytes | None = None
        self._turn()

    def put(self, item: dict[str, Any]) -> None:
        """Let an item be sent, in whatever way this stream sends."""
        if self.ended or self.silent:
            return
        line = json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode() + END_OF_LINE
        bent = self._bend if self.items >= self._after else ""
        self.items += 1
        if bent == "stream_out_of_order" and self._held is None:
            self._held = line
        elif bent == "stream_split":
            self.pieces.extend(_halves(line))
        else:
            self.pieces.extend([line, line] if bent == "stream_duplicate" else [line])
            self.release()
        self._turn()
        self.wake()

    def release(self) -> None:
        """Send what was held back to come out of order."""
        if self._held is not None:
            self.pieces.append(self._held)
            self._held = None

    def end(self, how: str) -> None:
        """End it from this side: close, reset, or disconnect, which says why first."""
        if how == "disconnect":
            said = json.dumps(operational_disconnect(), separators=(",", ":")).encode()
            self.pieces.append(said + END_OF_LINE)
        self.ended = "reset" if how == "reset" else "close"
        self.wake()

    def _turn(self) -> None:
        """Do what the fault does once enough items were sent."""
        if self.items < self._after:
            return
        if self._bend == "stream_silent":
            self.silent = True
        elif self._bend in ("stream_close", "stream_disconnect", "stream_reset"):
            self.end(self._bend.removeprefix("stream_"))


def _halves(line: bytes) -> list[bytes]:
    """Cut a line inside its first character of several bytes, or else in the middle."""
    cut = next((at + 1 for at, byte in enumerate(line) if byte >= 0xC0), len(line) // 2)  # noqa: PLR2004 -- the first byte of several in UTF-8
    return [line[:cut], line[cut:]]


class Streams:
    """All open streams; used under the world's lock."""

    def __init__(self) -> None:
        self.keep_alive_seconds = KEEP_ALIVE_SECONDS
        self._open: dict[int, Stream] = {}
        self._numbers = itertools.count(1)

    def open(self, stream: Stream) -> None:
        """Add a stream. Raises Refused (429) when its app has as many open as it may."""
        same = [
            one
            for one in self._open.values()
            if (one.kind, one.client_id) == (stream.kind, stream.client_id) and not one.ended
        ]
        if len(same) >= CONNECTIONS[stream.kind]:
            raise too_many_connections()
        self._open[next(self._numbers)] = stream

    def drop(self, stream: Stream) -> None:
        """Forget a stream that is over."""
        self._open = {number: one for number, one in self._open.items() if one is not stream}

    def listening(self, kind: str) -> list[Stream]:
        """List the live streams of a kind."""
        return [one for one in self._open.values() if one.kind == kind and not one.ended]

    def end_all(self, how: str) -> int:
        """End every live stream; tells how many there were."""
        live = [one for one in self._open.values() if not one.ended]
        for one in live:
            one.end(how)
        return len(live)

    def describe(self) -> list[dict[str, Any]]:
        """Show the live streams as the control API prints them."""
        return [
            {"id": number, "kind": one.kind, "client_id": one.client_id, "items": one.items}
            for number, one in self._open.items()
            if not one.ended
        ]

    def clear(self) -> None:
        """End all and follow the usual pace again."""
        self.end_all("close")
        self.keep_alive_seconds = KEEP_ALIVE_SECONDS
