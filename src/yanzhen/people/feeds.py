"""What a calendar program is answered that reads behind a secret address, whatever it reads."""

from __future__ import annotations

import hashlib
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from yanzhen.people.limits import wait_seconds, within

_LIMIT = "feed_reads"


def too_often(request: HttpRequest, link: str) -> HttpResponse | None:
    """Count a read of ``link``, any name of its own; return the refusal once it is too many."""
    if within(request, _LIMIT, key=link):
        return None
    wait = {"Retry-After": str(wait_seconds(_LIMIT))}
    return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS, headers=wait)


def as_calendar(request: HttpRequest, content: bytes, *, filename: str) -> HttpResponse:
    """Answer with an iCalendar file, or that it is still the one the program has."""
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer.headers["ETag"] = etag = f'"{hashlib.sha256(content).hexdigest()}"'
    # Asked again each time, so that a revoked link is empty at once wherever it was kept.
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    answer.headers["X-Robots-Tag"] = "noindex"
    found: HttpResponse = get_conditional_response(request, etag=etag, response=answer) or answer
    return found
