"""OAuth 1.0a: signing each request with the four keys of one account."""

from __future__ import annotations

from collections.abc import Generator

import httpx2
from oauthlib import oauth1

_FORM = "application/x-www-form-urlencoded"


class SignedBy(httpx2.Auth):
    """Adds the Authorization header; the request's body goes out exactly as it was.

    A form body is part of what is signed, any other body is not (RFC 5849, 3.4.1.3.1).
    """

    requires_request_body = True

    def __init__(
        self, *, consumer_key: str, consumer_secret: str, token: str, token_secret: str
    ) -> None:
        self._signer = oauth1.Client(
            consumer_key,
            client_secret=consumer_secret,
            resource_owner_key=token,
            resource_owner_secret=token_secret,
        )

    def auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response, None]:
        """Sign ``request`` once; whatever is answered is final."""
        kind = request.headers.get("content-type", "")
        is_form = kind.partition(";")[0].strip().lower() == _FORM
        _, headers, _ = self._signer.sign(
            str(request.url),
            http_method=request.method,
            body=request.content.decode() if is_form else None,
            headers={"Content-Type": _FORM} if is_form else None,
        )
        request.headers["authorization"] = headers["Authorization"]
        yield request
