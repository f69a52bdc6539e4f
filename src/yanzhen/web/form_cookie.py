"""The cookie of forms is sent when it changes, and not with every page."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class FormCookieMiddleware:
    """Sends no cookie of forms that the browser has: stands inside Django's, which sends it always.

    Signing in changes the cookie. An answer that was under way meanwhile would bring the one before
    back, and the next form would be refused as older than the sign-in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and let the cookie go out only if it is another one by now."""
        response = self.get_response(request)
        brought = request.COOKIES.get(settings.CSRF_COOKIE_NAME)
        if brought is not None and brought == request.META.get("CSRF_COOKIE"):
            request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False
        return response
