"""One port, two ways in: live updates as raw ASGI, every page through Django over WSGI threads.

Pages through Django's own ASGI handler cost five times the CPU, and a stream through its
middleware keeps a thread for each reader; see docs/adr/0002. Beside them runs the watchdog.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanzhen.config.settings")
pages = get_wsgi_application()

from django.conf import settings  # noqa: E402 -- settings are ready only now
from django.db import connections  # noqa: E402 -- settings are ready only now

from yanzhen.channels import closing  # noqa: E402 -- apps are ready only now
from yanzhen.handoff.urls import carries_recording  # noqa: E402 -- apps are ready only now
from yanzhen.library.urls import carries_file  # noqa: E402 -- apps are ready only now
from yanzhen.review.urls import carries_guest_file  # noqa: E402 -- apps are ready only now
from yanzhen.web.live import live  # noqa: E402 -- apps are ready only now
from yanzhen.web.watchdog import WATCHDOG  # noqa: E402 -- apps are ready only now

# Whoever breaks into the site finds a process that opens no stored token, however it was started.
closing.close_for_good()
_threads = WSGIMiddleware(cast(Any, pages), workers=settings.ENV.web_threads)
#: Files take as long as somebody's line is slow, so they wait for each other, never pages for them.
_file_threads = WSGIMiddleware(cast(Any, pages), workers=settings.ENV.web_threads)


def _carries_file(address: str) -> bool:
    return carries_file(address) or carries_guest_file(address) or carries_recording(address)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Route one connection."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    # At the start, and here too: a server may skip the lifespan, and a thread may be gone.
    WATCHDOG.watch()
    if scope["type"] == "http" and scope["path"] == "/live":
        await live(scope, receive, send)
    elif scope["type"] == "http" and _carries_file(scope["path"]):
        await _file_threads(scope, receive, send)  # type: ignore[arg-type]  # as below
    elif scope["type"] == "http":
        await _threads(scope, receive, send)  # type: ignore[arg-type]  # plain dict is what ASGI gives


def _rest() -> None:
    try:
        WATCHDOG.rest()
    finally:
        connections.close_all()


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            WATCHDOG.watch()
        else:
            await asyncio.to_thread(_rest)
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
