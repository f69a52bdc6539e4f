"""Live updates: one raw ASGI stream for each open page, one reader of the log for each process.

A message says only which topics changed, ``{"topics": ["review"], "last": 812}``; pages then
refetch their own fragments through the ordinary views, which check who may see what.
``?after=812`` tells what was missed; asked for JSON, the answer is one such message.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeVar
from urllib.parse import parse_qs

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connections
from django.http.cookie import parse_cookie
from django.utils.crypto import constant_time_compare

from yanzhen.activity.feed import events, topics
from yanzhen.kernel.ids import parse_id
from yanzhen.people.membership import SESSION_KEY as WORKSPACE_KEY
from yanzhen.people.models import Member, User

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")
#: Below one second, so that whoever is let go is out of open pages within one.
LOOK_EVERY_SECONDS = 0.75
HEARTBEAT_SECONDS = 12.0
CHECK_EVERY_SECONDS = 30.0
#: Ids commit out of order on PostgreSQL; looking back a little costs one refetch at most.
OVERLAP = 20
MOST_STREAMS = 5000
#: Streams asked about in one query.
MOST_ASKED = 500
#: What a stream finds in its queue when its watcher may watch no more.
ENDED = ""


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who watches which workspace, by which session."""

    workspace_id: int
    user_id: int
    key: str


def _watcher(cookie: str) -> Watcher | None:
    """Return who may watch by the session in a Cookie header; None when nobody's, or ended."""
    # As Django reads it: a cookie of another site on this host may be no cookie by the book.
    key = parse_cookie(cookie).get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user_id, backend = session.get(SESSION_KEY), session.get(BACKEND_SESSION_KEY)
    if user_id is None or backend not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    signed = session.get(HASH_SESSION_KEY, "")
    if user is None or not constant_time_compare(signed, user.get_session_auth_hash()):
        return None
    mine = Member.objects.active().filter(user=user).order_by("joined_at", "pk")
    found = list(mine.values_list("workspace_id", flat=True))
    chosen = session.get(WORKSPACE_KEY)
    watched = chosen if chosen in found else (found[0] if found else None)
    return Watcher(watched, user.pk, key) if watched is not None else None


def _message(slugs: Iterable[str], last: int) -> str:
    """Return what a page is told: the topics of these kinds, and where it stands now."""
    return json.dumps({"topics": topics(slugs), "last": last})


def _missed(workspace_id: int, after: int | None) -> str:
    """Return the message that tells what happened after event ``after``; None asks only for now."""
    last = events().objects.order_by("-id").values_list("id", flat=True).first() or 0
    if after is None:
        return _message([], last)
    rows = events().objects.in_workspace(workspace_id).filter(id__gt=after)
    return _message(rows.values_list("kind", flat=True).distinct(), last)


def _after(query: bytes) -> int | None:
    """Return the event number in ``?after=``, None when there is none that makes sense."""
    return parse_id(parse_qs(query.decode("latin-1")).get("after", [""])[0])


async def _ask(question: Callable[[], Answer]) -> Answer:
    """Ask the database in a thread and over a connection that are given back at once."""

    def ask() -> Answer:
        try:
            return question()
        finally:
            connections.close_all()

    async with ThreadSensitiveContext():
        return await sync_to_async(ask)()


