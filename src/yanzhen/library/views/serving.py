"""Giving bytes out: only to members, only as what we found them to be, and never as a page.

The type comes from our own decoding. A browser that is led to believe otherwise still gets a
document that may run nothing: the policy is empty and the sandbox closed.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import BinaryIO

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header, parse_etags
from django.views.decorators.http import require_GET

from yanzhen.library.facts import MediaKind
from yanzhen.library.models import MediaFile, Subtitles
from yanzhen.library.srt import as_vtt
from yanzhen.library.storing import BytesMissing, StoreSilent, open_bytes, open_thumbnail
from yanzhen.library.views.listing import find
from yanzhen.people.gate import MemberRequest, members

logger = logging.getLogger(__name__)
CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    # What a member has seen may stay in their own browser for an hour, and nowhere else.
    "Cache-Control": "private, max-age=3600",
}


class WholeFile(FileResponse):
    """An open file in larger pieces than Django's own, which cost more to pass on than to read."""

    block_size = CHUNK


@members
@require_GET
def file(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Give the file itself, or the part of it a player asks for."""
    return give_file(request, find(request, pk))


def give_file(request: HttpRequest, media: MediaFile) -> HttpResponseBase:
    """Answer with the file's bytes; the caller knows that whoever asks may see them."""
    try:
        answer = _give(request, open_bytes(media), media.sha256, media.mime, media.name)
    except BytesMissing:
        logger.exception("media %s: the store does not have its bytes", media.pk)
        raise Http404 from None
    except StoreSilent:
        return _silent()
    if media.kind == MediaKind.DOCUMENT:
        # What strangers wrote is not opened in the reader's session; it is saved, or not.
        saved = content_disposition_header(True, media.name)
        answer.headers["Content-Disposition"] = saved or "attachment"
    return answer


@members
@require_GET
def thumbnail(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Give the small picture; a video has none."""
    return give_thumbnail(request, find(request, pk))


def give_thumbnail(request: HttpRequest, media: MediaFile) -> HttpResponseBase:
    """Answer with the small picture; the caller knows that whoever asks may see it."""
    try:
        content = open_thumbnail(media)
    except BytesMissing:
        raise Http404 from None
    except StoreSilent:
        return _silent()
    return _give(request, content, media.thumbnail_sha256, "image/webp", "thumbnail.webp")


@members
@require_GET
def subtitles(request: MemberRequest, pk: int) -> HttpResponse:
    """Give subtitles as WebVTT, for the player."""
    seen = MediaFile.objects.visible_to(request.member)
    found = get_object_or_404(Subtitles, pk=pk, media__in=seen)
    answer = HttpResponse(as_vtt(found.text), content_type="text/vtt; charset=utf-8")
    _protect(answer, found.sha256, f"{found.language}.vtt")
    # Saving again keeps the address.
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _silent() -> HttpResponse:
    """Say that the store cannot be reached, and that asking again is worth it."""
    answer = HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    answer.headers["Retry-After"] = "10"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _protect(answer: HttpResponseBase, sha256: str, name: str) -> None:
    for header, value in _HEADERS.items():
        answer.headers[header] = value
    answer.headers["ETag"] = f'"{sha256}"'
    answer.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"


def _give(
    request: HttpRequest, content: BinaryIO, sha256: str, mime: str, name: str
) -> HttpResponseBase:
    """Answer 200, 206, 304 or 416 with an open file, which is closed in the end."""
    etag = f'"{sha256}"'
    answer: HttpResponseBase
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        content.close()
        answer = HttpResponseNotModified()
        _protect(answer, sha256, name)
        return answer
    length = content.seek(0, 2)
    part = _part(request, length, etag)
    if part is None:
        content.seek(0)
        answer = WholeFile(content, content_type=mime)
        answer.headers["Content-Length"] = str(length)
    elif part == (0, 0):
        content.close()
        answer = HttpResponse(status=416)
        answer.headers["Content-Range"] = f"bytes */{length}"
    else:
        first, count = part
        answer = StreamingHttpResponse(_read(content, first, count), status=206, content_type=mime)
        answer.headers["Content-Length"] = str(count)
        answer.headers["Content-Range"] = f"bytes {first}-{first + count - 1}/{length}"
    answer.headers["Accept-Ranges"] = "bytes"
    _protect(answer, sha256, name)
    return answer


def _part(request: HttpRequest, length: int, etag: str) -> tuple[int, int] | None:
    """Return the first byte asked for and how many; None for all of them, (0, 0) for none.

    Only one range is understood: players ask for one, and many are a way to wear a server out.
    """
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or asked[0] == "bytes=-":
        return None
    if request.headers.get("If-Range", etag) != etag:
        return None
    start, end = asked.groups()
    if not start:
        count = min(int(end), length)
        return (length - count, count) if count else (0, 0)
    first = int(start)
    last = min(int(end), length - 1) if end else length - 1
    return (first, last - first + 1) if first <= last else (0, 0)


def _read(content: BinaryIO, first: int, count: int) -> Iterator[bytes]:
    with content:
        content.seek(first)
        while count > 0 and (chunk := content.read(min(CHUNK, count))):
            count -= len(chunk)
            yield chunk
