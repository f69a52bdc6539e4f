"""OAuth 2.0 with PKCE: sending a member to X, trading the code, renewing and revoking."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import httpx2

from yanzhen.adapters.platforms.x import answers
from yanzhen.channels.ports import AppKeys, PlatformError, Tokens
from yanzhen.kernel.http import CallFailed

SCOPES = (
    "tweet.read",
    "tweet.write",
    "users.read",
    "media.write",
    "tweet.moderate.write",
    "offline.access",
)
_TWO_HOURS_SECONDS = 7200
#: No token of anybody's, so that asking to renew it shows only whether the app is known.
_NO_TOKEN = "yanzhen-checks-whether-this-app-is-known"  # noqa: S105 -- it opens nothing


def authorize_url(
    auth_base: str, app: AppKeys, *, redirect_uri: str, state: str, code_challenge: str
) -> str:
    """Return the page at X where the account's owner agrees. Spaces are %20, as X wants them."""
    query = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(SCOPES),
        "state": state,
        "code_challenge": code_challenge,
        "code_challenge_method": "S256",
    }
    return f"{auth_base}/i/oauth2/authorize?{urlencode(query, quote_via=quote)}"


def exchange(
    http: httpx2.Client,
    api_base: str,
    app: AppKeys,
    *,
    code: str,
    redirect_uri: str,
    code_verifier: str,
    now: datetime,
) -> Tokens:
    """Trade a code (good for 30 seconds) for tokens. Raises PlatformError."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": code_verifier,
    }
    parsed = _ask(http, f"{api_base}/2/oauth2/token", app, form)
    return _tokens(parsed, now=now, before=None)


def refresh(
    http: httpx2.Client, api_base: str, app: AppKeys, tokens: Tokens, *, now: datetime
) -> Tokens:
    """Trade the single-use refresh token for a new pair. Raises PlatformError."""
    form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
    parsed = _ask(http, f"{api_base}/2/oauth2/token", app, form)
    return _tokens(parsed, now=now, before=tokens)


def revoke(http: httpx2.Client, api_base: str, app: AppKeys, tokens: Tokens) -> None:
    """Make both tokens useless. Raises PlatformError when X did not agree to all of it."""
    for hint, token in (("refresh_token", tokens.refresh), ("access_token", tokens.access)):
        if token:
            form = {"token": token, "token_type_hint": hint}
            _ask(http, f"{api_base}/2/oauth2/revoke", app, form)


def check_app(http: httpx2.Client, api_base: str, app: AppKeys) -> None:
    """Return quietly when X knows the app: it then refuses the token, not the app.

    Raises PlatformError.
    """
    form = {"grant_type": "refresh_token", "refresh_token": _NO_TOKEN}
    try:
        _ask(http, f"{api_base}/2/oauth2/token", app, form)
    except PlatformError as error:
        if error.code != "unauthorised":
            raise


def _ask(http: httpx2.Client, url: str, app: AppKeys, form: Mapping[str, str]) -> dict[str, Any]:
    """Post a form as the developer app: HTTP Basic with a secret, else by client_id alone."""
    headers = {}
    if app.client_secret:
        pair = f"{quote(app.client_id, safe='')}:{quote(app.client_secret, safe='')}"
        headers["authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    else:
        form = {**form, "client_id": app.client_id}
    try:
        answer = http.post(url, data=form, headers=headers)
    except CallFailed as failed:
        raise answers.wire_error(failed) from None
    if answer.is_success:
        return answers.read_json(answer.content)
    found = answers.meaning(
        answer.status_code,
        answer.content,
        answer.headers,
        secrets=(*form.values(), app.client_secret),
    )
    parsed = answers.read_json(answer.content)
    raise PlatformError(
        _code(found.code, str(parsed.get("error", "")), found.detail),
        found.detail,
        status=answer.status_code,
        retry_at=found.retry_at,
        problem=found.problem,
    )


def _code(code: str, error: str, detail: str) -> str:
    """Tell a refused app (forbidden) from a refused token or code (unauthorised)."""
    if code not in ("refused", "unauthorised", "forbidden"):
        return code
    if error in ("invalid_client", "unauthorized_client"):
        return "forbidden"
    words = detail.lower()
    if error == "invalid_grant" or ("redirect" not in words and "invalid" in words):
        return "unauthorised"
    return "refused"


def _tokens(parsed: dict[str, Any], *, now: datetime, before: Tokens | None) -> Tokens:
    access = parsed.get("access_token")
    if not isinstance(access, str) or not access:
        raise PlatformError("unreadable", "X answered without an access token")
    lives = parsed.get("expires_in")
    seconds = lives if isinstance(lives, int) and lives > 0 else _TWO_HOURS_SECONDS
    fresh = parsed.get("refresh_token")
    scope = parsed.get("scope")
    return Tokens(
        kind="oauth2",
        access=access,
        refresh=fresh if isinstance(fresh, str) and fresh else (before.refresh if before else ""),
        expires_at=now + timedelta(seconds=seconds),
        scopes=tuple(scope.split())
        if isinstance(scope, str)
        else (before.scopes if before else ()),
    )
