"""The routes of the API and who answers each of them."""

from __future__ import annotations

from xsim import api_media, api_posts, api_search, api_streams, api_users, money, oauth1, oauth2
from xsim.calls import Call, Door, Handler, Route
from xsim.problems import no_such_route
from xsim.wire import Response

# Calls that need a proven caller. The first fitting route wins, so fixed words stand before named
# parts.
HANDLERS: dict[Route, Handler] = {
    Route("POST", "/2/tweets"): api_posts.create_post,
    Route("GET", "/2/tweets"): api_posts.look_up_posts,
    Route("GET", "/2/tweets/:id"): api_posts.look_up_post,
    Route("DELETE", "/2/tweets/:id"): api_posts.delete_post,
    Route("PUT", "/2/tweets/:id/hidden"): api_posts.hide_reply,
    Route("GET", "/2/tweets/:id/quote_tweets"): api_posts.quotes_of_post,
    Route("GET", "/2/tweets/search/recent"): api_search.search_recent,
    Route("GET", "/2/tweets/counts/recent"): api_search.count_recent,
    Route("GET", "/2/tweets/search/stream"): api_streams.open_filtered,
    Route("GET", "/2/tweets/search/stream/rules"): api_streams.list_rules,
    Route("POST", "/2/tweets/search/stream/rules"): api_streams.change_rules,
    Route("GET", "/2/activity/stream"): api_streams.open_activity,
    Route("GET", "/2/activity/subscriptions"): api_streams.list_subscriptions,
    Route("POST", "/2/activity/subscriptions"): api_streams.subscribe,
    Route("DELETE", "/2/activity/subscriptions/:id"): api_streams.unsubscribe,
    Route("GET", "/2/users/me"): api_users.read_me,
    Route("GET", "/2/users/by/username/:username"): api_users.read_user_by_name,
    Route("GET", "/2/users/:id"): api_users.read_user,
    Route("GET", "/2/users/:id/tweets"): api_posts.read_timeline,
    Route("GET", "/2/users/:id/mentions"): api_posts.read_mentions,
    Route("POST", "/2/users/:id/retweets"): api_posts.repost,
    Route("DELETE", "/2/users/:id/retweets/:source"): api_posts.undo_repost,
    Route("POST", "/2/media/upload"): api_media.upload_at_once,
    Route("GET", "/2/media/upload"): api_media.status,
    Route("POST", "/2/media/upload/initialize"): api_media.initialize,
    Route("POST", "/2/media/upload/:id/append"): api_media.append,
    Route("POST", "/2/media/upload/:id/finalize"): api_media.finalize,
    Route("POST", "/2/media/metadata"): api_media.describe,
    Route("POST", "/2/media/subtitles"): api_media.create_subtitles,
    Route("DELETE", "/2/media/subtitles"): api_media.delete_subtitles,
    Route("GET", "/2/usage/tweets"): api_users.read_usage,
    Route("GET", "/2/usage/credits"): api_users.read_credits,
}
# Calls that prove the caller themselves.
DOORS: dict[Route, Door] = {
    Route("POST", "/2/oauth2/token"): oauth2.token,
    Route("POST", "/2/oauth2/revoke"): oauth2.revoke,
    Route("POST", "/oauth2/token"): oauth2.app_token,
    Route("POST", "/oauth/request_token"): oauth1.request_token,
    Route("POST", "/oauth/access_token"): oauth1.access_token,
}
# Calls that an app without credits may still make.
UNPAID = frozenset({"/2/usage/tweets", "/2/usage/credits"})


def _sorted_by_length() -> dict[tuple[str, int], list[Route]]:
    found: dict[tuple[str, int], list[Route]] = {}
    for route in (*HANDLERS, *DOORS):
        found.setdefault((route.method, route.template.count("/")), []).append(route)
    return found


_ROUTES = _sorted_by_length()


def find_route(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """Find the route of a call and the named parts of its path."""
    for route in _ROUTES.get((method, path.count("/")), ()):
        named = route.match(method, path)
        if named is not None:
            return route, named
    return None


def is_api_path(path: str) -> bool:
    """Tell whether a path belongs to the API rather than to the pages."""
    return path.startswith(("/2/", "/oauth2/token", "/oauth/request_token", "/oauth/access_token"))


def answer(call: Call, route: Route | None) -> Response:
    """Carry out a proven call. Raises Refused, before all else when the app has no credits left."""
    if route is None or route not in HANDLERS:
        raise no_such_route()
    if route.template not in UNPAID:
        money.refuse_unpaid(call.world, call.caller.app)
    return HANDLERS[route](call)
