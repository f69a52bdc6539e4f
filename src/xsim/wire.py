"""One HTTP request and one answer, as plain values."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from xsim.streams import Stream

FORM = "application/x-www-form-urlencoded"


class BadBody(ValueError):
    """The request body is not what its endpoint reads."""


@dataclass(frozen=True)
class Request:
    """A request whose body is read. Header names are lower case; ``path`` is percent-decoded."""

    method: str
    path: str
    raw_path: str
    query_string: str
    headers: dict[str, str]
    body: bytes
    client: tuple[str, int]
    scheme: str

    @property
    def query(self) -> dict[str, str]:
        """The query parameters; of a repeated one the last."""
        return dict(parse_qsl(self.query_string, keep_blank_values=True))

    @property
    def host(self) -> str:
        """The Host header, or nothing."""
        return self.headers.get("host", "")

    @property
    def is_form(self) -> bool:
        """Whether the body is a url-encoded form."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower() == FORM

    def form_pairs(self) -> list[tuple[str, str]]:
        """Read the body as a form.

        Any other body has no pairs. Raises BadBody when it is not UTF-8.
        """
        if not self.is_form:
            return []
        try:
            return parse_qsl(self.body.decode(), keep_blank_values=True, errors="strict")
        except UnicodeDecodeError as error:
            raise BadBody("the form is not UTF-8") from error

    def form(self) -> dict[str, str]:
        """Read the body as a form; of a repeated field the last."""
        return dict(self.form_pairs())

    def json(self) -> dict[str, Any]:
        """Read the body as a JSON object; an empty body is an empty object. Raises BadBody."""
        if not self.body:
            return {}
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise BadBody("the body is not JSON") from error
        if not isinstance(value, dict):
            raise BadBody("the body is not a JSON object")
        return value


@dataclass
class Response:
    """An answer ready to be sent; one with a ``stream`` has no body and does not end by itself."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    stream: Stream | None = None


def json_response(status: int, value: object, headers: dict[str, str] | None = None) -> Response:
    """Answer with JSON, non-ASCII written as it is."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(
        status, body, {"content-type": "application/json; charset=utf-8", **(headers or {})}
    )


def redirect(location: str, status: int = 303) -> Response:
    """Send the browser elsewhere."""
    return Response(status, b"", {"location": location, "cache-control": "no-store"})


def html_response(text: str, *, status: int = 200, form_targets: str = "'self'") -> Response:
    """Answer with a page under a strict content policy.

    ``form_targets`` are the places its forms may lead to.
    """
    policy = (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self'; media-src 'self'; "
        f"base-uri 'none'; frame-ancestors 'none'; form-action {form_targets}"
    )
    return Response(
        status,
        text.encode(),
        {
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "cache-control": "no-store",
            "vary": "accept-language",
        },
    )
