"""The edge: what no view should ever have to see is refused here, before anything is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from yanzhen.handoff.queries import may_record_somewhere
from yanzhen.kernel.ids import MOST_DIGITS
from yanzhen.library.limits import MOST_REQUEST_BYTES
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision
from yanzhen.web import refusals

#: No row has such a number, and a database asked for it fails instead of finding nothing.
_TOO_LONG = re.compile(rf"/\d{{{MOST_DIGITS + 1},}}(?:/|$)")

#: Stands where bytes could not be read.
_REPLACED = "\ufffd"


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


def _readable(raw: bytes) -> bool:
    """Tell whether percent-encoded bytes are UTF-8, without NUL and halves of surrogate pairs."""
    plain = unquote_to_bytes(raw)
    try:
        plain.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\x00" not in plain


def _length(request: HttpRequest) -> int:
    """Return how many bytes the request says it brings."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


class UnreadUpload(FileUploadHandler):
    """Leaves a body unread that nobody who may send it has sent."""

    def handle_raw_input(
        self, *args: Any, **options: Any
    ) -> tuple[QueryDict, MultiValueDict[Any, Any]]:
        """Answer for the whole form, so that not a byte of it is read."""
        return QueryDict(), MultiValueDict()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Take nothing; it is never asked."""
        return None

    def file_complete(self, file_size: int) -> None:
        """Keep nothing; it is never asked."""


class EdgeMiddleware:
    """Answers 400 for text no database can keep and 413 for a body that is too large.

    Two addresses take files of hundreds of megabytes. Their body is looked into only once the view
    is known and with it who is asking: a stranger's is not read at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.most_bytes = (
            settings.DATA_UPLOAD_MAX_MEMORY_SIZE + settings.FILE_UPLOAD_MAX_MEMORY_SIZE
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the address, the query and the form; pass the rest on."""
        # Nobody is known yet, so a refusal speaks the cookie's or the browser's language.
        with translation.override(translation.get_language_from_request(request)):
            answer = self._look_at(request)
        return self.get_response(request) if answer is None else answer

    @cached_property
    def large(self) -> Mapping[str, Callable[[Member], bool]]:
        """The addresses that take large files, and who may send them there."""
        return {
            reverse("library-upload"): lambda member: member.may_somewhere(Decision.POST_WRITE),
            reverse("handoff-video"): may_record_somewhere,
        }

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Look into a large body, before the check of its token reads it."""
        if request.method != "POST" or request.path_info not in self.large:
            return None
        member: Member | None = request.member
        if member is None or not self.large[request.path_info](member):
            request.upload_handlers = [UnreadUpload(request)]
            return None
        return self._look_into(request)

    def _look_at(self, request: HttpRequest) -> HttpResponse | None:
        if not _readable((request.META.get("QUERY_STRING", "") or "").encode("latin-1", "replace")):
            return refusals.bad_request(request)
        if _unsayable([request.path]):
            return refusals.bad_request(request)
        if _TOO_LONG.search(request.path):
            return refusals.not_found(request)
        large = request.path_info in self.large
        if _length(request) > (MOST_REQUEST_BYTES if large else self.most_bytes):
            return refusals.too_large(request)
        if large:
            return None
        return self._look_into(request) if request.method == "POST" else None

    def _look_into(self, request: HttpRequest) -> HttpResponse | None:
        try:
            form = [(key, value) for key, values in request.POST.lists() for value in values]
            names = [str(getattr(file, "name", "")) for file in request.FILES.values()]
        except (RequestDataTooBig, TooManyFieldsSent):
            return refusals.too_large(request)
        except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
            return refusals.bad_request(request)
        said = [part for pair in form for part in pair]
        if _unsayable(said) or _unsayable(names) or self._damaged(request, said):
            return refusals.bad_request(request, unsayable=True)
        return None

    @staticmethod
    def _damaged(request: HttpRequest, said: Iterable[str]) -> bool:
        """Tell whether a form was not UTF-8: Django would put U+FFFD there, unasked."""
        if request.content_type == "application/x-www-form-urlencoded":
            return not _readable(request.body)
        return any(_REPLACED in part for part in said)
