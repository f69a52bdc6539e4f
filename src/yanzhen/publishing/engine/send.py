"""The one place from which anything may leave for X, once, behind an intent that is on disk."""

from __future__ import annotations

import logging
import time

from django.conf import settings

from yanzhen.channels.ports import OutgoingPost, SendResult, Sent, Session
from yanzhen.publishing.engine.crash import crash_point
from yanzhen.publishing.models import Attempt

logger = logging.getLogger(__name__)
#: With less than this left there is no point in opening a connection.
LEAST_SECONDS = 0.5


def send_once(
    attempt: Attempt, session: Session, post: OutgoingPost, *, began: float
) -> SendResult:
    """Try exactly once to create ``post`` and tell what is known.

    ``began`` is time.monotonic() from before the intent: a process that slept in between finds no
    time left and provably sends nothing. Never raises for what the wire does.
    """
    if not attempt.open:
        raise RuntimeError("a send needs an open attempt on disk")
    left = settings.ENV.x_timeout_seconds - (time.monotonic() - began)
    if left < LEAST_SECONDS:
        return SendResult(Sent.UNSENT, "unsent", detail="no time was left to send it")
    try:
        result = session.send(post, timeout_seconds=left)
    except Exception as error:
        # The adapter broke its word; whether anything left cannot be known.
        logger.exception("sending attempt %s failed", attempt.pk)
        result = SendResult(Sent.UNKNOWN, "broken", detail=type(error).__name__)
    crash_point("answered")
    return result
