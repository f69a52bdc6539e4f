"""The way back to the first ten minutes, for whoever left them to connect an account.

It is a matter of one browser, so it is kept in the session.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

BACK = "start_back"


def way_back(request: HttpRequest) -> str:
    """Return the step that this browser left for a while, on the pages it left it for; else ""."""
    session, match = getattr(request, "session", None), request.resolver_match
    there = match is not None and (match.url_name or "").startswith("account")
    return reverse("start-account") if there and session and session.get(BACK) else ""
