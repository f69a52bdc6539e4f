"""OAuth 2.0: authorization code with PKCE, refresh, revocation, and app-only tokens."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import sqlite3
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from xsim.accounts import App, User, app_by
from xsim.problems import invalid_token_value, oauth_error
from xsim.wire import Request, Response, json_response
from xsim.world import World

CODE_LIFE_MS = 30 * 1000
ACCESS_LIFE_SECONDS = 2 * 60 * 60
STATE_MAX = 500
_READ_AND_WRITE = ("tweet", "follows", "mute", "like", "list", "block", "bookmark", "dm")
_SINGLE = ("tweet.moderate.write", "users.read", "users.email", "offline.access", "space.read")
SCOPES = frozenset(
    [f"{name}.{right}" for name in _READ_AND_WRITE for right in ("read", "write")]
    + [*_SINGLE, "media.write", "timeline.read"]
)
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class BadAuthorization(ValueError):
    """The authorize address is wrong; the reason is for a person to read."""


@dataclass(frozen=True)
class Ask:
    """A checked request for a user's consent."""

    app: App
    redirect_uri: str
    scope: str
    state: str
    challenge: str


def read_ask(world: World, query: dict[str, str]) -> Ask:
    """Check the parameters of the authorize page. Raises BadAuthorization."""
    app = app_by(world, "client_id", query.get("client_id", ""))
    if app is None:
        raise BadAuthorization("client_id is not known")
    if query.get("redirect_uri", "") not in app.redirect_uris:
        raise BadAuthorization(
            "redirect_uri is not one that this app has registered, letter for letter"
        )
    if query.get("response_type") != "code":
        raise BadAuthorization("response_type must be code")
    if query.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(
        query.get("code_challenge", "")
    ):
        raise BadAuthorization("code_challenge with code_challenge_method S256 is needed")
    if not 1 <= len(query.get("state", "")) <= STATE_MAX:
        raise BadAuthorization("state of 1 to 500 characters is needed")
    scopes = query.get("scope", "").split()
    if not scopes or set(scopes) - SCOPES:
        raise BadAuthorization("scope is empty or names an unknown scope")
    return Ask(
        app, query["redirect_uri"], " ".join(scopes), query["state"], query["code_challenge"]
    )


def grant_code(world: World, ask: Ask, user: User) -> str:
    """Record a user's consent and give the code for it, which lives 30 seconds."""
    with world.lock:
        code = world.mint("code", 91)
        world.store.insert(
            "oauth2_codes",
            {
                "code": code,
                "client_id": ask.app.client_id,
                "user_id": user.id,
                "redirect_uri": ask.redirect_uri,
                "challenge": ask.challenge,
                "scope": ask.scope,
                "expires_ms": world.now_ms() + CODE_LIFE_MS,
            },
        )
        return code


def issue(world: World, *, client_id: str, user_id: str, scope: str) -> dict[str, Any]:
    """Make an access token and, with offline.access, a refresh token."""
    with world.lock:
        access = world.mint("access", 91)
        refresh = world.mint("refresh", 91) if "offline.access" in scope.split() else None
        world.store.insert(
            "oauth2_tokens",
            {
                "access": access,
                "refresh": refresh,
                "client_id": client_id,
                "user_id": user_id,
                "scope": scope,
                "expires_ms": world.now_ms() + ACCESS_LIFE_SECONDS * 1000,
            },
        )
    answer = {
        "token_type": "bearer",
        "expires_in": ACCESS_LIFE_SECONDS,
        "access_token": access,
        "scope": scope,
    }
    return answer | ({"refresh_token": refresh} if refresh else {})


def live_token(world: World, access: str) -> sqlite3.Row | None:
    """Find an access token that is neither expired nor revoked."""
    return world.store.row(
        "SELECT * FROM oauth2_tokens WHERE access = ? AND NOT revoked AND expires_ms > ?",
        (access, world.now_ms()),
    )


def _basic(request: Request) -> tuple[str, str] | None:
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, found, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (unquote(name), unquote(secret)) if found else None


def _client(world: World, request: Request, form: dict[str, str]) -> App:
    """Tell which app calls: a confidential one by HTTP Basic, a public one by client_id in the
    body.
    """
    basic = _basic(request)
    app = app_by(world, "client_id", basic[0] if basic else form.get("client_id", ""))
    if app is not None and app.client_secret is None and basic is None:
        return app
    proved = (
        app is not None
        and basic is not None
        and app.client_secret is not None
        and hmac.compare_digest(app.client_secret.encode(), basic[1].encode())
    )
    if app is None or not proved:
        raise oauth_error(401, "unauthorized_client", "Missing valid authorization header")
    return app


