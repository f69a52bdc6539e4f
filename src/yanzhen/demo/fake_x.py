"""Asking the fake X for users, keys and its clock. Refuses to talk to anything else."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any, cast

from django.conf import settings

from yanzhen.channels.ports import AppKeys
from yanzhen.kernel import http

OPENS_WITHIN_SECONDS = 20.0


class NotPractice(Exception):
    """X is the real X here, so there must be no demo."""


def _call(path: str, body: dict[str, Any]) -> dict[str, Any]:
    """POST to the control API and return its answer."""
    if not settings.ENV.practice:
        raise NotPractice("The demo needs the fake X; YANZHEN_X_API_BASE_URL names the real one.")
    with http.client() as client:
        answer = client.post(f"{settings.ENV.x_api_base_url}/_sim/{path}", json=body)
    answer.raise_for_status()
    return cast("dict[str, Any]", answer.json())


def make_user(handle: str, name: str) -> None:
    """Make sure the fake X has this account."""
    _call("users", {"username": handle, "name": name})


def make_app(handles: list[str], redirect_uri: str) -> dict[str, Any]:
    """Make the developer app and keys for these accounts; return what the server issued."""
    return _call(
        "apps",
        {"name": "Ferrow desk", "redirect_uris": [redirect_uri], "tokens_for": handles},
    )


def app_keys(issued: dict[str, Any]) -> AppKeys:
    """Return the app's keys out of make_app()'s answer."""
    return AppKeys(
        client_id=issued["client_id"],
        client_secret=issued["client_secret"],
        consumer_key=issued["consumer_key"],
        consumer_secret=issued["consumer_secret"],
    )


def forget() -> None:
    """Empty the fake X, so that a story broken off can be told again from the start.

    It may have been started a moment ago, so this one call waits for it.
    """
    deadline = time.monotonic() + OPENS_WITHIN_SECONDS
    while True:
        try:
            _call("reset", {"keep_accounts": False})
        except http.CallFailed:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def set_clock(moment: datetime) -> None:
    """Let the fake X believe it is ``moment`` (aware)."""
    _call("clock", {"set": moment.isoformat(), "frozen": True})


def follow_real_clock() -> None:
    """Let the fake X follow real time again."""
    _call("clock", {"real": True})


def lift_limits(*, lifted: bool) -> None:
    """Switch the fake X's rate limits off while history is made, and on again."""
    _call("limits", {"enabled": not lifted})
