"""Which workspace a request is about, and in which language and zone it is answered."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from yanzhen.kernel.clock import now
from yanzhen.people.actions.sessions import WORKSPACE_KEY, note_seen
from yanzhen.people.models import Member

SESSION_KEY = WORKSPACE_KEY


def current_member(request: HttpRequest) -> Member | None:
    """Return the signed-in user's membership of the chosen workspace, or of the first one."""
    if not request.user.is_authenticated:
        return None
    mine = Member.objects.active().with_roles().select_related("workspace", "workspace__lead__user")
    mine = mine.filter(user=request.user).order_by("joined_at", "pk")
    chosen = request.session.get(SESSION_KEY)
    found = list(mine)
    return next((m for m in found if m.workspace_id == chosen), found[0] if found else None)


class MembershipMiddleware:
    """Sets ``request.member`` (None for strangers) and activates language and zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Answer in the user's language; strangers get the cookie's or the browser's."""
        request.member = current_member(request)
        if request.user.is_authenticated:
            note_seen(
                request.user,
                key=request.session.session_key,
                address=get_adapter().get_client_ip(request),
                device=request.headers.get("User-Agent", ""),
                now=now(),
            )
            language, zone = request.user.language, zoneinfo.ZoneInfo(request.user.zone)
        else:
            language, zone = (
                translation.get_language_from_request(request),
                zoneinfo.ZoneInfo("UTC"),
            )
        with translation.override(language), timezone.override(zone):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE or "en")
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response
