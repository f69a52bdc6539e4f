"""The consent screens of both OAuth flows: choose a fake user, authorize or cancel."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from xsim import oauth1, oauth2
from xsim.accounts import all_users, app_by, user_by_name
from xsim.layout import Words, avatar, frame, notice
from xsim.problems import Refused
from xsim.wire import BadBody, Request, Response, html_response, redirect
from xsim.words import choose
from xsim.world import World

PATHS = frozenset({"/i/oauth2/authorize", "/oauth/authorize", "/oauth/authenticate"})
SCOPE_WORDS = {
    "tweet.read": "scope_read",
    "users.read": "scope_read",
    "tweet.write": "scope_write",
    "media.write": "scope_media",
    "tweet.moderate.write": "scope_moderate",
    "dm.read": "scope_dm",
    "dm.write": "scope_dm",
    "offline.access": "scope_offline",
}


def answer(world: World, request: Request) -> Response:
    """Show a consent screen, or act on the choice made there."""
    words = choose(request.headers.get("accept-language", ""))
    if request.method not in ("GET", "POST"):
        return html_response("", status=405)
    try:
        given = request.form() if request.method == "POST" else request.query
        chosen = given.get("decision") if request.method == "POST" else None
        if request.path == "/i/oauth2/authorize":
            return _oauth2(world, words, given, chosen)
        return _oauth1(world, words, given, chosen)
    except (oauth2.BadAuthorization, BadBody) as error:
        return _bad(words, str(error))
    except Refused:
        return _bad(words, "oauth_token is not known, or was used before")


def _bad(words: Words, reason: str) -> Response:
    main = notice(words["consent_bad"], f'<span lang="en">{escape(reason)}</span>')
    return html_response(frame(words, title=words["consent_bad"], main=main), status=400)


def _oauth2(world: World, words: Words, given: dict[str, str], chosen: str | None) -> Response:
    ask = oauth2.read_ask(world, given)
    if chosen == "deny":
        return redirect(
            oauth1.callback_address(ask.redirect_uri, state=ask.state, error="access_denied")
        )
    user = user_by_name(world, given.get("user", ""))
    if chosen == "approve" and user:
        code = oauth2.grant_code(world, ask, user)
        return redirect(oauth1.callback_address(ask.redirect_uri, state=ask.state, code=code))
    kept = (
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "code_challenge",
        "code_challenge_method",
    )
    asked = dict.fromkeys(SCOPE_WORDS[scope] for scope in ask.scope.split() if scope in SCOPE_WORDS)
    return _screen(
        world,
        words,
        app_name=ask.app.name,
        action="/i/oauth2/authorize",
        hidden={name: given[name] for name in kept},
        asked=[words[name] for name in asked],
        leads_to=ask.redirect_uri,
        preferred=given.get("user"),
    )


def _oauth1(world: World, words: Words, given: dict[str, str], chosen: str | None) -> Response:
    token = given.get("oauth_token", "")
    if chosen == "deny":
        callback = oauth1.deny(world, token)
        if callback != oauth1.OUT_OF_BAND:
            return redirect(oauth1.callback_address(callback, denied=token))
        denied = words["consent_denied"]
        return html_response(frame(words, title=denied, main=notice(denied)))
    user = user_by_name(world, given.get("user", ""))
    if chosen == "approve" and user:
        callback, verifier = oauth1.approve(world, token, user)
        if callback != oauth1.OUT_OF_BAND:
            return redirect(
                oauth1.callback_address(callback, oauth_token=token, oauth_verifier=verifier)
            )
        pin = notice(words["consent_pin"], f"<code>{verifier}</code>")
        return html_response(frame(words, title=words["consent_pin"], main=pin))
    row = oauth1.pending(world, token)
    app = app_by(world, "client_id", row["client_id"]) if row else None
    if row is None or app is None:
        raise oauth2.BadAuthorization("oauth_token is not known, or was used before")
    return _screen(
        world,
        words,
        app_name=app.name,
        action="/oauth/authorize",
        hidden={"oauth_token": token},
        asked=[words["scope_read"], *([words["scope_write"]] if app.can_write else [])],
        leads_to=row["callback"],
        preferred=given.get("screen_name"),
    )


def _screen(
    world: World,
    words: Words,
    *,
    app_name: str,
    action: str,
    hidden: dict[str, str],
    asked: list[str],
    leads_to: str,
    preferred: str | None,
) -> Response:
    users = all_users(world)
    first = next(
        (user for user in users if user.username.lower() == (preferred or "").lower()), users[0]
    )
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in hidden.items()
    )
    choices = "".join(
        f'<label class="person"><input type="radio" name="user" value="{escape(user.username)}"'
        f'{" checked" if user == first else ""}>{avatar(user)}<span class="person-names">'
        f"<strong>{escape(user.name)}</strong>"
        f'<span class="handle">@{escape(user.username)}</span></span></label>'
        for user in users
    )
    scopes = "".join(f"<li>{one}</li>" for one in asked)
    title = words["consent_title"].format(app=app_name)
    main = (
        f'<h1 class="plain-title">{escape(title)}</h1>'
        f'<form class="consent" method="post" action="{action}">{fields}'
        f'<h2>{words["consent_scopes"]}</h2><ul class="scopes">{scopes}</ul>'
        f"<fieldset><legend>{words['consent_choose']}</legend>{choices}</fieldset>"
        f'<p class="buttons"><button name="decision" value="approve">'
        f"{words['consent_approve']}</button>"
        f'<button class="quiet" name="decision" value="deny">{words["consent_deny"]}</button>'
        "</p></form>"
    )
    return html_response(
        frame(words, title=title, main=main), form_targets=f"'self' {_origin(leads_to)}".strip()
    )


def _origin(address: str) -> str:
    """Name the origin an answer is sent to: browsers hold redirects after a form against
    form-action too.
    """
    parts = urlsplit(address)
    if parts.scheme in ("http", "https"):
        return f"{parts.scheme}://{parts.netloc}"
    return f"{parts.scheme}:" if parts.scheme else ""
