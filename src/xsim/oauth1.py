"""OAuth 1.0a (RFC 5849): HMAC-SHA1 signatures, ready-made keys and the three-legged flow."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import sqlite3
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from xsim.accounts import App, User, app_by, user_by_id
from xsim.clock import real_ms
from xsim.problems import Refused, unauthorized
from xsim.wire import Request, Response
from xsim.world import World

# Signatures carry the client's real time: they are held against the real clock, not the virtual.
TIMESTAMP_TOLERANCE_MS = 5 * 60 * 1000
NONCES_KEPT = 50_000
OUT_OF_BAND = "oob"
_PAIR = re.compile(r'\s*([^=\s]+)="([^"]*)"\s*')


@dataclass(frozen=True)
class Proof:
    """A signature that held: the app, the token it was signed with (or None), and all oauth_
    parameters.
    """

    app: App
    token: sqlite3.Row | None
    parameters: dict[str, str]


def escape(text: str) -> str:
    """Percent-encode as RFC 5849 section 3.6 wants it."""
    return quote(text, safe="~")


def base_string(request: Request, parameters: list[tuple[str, str]]) -> str:
    """Build the signature base string of RFC 5849 section 3.4.1."""
    host, _, port = request.host.lower().partition(":")
    default = {"http": "80", "https": "443"}.get(request.scheme)
    authority = host if not port or port == default else f"{host}:{port}"
    address = f"{request.scheme}://{authority}{request.raw_path}"
    pairs = sorted((escape(name), escape(value)) for name, value in parameters)
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    return "&".join((request.method.upper(), escape(address), escape(joined)))


def signature(base: str, consumer_secret: str, token_secret: str) -> str:
    """Sign a base string with HMAC-SHA1."""
    key = f"{escape(consumer_secret)}&{escape(token_secret)}"
    return base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()


def _header_parameters(request: Request) -> list[tuple[str, str]]:
    _, _, rest = request.headers.get("authorization", "").partition(" ")
    pairs: list[tuple[str, str]] = []
    for part in rest.split(","):
        match = _PAIR.fullmatch(part)
        if match is None:
            raise unauthorized()
        pairs.append((unquote(match[1]), unquote(match[2])))
    return pairs


def verify(world: World, request: Request) -> Proof:
    """Check the signature of a request. Raises Refused (401) for any flaw."""
    header = _header_parameters(request)
    given = [pair for pair in header if pair[0] != "realm"]
    pairs = parse_qsl(request.query_string, keep_blank_values=True) + request.form_pairs() + given
    parameters = {name: value for name, value in pairs if name.startswith("oauth_")}
    app = app_by(world, "consumer_key", parameters.get("oauth_consumer_key", ""))
    if app is None or parameters.get("oauth_signature_method") != "HMAC-SHA1":
        raise unauthorized()
    token = None
    if parameters.get("oauth_token"):
        token = world.store.row(
            "SELECT * FROM oauth1_tokens WHERE token = ? AND client_id = ?",
            (parameters["oauth_token"], app.client_id),
        )
        if token is None:
            raise unauthorized()
    signed = [pair for pair in pairs if pair[0] != "oauth_signature"]
    expected = signature(
        base_string(request, signed), app.consumer_secret, token["secret"] if token else ""
    )
    if not hmac.compare_digest(expected.encode(), parameters.get("oauth_signature", "").encode()):
        raise unauthorized()
    _spend_nonce(world, app, parameters)
    return Proof(app, token, parameters)


def _spend_nonce(world: World, app: App, parameters: dict[str, str]) -> None:
    stamp, nonce = parameters.get("oauth_timestamp", ""), parameters.get("oauth_nonce", "")
    if not nonce or not re.fullmatch(r"[0-9]{1,12}", stamp):
        raise unauthorized()
    if abs(int(stamp) * 1000 - real_ms()) > TIMESTAMP_TOLERANCE_MS:
        raise unauthorized()
    key = f"{app.client_id}:{parameters.get('oauth_token', '')}:{stamp}:{nonce}"
    with world.lock:
        if key in world.nonces:
            raise unauthorized()
        world.nonces[key] = None
        if len(world.nonces) > NONCES_KEPT:
            del world.nonces[next(iter(world.nonces))]


def issue_access(world: World, app: App, user: User) -> tuple[str, str]:
    """Give the ready-made token and secret of a user for an app, the same pair each time."""
    with world.lock:
        known = world.store.row(
            "SELECT token, secret FROM oauth1_tokens "
            "WHERE client_id = ? AND user_id = ? AND kind = 'access'",
            (app.client_id, user.id),
        )
        if known:
            return str(known["token"]), str(known["secret"])
        token, secret = (
            f"{user.id}-{world.mint('oauth1-token', 30)}",
            world.mint("oauth1-secret", 45),
        )
        world.store.insert(
            "oauth1_tokens",
            {
                "token": token,
                "secret": secret,
                "client_id": app.client_id,
                "kind": "access",
                "user_id": user.id,
                "created_ms": world.now_ms(),
            },
        )
        return token, secret


def _form_answer(**values: str) -> Response:
    return Response(200, urlencode(values).encode(), {"content-type": "text/html;charset=utf-8"})


def request_token(world: World, request: Request) -> Response:
    """First leg: give a request token for a callback that the app has registered (or ``oob``)."""
    proof = verify(world, request)
    callback = proof.parameters.get("oauth_callback", OUT_OF_BAND)
    if callback != OUT_OF_BAND and callback not in proof.app.redirect_uris:
        raise Refused(
            403, unauthorized().body | {"status": 403, "title": "Forbidden", "detail": "Forbidden"}
        )
    with world.lock:
        token, secret = world.mint("oauth1-request", 27), world.mint("oauth1-request-secret", 32)
        world.store.insert(
            "oauth1_tokens",
            {
                "token": token,
                "secret": secret,
                "client_id": proof.app.client_id,
                "kind": "request",
                "callback": callback,
                "created_ms": world.now_ms(),
            },
        )
    return _form_answer(
        oauth_token=token, oauth_token_secret=secret, oauth_callback_confirmed="true"
    )


def pending(world: World, token: str) -> sqlite3.Row | None:
    """Find a request token that nobody has answered yet."""
    return world.store.row(
        "SELECT * FROM oauth1_tokens WHERE token = ? AND kind = 'request' AND user_id IS NULL",
        (token,),
    )


def approve(world: World, token: str, user: User) -> tuple[str, str]:
    """Second leg: let a user approve a request token; gives its callback and verifier."""
    with world.lock:
        row = pending(world, token)
        if row is None:
            raise unauthorized()
        verifier = world.mint("oauth1-verifier", 7 if row["callback"] == OUT_OF_BAND else 32)
        world.store.write(
            "UPDATE oauth1_tokens SET user_id = ?, verifier = ? WHERE token = ?",
            (user.id, verifier, token),
        )
        return str(row["callback"]), verifier


def deny(world: World, token: str) -> str:
    """Second leg, refused: drop the request token and give its callback."""
    with world.lock:
        row = pending(world, token)
        if row is None:
            raise unauthorized()
        world.store.write("DELETE FROM oauth1_tokens WHERE token = ?", (token,))
        return str(row["callback"])


def access_token(world: World, request: Request) -> Response:
    """Third leg: change an approved request token for the user's access token; works once."""
    proof = verify(world, request)
    row = proof.token
    if row is None or row["kind"] != "request" or not row["user_id"]:
        raise unauthorized()
    verifier = proof.parameters.get("oauth_verifier", "")
    if not hmac.compare_digest(verifier.encode(), str(row["verifier"]).encode()):
        raise unauthorized()
    user = user_by_id(world, row["user_id"])
    if user is None:
        raise unauthorized()
    with world.lock:
        if not world.store.write("DELETE FROM oauth1_tokens WHERE token = ?", (row["token"],)):
            raise unauthorized()
        token, secret = issue_access(world, proof.app, user)
    return _form_answer(
        oauth_token=token, oauth_token_secret=secret, user_id=user.id, screen_name=user.username
    )


def callback_address(callback: str, **extra: str) -> str:
    """Add parameters to a callback address."""
    joint = "&" if urlsplit(callback).query else "?"
    return f"{callback}{joint}{urlencode(extra)}"
