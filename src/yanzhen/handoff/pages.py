"""What a page somewhere else is called: read by the worker, never while somebody waits.

The address is one that people typed, so only public https addresses are read, at every step of a
redirect anew, for a few seconds and a few kilobytes; nothing of it is run, and only words are kept.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx2

from yanzhen.kernel.http import CallFailed, Limits, client
from yanzhen.kernel.text import TextRefused, clean_text

TITLE_LENGTH, TEXT_LENGTH = 200, 300
LIMITS = Limits(connect_seconds=4, read_seconds=6, total_seconds=8, answer_bytes=8 * 1024 * 1024)
#: What a page is called stands at its beginning; the rest is not read.
MOST_BYTES = 256 * 1024
MOST_REDIRECTS = 3
_PIECE, _PARSE_SECONDS = 8 * 1024, 2.0
_OK, _SERVER_FAULT = 200, 500
_MOVED = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429})
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_LOOM = re.compile(r"https://(?:www\.)?loom\.com/(?:share|embed)/([0-9a-f]{32})(?:[/?#]|$)")


class Unread(Exception):
    """The page tells nothing. ``permanent``: looking again would not help."""

    def __init__(self, why: str, *, permanent: bool) -> None:
        super().__init__(why)
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Page:
    """What a page calls itself, and says of itself in a sentence; either may be empty."""

    title: str
    text: str


def loom_of(url: str) -> str:
    """Return the number of a Loom video by its shared address, "" for anything else."""
    found = _LOOM.match(url)
    return found.group(1) if found else ""


class _Head(HTMLParser):
    """Collects the title and the descriptions of a page, up to its body."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, str] = {}
        self.done = False
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self.done = True
        elif tag == "title":
            self._in_title = "title" not in self.found
        elif tag == "meta":
            told = {name: value or "" for name, value in attrs}
            name = (told.get("property") or told.get("name") or "").lower()
            if name in ("og:title", "og:description", "description"):
                self.found.setdefault(name, told.get("content", ""))

    def handle_endtag(self, tag: str) -> None:
        self._in_title = self._in_title and tag != "title"
        self.done = self.done or tag == "head"

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.found["title"] = self.found.get("title", "") + data


def _words(text: str, most: int) -> str:
    """Return words in one line, at most so many letters; none where they hold what no text may."""
    try:
        plain = " ".join(clean_text(text).split())
    except TextRefused:
        return ""
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def page_of(body: bytes, charset: str) -> Page:
    """Return what the beginning of an HTML page tells."""
    head, until = _Head(), time.monotonic() + _PARSE_SECONDS
    text = _decoded(body, charset or _named(body))
    for start in range(0, len(text), _PIECE):
        head.feed(text[start : start + _PIECE])
        if head.done or time.monotonic() > until:
            break
    found = head.found
    return Page(
        _words(found.get("og:title") or found.get("title", ""), TITLE_LENGTH),
        _words(found.get("og:description") or found.get("description", ""), TEXT_LENGTH),
    )


def _named(body: bytes) -> str:
    found = _CHARSET.search(body[:2048])
    return found.group(1).decode("ascii") if found else ""


def _decoded(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset or "utf-8", errors="replace")
    except (LookupError, ValueError):
        return body.decode(errors="replace")


@dataclass(frozen=True)
class Reader:
    """Reads pages: public addresses over https only, unless a test says otherwise."""

    public_only: bool = True
    schemes: frozenset[str] = frozenset({"https"})
    ports: Iterable[int] = (443,)

    def read(self, url: str) -> Page:
        """Return what the page at ``url`` tells. Raises Unread."""
        for _step in range(MOST_REDIRECTS + 1):
            try:
                if urlsplit(url).scheme not in self.schemes:
                    raise Unread("scheme", permanent=True)
                found = self._step(url)
            except (ValueError, httpx2.InvalidURL) as error:
                raise Unread(type(error).__name__, permanent=True) from None
            if isinstance(found, Page):
                return found
            url = found
        raise Unread("redirects", permanent=True)

    def _step(self, url: str) -> Page | str:
        """Return the page, or where it has moved to."""
        asked = client(limits=LIMITS, public_only=self.public_only, ports=self.ports)
        headers = {"accept": "text/html"}
        try:
            with asked as caller, caller.stream("GET", url, headers=headers) as answer:
                status, told = answer.status_code, answer.headers
                if status in _MOVED:
                    return urljoin(url, told.get("location", ""))
                _refuse(status, told.get("content-type", ""))
                body = b""
                for part in answer.iter_bytes():
                    body += part
                    if len(body) >= MOST_BYTES:
                        break
        except CallFailed as failed:
            raise Unread(str(failed), permanent=failed.reason == "address") from None
        return page_of(body[:MOST_BYTES], answer.charset_encoding or "")


def _refuse(status: int, kind: str) -> None:
    """Raise Unread for what is no page."""
    if status != _OK:
        again = status >= _SERVER_FAULT or status in _PASSING
        raise Unread(f"HTTP {status}", permanent=not again)
    if kind.partition(";")[0].strip().lower() not in ("text/html", "application/xhtml+xml"):
        raise Unread("not a page", permanent=True)
