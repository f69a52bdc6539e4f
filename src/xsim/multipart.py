"""Reading multipart/form-data bodies (RFC 7578), as far as uploads send them."""

from __future__ import annotations

import re

from xsim.wire import BadBody, Request

_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))')
_NAME = re.compile(r'\bname=(?:"([^"]*)"|([^\s;]+))')


def is_multipart(request: Request) -> bool:
    """Tell whether a request carries a multipart form."""
    return request.headers.get("content-type", "").lower().startswith("multipart/form-data")


def read_parts(request: Request) -> dict[str, bytes]:
    """Read the parts by name; of a repeated one the last. Raises BadBody."""
    match = _BOUNDARY.search(request.headers.get("content-type", ""))
    if match is None:
        raise BadBody("the multipart body names no boundary")
    edge = b"--" + (match[1] or match[2]).encode()
    # Each part lies between two boundary lines; the body before the first one is not content.
    pieces = (b"\r\n" + request.body).split(b"\r\n" + edge)
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):  # noqa: PLR2004 -- before, part, end
        raise BadBody("the multipart body does not end with its boundary")
    parts: dict[str, bytes] = {}
    for piece in pieces[1:-1]:
        head, found, content = piece.partition(b"\r\n\r\n")
        name = _NAME.search(head.decode("utf-8", "replace"))
        if not found or name is None:
            raise BadBody("a part of the multipart body has no name")
        parts[name[1] if name[1] is not None else name[2]] = content
    return parts