def token(world: World, request: Request) -> Response:
    """Answer the token endpoint."""
    form = request.form()
    app = _client(world, request, form)
    grants = {"authorization_code": _change_code, "refresh_token": _refresh}
    grant = grants.get(form.get("grant_type", ""))
    if grant is None:
        raise oauth_error(
            400, "unsupported_grant_type", "grant_type is authorization_code or refresh_token"
        )
    return json_response(200, grant(world, app, form), {"cache-control": "no-store"})


def _change_code(world: World, app: App, form: dict[str, str]) -> dict[str, Any]:
    with world.lock:
        row = world.store.row("SELECT * FROM oauth2_codes WHERE code = ?", (form.get("code", ""),))
        if (
            row is None
            or row["client_id"] != app.client_id
            or row["used"]
            or row["expires_ms"] <= world.now_ms()
        ):
            raise invalid_token_value()
        if row["redirect_uri"] != form.get("redirect_uri"):
            raise invalid_token_value()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if not hmac.compare_digest(proof.encode(), str(row["challenge"]).encode()):
            raise invalid_token_value()
        world.store.write("UPDATE oauth2_codes SET used = 1 WHERE code = ?", (row["code"],))
        return issue(world, client_id=app.client_id, user_id=row["user_id"], scope=row["scope"])


def _refresh(world: World, app: App, form: dict[str, str]) -> dict[str, Any]:
    with world.lock:
        spent = world.store.write(
            "UPDATE oauth2_tokens SET refresh_used = 1 "
            "WHERE refresh = ? AND client_id = ? AND NOT refresh_used AND NOT revoked",
            (form.get("refresh_token", ""), app.client_id),
        )
        if not spent:
            raise invalid_token_value()
        row = world.store.row(
            "SELECT * FROM oauth2_tokens WHERE refresh = ?", (form["refresh_token"],)
        )
        if row is None:
            raise invalid_token_value()
        return issue(world, client_id=app.client_id, user_id=row["user_id"], scope=row["scope"])


def spend_refresh(world: World, request: Request) -> None:
    """Let somebody else have used the refresh token of a request a moment ago."""
    world.store.write(
        "UPDATE oauth2_tokens SET refresh_used = 1 WHERE refresh = ?",
        (request.form().get("refresh_token", ""),),
    )


def revoke_access(world: World, request: Request) -> None:
    """Let the user have taken back the access token that a request carries."""
    _, _, access = request.headers.get("authorization", "").partition(" ")
    _end(world, "access = ?", (access.strip(),))


def _end(world: World, which: str, values: tuple[str, ...]) -> int:
    """Revoke tokens; tells of each user whose tokens were live."""
    rows = world.store.rows(
        f"SELECT DISTINCT client_id, user_id FROM oauth2_tokens WHERE {which}",  # noqa: S608 -- literals of this package
        values,
    )
    touched = world.store.write(
        f"UPDATE oauth2_tokens SET revoked = 1 WHERE {which}",  # noqa: S608 -- literals of this package
        values,
    )
    for row in rows:
        world.tell("oauth.revoke", (row["client_id"], row["user_id"]))
    return touched


def revoke(world: World, request: Request) -> Response:
    """Answer the revocation endpoint: either token of a pair ends both."""
    form = request.form()
    app = _client(world, request, form)
    value = form.get("token", "")
    which = "client_id = ? AND (access = ? OR refresh = ?)"
    if not _end(world, which, (app.client_id, value, value)):
        raise invalid_token_value()
    return json_response(200, {"revoked": True})


def app_token(world: World, request: Request) -> Response:
    """Answer the older endpoint: consumer key and secret against the app-only Bearer token."""
    basic = _basic(request)
    app = app_by(world, "consumer_key", basic[0]) if basic else None
    if (
        basic is None
        or app is None
        or not hmac.compare_digest(app.consumer_secret.encode(), basic[1].encode())
    ):
        raise oauth_error(403, "unauthorized_client", "Missing valid authorization header")
    if request.form().get("grant_type") != "client_credentials":
        raise oauth_error(400, "unsupported_grant_type", "grant_type is client_credentials")
    return json_response(200, {"token_type": "bearer", "access_token": app.bearer_token})
