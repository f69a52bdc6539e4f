"""The one place from which anything may leave for X, once, behind an order that is on disk.

Nothing else may import channels.actions.writing; a Line keeps its writer to itself, so what the
public can see is reached through send_once alone.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from yanzhen.channels.actions.writing import OpenWriter, open_writer
from yanzhen.channels.models import Account
from yanzhen.channels.ports import MediaStatus, OutgoingPost, Profile, SendResult, Sent
from yanzhen.publishing.engine.crash import crash_point
from yanzhen.publishing.models import Attempt, Removal
from yanzhen.publishing.states import RemovalState

logger = logging.getLogger(__name__)
#: With less than this left there is no point in opening a connection.
LEAST_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Reposting:
    """Show ``post_id`` again on the account whose id at X is ``account_id``."""

    account_id: str
    post_id: str


@dataclass(frozen=True, slots=True)
class Deletion:
    """Delete ``post_id``; with ``reposter`` (an account's id at X) take back its repost of it."""

    post_id: str
    reposter: str = ""


Outgoing = OutgoingPost | Reposting | Deletion


@dataclass(frozen=True, slots=True)
class Line:
    """An open line to X as one account: reading, and bringing media, which nobody sees yet."""

    _writer: OpenWriter = field(repr=False)

    @property
    def generation(self) -> int:
        """Which set of the account's tokens it uses."""
        return self._writer.generation

    def me(self) -> Profile:
        """See ports.Reader."""
        return self._writer.inner.me()

    def begin_upload(self, *, mime: str, category: str, byte_count: int) -> MediaStatus:
        """See ports.Writer."""
        return self._writer.inner.begin_upload(mime=mime, category=category, byte_count=byte_count)

    def append_upload(self, media_id: str, index: int, chunk: bytes) -> None:
        """See ports.Writer."""
        self._writer.inner.append_upload(media_id, index, chunk)

    def finish_upload(self, media_id: str) -> MediaStatus:
        """See ports.Writer."""
        return self._writer.inner.finish_upload(media_id)

    def upload_status(self, media_id: str) -> MediaStatus:
        """See ports.Writer."""
        return self._writer.inner.upload_status(media_id)

    def describe_media(self, media_id: str, alt: str) -> None:
        """See ports.Writer."""
        self._writer.inner.describe_media(media_id, alt)

    def add_subtitles(self, media_id: str, *, subtitles_id: str, language: str, name: str) -> None:
        """See ports.Writer."""
        self._writer.inner.add_subtitles(
            media_id, subtitles_id=subtitles_id, language=language, name=name
        )


def open_line(account: Account, *, now: datetime) -> Line:
    """Return a line to X as ``account``, its tokens renewed when they end soon.

    Raises NotConnected and PlatformError as channels.actions.open_session does.
    """
    return Line(open_writer(account, now=now))


def send_once(order: Attempt | Removal, line: Line, what: Outgoing, *, began: float) -> SendResult:
    """Try exactly once to do ``what`` on X and tell what is known.

    ``order`` must be on disk: an open attempt, or for a Deletion a removal that was taken.
    ``began`` is time.monotonic() from before the order: a process that slept in between finds no
    time left and provably sends nothing. Never raises for what the wire does.
    """
    _refuse_unordered(order, what)
    left = settings.ENV.x_timeout_seconds - (time.monotonic() - began)
    if left < LEAST_SECONDS:
        return SendResult(Sent.UNSENT, "unsent", detail="no time was left to send it")
    try:
        result = _send(line, what, left)
    except Exception as error:
        # The adapter broke its word; whether anything left cannot be known.
        logger.exception("sending %s failed", order)
        result = SendResult(Sent.UNKNOWN, "broken", detail=type(error).__name__)
    crash_point("answered")
    return result


def _refuse_unordered(order: Attempt | Removal, what: Outgoing) -> None:
    if isinstance(what, Deletion):
        if not isinstance(order, Removal) or order.state != RemovalState.DOING:
            raise RuntimeError("a deletion needs a removal that was taken")
    elif not isinstance(order, Attempt) or not order.open or order.pk is None:
        raise RuntimeError("a send needs an open attempt on disk")


def _send(line: Line, what: Outgoing, seconds: float) -> SendResult:
    writer = line._writer.inner  # noqa: SLF001 -- the line's own module
    if isinstance(what, Deletion):
        if what.reposter:
            return writer.take_back(what.reposter, what.post_id, timeout_seconds=seconds)
        return writer.delete(what.post_id, timeout_seconds=seconds)
    if isinstance(what, Reposting):
        return writer.repost(
            what.account_id, what.post_id, timeout_seconds=seconds, on_point=crash_point
        )
    return writer.send(what, timeout_seconds=seconds, on_point=crash_point)
