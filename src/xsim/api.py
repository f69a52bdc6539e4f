"""The routes of the API and what each of them does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from xsim import oauth1, oauth2, posts, timelines
from xsim.accounts import User, user_by_id, user_by_name
from xsim.identity import Caller
from xsim.problems import invalid_request, missing_resource, no_such_route
from xsim.shapes import user_json
from xsim.wire import BadBody, Request, Response, json_response
from xsim.world import World


@dataclass(frozen=True)
class Call:
    """One API call on its way to a handler.

    ``lag_seconds`` hides a created post from lookups for so long.
    """

    world: World
    request: Request
    caller: Caller
    path: dict[str, str]
    lag_seconds: float = 0

    @property
    def caller_id(self) -> str | None:
        """The id of the calling user; None for an app alone."""
        return self.caller.user.id if self.caller.user else None


Handler = Callable[[Call], Response]
Door = Callable[[World, Request], Response]


@dataclass(frozen=True)
class Route:
    """A method and a path template with :named parts."""

    method: str
    template: str

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """Give the named parts of a path that fits, else None."""
        wanted, given = self.template.split("/"), path.split("/")
        if method != self.method or len(wanted) != len(given):
            return None
        named: dict[str, str] = {}
        for part, value in zip(wanted, given, strict=True):
            if part.startswith(":") and value:
                named[part[1:]] = value
            elif part != value:
                return None
        return named

    @property
    def name(self) -> str:
        """The route as limits and journal name it."""
        return f"{self.method} {self.template}"


def create_post(call: Call) -> Response:
    """POST /2/tweets."""
    user = call.caller.act_as_user("tweet.read", "tweet.write", "users.read")
    try:
        body = call.request.json()
    except BadBody as error:
        raise invalid_request(str(error)) from error
    draft = posts.read_draft(body)
    post = posts.create(call.world, user, draft, app=call.caller.app, lag_seconds=call.lag_seconds)
    answer = {"id": str(post.id), "text": post.brief, "edit_history_tweet_ids": [str(post.id)]}
    return json_response(201, {"data": answer})


def delete_post(call: Call) -> Response:
    """DELETE /2/tweets/:id."""
    user = call.caller.act_as_user("tweet.read", "tweet.write", "users.read")
    posts.delete(call.world, user, call.path["id"])
    return json_response(200, {"data": {"deleted": True}})


def look_up_posts(call: Call) -> Response:
    """GET /2/tweets?ids=."""
    call.caller.require("tweet.read", "users.read")
    return json_response(
        200, timelines.lookup_json(call.world, call.request.query, caller_id=call.caller_id)
    )


def look_up_post(call: Call) -> Response:
    """GET /2/tweets/:id."""
    call.caller.require("tweet.read", "users.read")
    answer = timelines.single_json(
        call.world, call.path["id"], call.request.query, caller_id=call.caller_id
    )
    return json_response(200, answer)


def read_me(call: Call) -> Response:
    """GET /2/users/me."""
    user = call.caller.act_as_user("tweet.read", "users.read")
    return _user_answer(call, user, user.id, "id")


def read_user(call: Call) -> Response:
    """GET /2/users/:id."""
    call.caller.require("tweet.read", "users.read")
    return _user_answer(call, user_by_id(call.world, call.path["id"]), call.path["id"], "id")


def read_user_by_name(call: Call) -> Response:
    """GET /2/users/by/username/:username."""
    call.caller.require("tweet.read", "users.read")
    name = call.path["username"]
    return _user_answer(call, user_by_name(call.world, name), name, "username")


def _user_answer(call: Call, user: User | None, asked: str, parameter: str) -> Response:
    if user is None:
        return json_response(200, {"errors": [missing_resource("user", asked, parameter)]})
    wanted = set(filter(None, call.request.query.get("user.fields", "").split(",")))
    return json_response(
        200, {"data": user_json(call.world, user, wanted, own=user.id == call.caller_id)}
    )


def read_timeline(call: Call) -> Response:
    """GET /2/users/:id/tweets."""
    return _timeline(call, timelines.own_posts)


def read_mentions(call: Call) -> Response:
    """GET /2/users/:id/mentions."""
    return _timeline(call, timelines.mentions_of)


def _timeline(
    call: Call, read: Callable[[World, User, timelines.Page], list[posts.Post]]
) -> Response:
    call.caller.require("tweet.read", "users.read")
    query = call.request.query
    page = timelines.read_page(query)
    user = user_by_id(call.world, call.path["id"])
    if user is None:
        return json_response(200, {"errors": [missing_resource("user", call.path["id"], "id")]})
    found = read(call.world, user, page)
    answer: dict[str, Any] = timelines.timeline_json(
        call.world, found, page, query, caller_id=call.caller_id
    )
    return json_response(200, answer)


# Calls that need a proven caller. The first fitting route wins, so fixed words stand before named
# parts.
HANDLERS: dict[Route, Handler] = {
    Route("POST", "/2/tweets"): create_post,
    Route("GET", "/2/tweets"): look_up_posts,
    Route("GET", "/2/tweets/:id"): look_up_post,
    Route("DELETE", "/2/tweets/:id"): delete_post,
    Route("GET", "/2/users/me"): read_me,
    Route("GET", "/2/users/by/username/:username"): read_user_by_name,
    Route("GET", "/2/users/:id"): read_user,
    Route("GET", "/2/users/:id/tweets"): read_timeline,
    Route("GET", "/2/users/:id/mentions"): read_mentions,
}
# Calls that prove the caller themselves.
DOORS: dict[Route, Door] = {
    Route("POST", "/2/oauth2/token"): oauth2.token,
    Route("POST", "/2/oauth2/revoke"): oauth2.revoke,
    Route("POST", "/oauth2/token"): oauth2.app_token,
    Route("POST", "/oauth/request_token"): oauth1.request_token,
    Route("POST", "/oauth/access_token"): oauth1.access_token,
}


def find_route(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """Find the route of a call and the named parts of its path."""
    for route in (*HANDLERS, *DOORS):
        named = route.match(method, path)
        if named is not None:
            return route, named
    return None


def is_api_path(path: str) -> bool:
    """Tell whether a path belongs to the API rather than to the pages."""
    return path.startswith(("/2/", "/oauth2/token", "/oauth/request_token", "/oauth/access_token"))


def answer(call: Call, route: Route | None) -> Response:
    """Count a proven call against its limits and carry it out. Raises Refused."""
    if route is None or route not in HANDLERS:
        raise no_such_route()
    return HANDLERS[route](call)