class Hub:
    """All streams of this process and the one task that looks at the log for them."""

    def __init__(self) -> None:
        self.streams: dict[int, set[asyncio.Queue[str]]] = defaultdict(set)
        self.watchers: dict[asyncio.Queue[str], Watcher] = {}
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._seen: set[int] = set()
        self._last = 0

    def count(self) -> int:
        """Return how many streams are open."""
        return sum(len(queues) for queues in self.streams.values())

    async def join(self, watcher: Watcher) -> asyncio.Queue[str]:
        """Add a stream, start looking when it is the first, and return once that is under way.

        Whatever is recorded from then on reaches the stream; ENDED, once the watcher may watch no
        more.
        """
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=50)
        self.streams[watcher.workspace_id].add(queue)
        self.watchers[queue] = watcher
        if self._task is None or self._task.done():
            self._ready = asyncio.Event()
            self._task = asyncio.create_task(self._look_for_ever(self._ready))
        await self._ready.wait()
        return queue

    def leave(self, workspace_id: int, queue: asyncio.Queue[str]) -> None:
        """Remove a stream."""
        self.streams[workspace_id].discard(queue)
        self.watchers.pop(queue, None)
        if not self.streams[workspace_id]:
            del self.streams[workspace_id]

    async def _look_for_ever(self, ready: asyncio.Event) -> None:
        try:
            self._last, self._seen = await _ask(self._newest)
        finally:
            ready.set()
        while self.streams:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            try:
                found = await _ask(self._fresh)
                over = await _ask(self._over)
            except Exception:
                logger.exception("live updates could not read the log")
                continue
            for workspace_id, slugs in found.items():
                line = _message(slugs, self._last)
                for queue in self.streams.get(workspace_id, ()):
                    with contextlib.suppress(asyncio.QueueFull):
                        queue.put_nowait(line)
            for queue in over:
                with contextlib.suppress(asyncio.QueueFull):
                    queue.put_nowait(ENDED)

    def _over(self) -> list[asyncio.Queue[str]]:
        """Return the streams whose session or membership has ended since they began."""
        streams = dict(self.watchers)
        everyone = list(set(streams.values()))
        left = set(everyone)
        for at in range(0, len(everyone), MOST_ASKED):
            asked = everyone[at : at + MOST_ASKED]
            rows = Session.objects.filter(session_key__in=[each.key for each in asked])
            keys = set(rows.values_list("session_key", flat=True))
            mine = Member.objects.active().filter(user_id__in={each.user_id for each in asked})
            places = set(mine.values_list("user_id", "workspace_id"))
            left -= {
                each
                for each in asked
                if each.key in keys and (each.user_id, each.workspace_id) in places
            }
        return [queue for queue, watcher in streams.items() if watcher in left]

    @staticmethod
    def _newest() -> tuple[int, set[int]]:
        """Return the newest event, and those before it that need not be told any more."""
        rows = events().objects.order_by("-id").values_list("id", flat=True)
        known = set(rows[:OVERLAP])
        return max(known, default=0), known

    def _fresh(self) -> dict[int, set[str]]:
        """Return the kinds recorded since the last look, by workspace."""
        rows = events().objects.filter(id__gt=self._last - OVERLAP).order_by("id")[:500]
        found: dict[int, set[str]] = defaultdict(set)
        for pk, workspace_id, kind in rows.values_list("id", "workspace_id", "kind"):
            if pk not in self._seen:
                found[workspace_id].add(kind)
                self._seen.add(pk)
                self._last = max(self._last, pk)
        self._seen = {pk for pk in self._seen if pk > self._last - OVERLAP}
        return found


HUB = Hub()


async def _answer(send: Any, status: int, body: str = "") -> None:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})


async def _gone(receive: Any) -> None:
    """Return when the client has closed the connection."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return


async def _write(send: Any, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def live(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Serve one stream until the client leaves or the session ends."""
    headers = dict(scope["headers"])
    cookie = headers.get(b"cookie", b"").decode("latin-1")
    as_json = b"application/json" in headers.get(b"accept", b"")
    watcher = await _ask(lambda: _watcher(cookie))
    if watcher is None or scope["method"] != "GET":
        # 204 tells an EventSource not to come back.
        return await _answer(send, 401 if as_json else 204)
    after = _after(scope["query_string"])
    if as_json:
        return await _answer(send, 200, await _ask(lambda: _missed(watcher.workspace_id, after)))
    if HUB.count() >= MOST_STREAMS:
        return await _answer(send, 503)
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"text/event-stream; charset=utf-8"),
                (b"cache-control", b"no-store"),
                (b"x-accel-buffering", b"no"),
            ],
        }
    )
    # Joined before asking what was missed: what happens between the two is told twice, not never.
    queue = await HUB.join(watcher)
    gone = asyncio.create_task(_gone(receive))
    try:
        first = await _ask(lambda: _missed(watcher.workspace_id, after))
        await _write(send, f"retry: 3000\ndata: {first}\n\n")
        await _stream(send, queue, gone, cookie, watcher)
    finally:
        gone.cancel()
        HUB.leave(watcher.workspace_id, queue)
    return None


async def _stream(
    send: Any, queue: asyncio.Queue[str], gone: asyncio.Task[None], cookie: str, watcher: Watcher
) -> None:
    """Write topics and heartbeats; stop when the client is gone or may no longer watch."""
    loop = asyncio.get_running_loop()
    checked = loop.time()
    while not gone.done():
        waiting = asyncio.create_task(queue.get())
        await asyncio.wait(
            {waiting, gone}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        if loop.time() - checked > CHECK_EVERY_SECONDS:
            checked = loop.time()
            if await _ask(lambda: _watcher(cookie)) != watcher:
                waiting.cancel()
                return
        if waiting.done():
            if waiting.result() == ENDED:
                return
            await _write(send, f"data: {waiting.result()}\n\n")
        else:
            waiting.cancel()
            await _write(send, ": still here\n\n")
