"""The practice server's own door: accounts for the asking. The real X has nothing like it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import count
from typing import Any

from yanzhen.adapters.platforms.x import answers
from yanzhen.adapters.platforms.x.oauth2 import SCOPES
from yanzhen.channels.ports import AppKeys, PlatformError, Tokens
from yanzhen.kernel import http

LONGEST_HANDLE = 15


class XPractice:
    """Implements channels.ports.Practice for the fake X at ``api_base``.

    It makes accounts only for whoever runs on its own machine.
    """

    def __init__(self, *, api_base: str) -> None:
        self._control = f"{api_base.rstrip('/')}/_sim"
        self._http = http.client()

    def make_account(
        self,
        app: AppKeys | None,
        *,
        handle: str,
        name: str,
        app_name: str,
        redirect_uri: str,
        now: datetime,
    ) -> tuple[AppKeys, Tokens]:
        """Make an account and return keys to it. Raises PlatformError; see channels.ports."""
        taken = {str(user["username"]).lower() for user in self._ask("users")["users"]}
        handle = _free(handle, taken)
        self._ask("users", {"username": handle, "name": name})
        if app is None:
            wish: dict[str, Any] = {"name": app_name, "redirect_uris": [redirect_uri]}
        else:
            wish = {"client_id": app.client_id, "public": not app.client_secret}
            wish |= {"client_secret": app.client_secret} if app.client_secret else {}
        issued = self._ask("apps", {**wish, "tokens_for": [handle], "scope": " ".join(SCOPES)})
        told = issued["tokens"][handle]["oauth2"]
        return AppKeys(issued["client_id"], issued["client_secret"] or ""), Tokens(
            "oauth2",
            told["access_token"],
            refresh=told["refresh_token"],
            expires_at=now + timedelta(seconds=told["expires_in"]),
            scopes=tuple(told["scope"].split()),
        )

    def _ask(self, path: str, wish: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask for a list, or for what ``wish`` describes."""
        method = "GET" if wish is None else "POST"
        try:
            answer = self._http.request(method, f"{self._control}/{path}", json=wish)
        except http.CallFailed as failed:
            raise PlatformError("unsent", reason=failed.reason) from failed
        told = answers.read_json(answer.content)
        if answer.status_code != HTTPStatus.OK:
            detail = str(told.get("error", ""))[: answers.LONGEST_DETAIL]
            raise PlatformError("refused", detail, status=answer.status_code)
        return told


def _free(handle: str, taken: Collection[str]) -> str:
    """Return the handle, or with the first number behind it that nobody has; cut to fit."""
    numbers = ("" if n == 1 else str(n) for n in count(1))
    found = (handle[: LONGEST_HANDLE - len(number)] + number for number in numbers)
    return next(each for each in found if each.lower() not in taken)
