"""The edge: what no view should ever have to see is refused here, before anything is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import unquote_to_bytes

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError

from yanzhen.kernel.ids import MOST_DIGITS
from yanzhen.web import refusals

#: No row has such a number, and a database asked for it fails instead of finding nothing.
_TOO_LONG = re.compile(rf"/\d{{{MOST_DIGITS + 1},}}(?:/|$)")


def _unsayable(values: Iterable[str]) -> bool:
    """Tell whether a value holds NUL or half a surrogate pair, which no database can keep."""
    for value in values:
        if "\x00" in value:
            return True
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            return True
    return False


class EdgeMiddleware:
    """Answers 400 for text no database can keep and 413 for a body that is too large."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the address, the query and the form; pass the rest on."""
        try:
            raw = unquote_to_bytes(request.META.get("QUERY_STRING", "") or "")
            raw.decode("utf-8")
            request.path.encode("utf-8")
        except UnicodeError:
            return refusals.bad_request(request)
        if b"\x00" in raw or "\x00" in request.path:
            return refusals.bad_request(request)
        if _TOO_LONG.search(request.path):
            return refusals.not_found(request)
        if request.method == "POST":
            answer = self._look_into(request)
            if answer is not None:
                return answer
        return self.get_response(request)

    def _look_into(self, request: HttpRequest) -> HttpResponse | None:
        try:
            form = [(key, value) for key, values in request.POST.lists() for value in values]
            names = [str(getattr(file, "name", "")) for file in request.FILES.values()]
        except (RequestDataTooBig, TooManyFieldsSent):
            return refusals.too_large(request)
        except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
            return refusals.bad_request(request)
        if _unsayable(part for pair in form for part in pair) or _unsayable(names):
            return refusals.bad_request(request, unsayable=True)
        return None
