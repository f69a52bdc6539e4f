"""Who is calling: a user through an app, or an app by itself."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from xsim import oauth1, oauth2
from xsim.accounts import App, User, app_by, user_by_id
from xsim.problems import app_only_forbidden, not_permitted, unauthorized, user_token_forbidden
from xsim.wire import Request
from xsim.world import World


@dataclass(frozen=True)
class Caller:
    """A proven caller.

    ``user`` None is an app alone; ``scopes`` None is OAuth 1.0a, which has none.
    """

    app: App
    user: User | None
    scopes: frozenset[str] | None
    kind: str

    def act_as_user(self, *needed: str) -> User:
        """Give the user, or refuse: apps alone, missing scopes, apps without write permission."""
        if self.user is None:
            raise app_only_forbidden()
        self.require(*needed)
        return self.user

    def act_alone(self) -> None:
        """Refuse a user: what follows is for the app alone."""
        if self.user is not None:
            raise user_token_forbidden()

    def require(self, *needed: str) -> None:
        """Refuse a user token that lacks one of the scopes; an app alone has no scopes to lack."""
        if self.user is None:
            return
        if self.scopes is None:
            if not self.app.can_write and any(scope.endswith(".write") for scope in needed):
                raise not_permitted()
        elif not self.scopes.issuperset(needed):
            raise not_permitted()


def identify(world: World, request: Request) -> Caller:
    """Prove the caller from the Authorization header. Raises Refused (401)."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return _bearer(world, unquote(value.strip()))
    if kind.lower() == "oauth":
        return _signed(world, request)
    raise unauthorized()


def _bearer(world: World, value: str) -> Caller:
    row = oauth2.live_token(world, value)
    if row is None:
        app = app_by(world, "bearer_token", value)
        if app is None:
            raise unauthorized()
        return Caller(app, None, None, "app")
    app, user = app_by(world, "client_id", row["client_id"]), user_by_id(world, row["user_id"])
    if app is None or user is None:
        raise unauthorized()
    return Caller(app, user, frozenset(row["scope"].split()), "oauth2")


def _signed(world: World, request: Request) -> Caller:
    proof = oauth1.verify(world, request)
    if proof.token is None or proof.token["kind"] != "access":
        raise unauthorized()
    user = user_by_id(world, proof.token["user_id"])
    if user is None:
        raise unauthorized()
    return Caller(proof.app, user, None, "oauth1")
