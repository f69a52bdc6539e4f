"""The callback address: what must stand at X letter by letter, and what is wrong with ours."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True)
class Check:
    """One thing about the address that can be seen from here. ``text`` says it in words."""

    ok: bool
    text: str


def callback_address() -> str:
    """Return the address X sends people back to, as it must be entered in the developer portal."""
    return settings.BASE_URL + reverse("accounts-connected")


def checks_of(request: HttpRequest) -> list[Check]:
    """Return what can be told about the callback address without asking X."""
    address = urlsplit(callback_address())
    return [_secure(address.scheme, address.hostname or ""), _host(request), _ending(address.path)]


def _secure(scheme: str, host: str) -> Check:
    if scheme == "https":
        return Check(ok=True, text=_("It starts with https."))
    if host in LOOPBACK or (host == "localhost" and settings.ENV.practice):
        return Check(ok=True, text=_("It is on this machine, so http will do."))
    if host == "localhost":
        return Check(
            ok=False,
            text=_("X takes 127.0.0.1 where it refuses “localhost”. See YANZHEN_BASE_URL."),
        )
    return Check(ok=False, text=_("X wants https for this address. See YANZHEN_BASE_URL."))


def _host(request: HttpRequest) -> Check:
    ours, theirs = urlsplit(settings.BASE_URL).netloc, request.get_host()
    if ours == theirs:
        return Check(ok=True, text=_("You are here under the same address, so X leads you back."))
    return Check(
        ok=False,
        text=_(
            "You are here as %(theirs)s, but X will lead you to %(ours)s, where you may not be"
            " signed in. Open Yanzhen there, or correct YANZHEN_BASE_URL."
        )
        % {"theirs": theirs, "ours": ours},
    )


def _ending(path: str) -> Check:
    return Check(
        ok=not path.endswith("/"),
        text=_("It ends without a slash; at X it must as well."),
    )
