"""Messages that reach the page: as toasts in it, or in a header when only a piece was asked for.

Views of every room say ``messages.success(request, text, extra_tags="undo:/path/")``; they need not
know which way it travels.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse

from yanzhen.web.templatetags.parts import toast

#: Answers that make the browser load a page, which then shows the messages itself.
_LEAVES = ("HX-Redirect", "HX-Refresh", "HX-Location", "Location")


class ToastMiddleware:
    """Puts waiting messages into HX-Trigger of htmx answers, beside what the view put there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; whole pages and redirects keep their messages."""
        response = self.get_response(request)
        asked = request.headers.get("HX-Request") == "true"
        whole = request.headers.get("HX-Boosted") == "true"
        if not asked or whole or any(name in response.headers for name in _LEAVES):
            return response
        toasts = [toast(message) for message in get_messages(request)]
        if toasts:
            events = _events(response.headers.get("HX-Trigger", ""))
            said = events.get("toast") or []
            toasts += said if isinstance(said, list) else [said]
            response.headers["HX-Trigger"] = json.dumps({**events, "toast": toasts})
        return response


def _events(header: str) -> dict[str, Any]:
    """Read HX-Trigger, which is either JSON or names with commas."""
    if header.lstrip().startswith("{"):
        events: dict[str, Any] = json.loads(header)
        return events
    return {name.strip(): None for name in header.split(",") if name.strip()}
