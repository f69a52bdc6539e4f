"""Calls that write, change and read posts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xsim import creation, drafts, money, posts, reposts, timelines
from xsim import text as words
from xsim.accounts import User, user_by_id
from xsim.bills import bill_posts
from xsim.calls import Call
from xsim.media import expire
from xsim.problems import invalid_request, missing_resource, not_permitted
from xsim.wire import BadBody, Response, json_response
from xsim.world import World

WRITES = ("tweet.read", "tweet.write", "users.read")
LAG_SECONDS = 30.0


def body_of(call: Call) -> dict[str, Any]:
    """Read a JSON body. Raises Refused (400)."""
    try:
        return call.request.json()
    except BadBody as error:
        raise invalid_request(str(error)) from error


def create_post(call: Call) -> Response:
    """POST /2/tweets."""
    user = call.caller.act_as_user(*WRITES)
    draft = drafts.read_draft(body_of(call))
    if call.struck("media_expired"):
        for media_id in draft.media_ids:
            expire(call.world, media_id)
    kind = _priced_as(call.world, user, draft)
    money.refuse_unpaid(call.world, call.caller.app, money.PRICES[kind])
    lag = call.struck("lag")
    post = creation.create(
        call.world,
        user,
        draft,
        app=call.caller.app,
        lag_seconds=lag.seconds(LAG_SECONDS) if lag else 0,
        lag_place=str(lag.settings.get("where", "everywhere")) if lag else "everywhere",
    )
    money.charge(call.world, call.caller.app, kind, str(post.id))
    history = [str(one) for one in posts.versions(call.world, post.id)]
    answer = {"id": str(post.id), "text": post.brief, "edit_history_tweet_ids": history}
    return json_response(201, {"data": answer})


def _priced_as(world: World, user: User, draft: drafts.Draft) -> str:
    """Tell which price a draft has: a link is dearest, an answer to another's call cheapest."""
    if words.links(words.composed(draft.text)):
        return "post_with_link"
    target = posts.by_id(world, draft.reply_to) if draft.reply_to else None
    return "summoned_reply" if target and target.author_id != user.id else "post"


def delete_post(call: Call) -> Response:
    """DELETE /2/tweets/:id."""
    user = call.caller.act_as_user(*WRITES)
    money.refuse_unpaid(call.world, call.caller.app, money.PRICES["delete"])
    posts.delete(call.world, user, call.path["id"])
    money.charge(call.world, call.caller.app, "delete", call.path["id"])
    return json_response(200, {"data": {"deleted": True}})


def hide_reply(call: Call) -> Response:
    """PUT /2/tweets/:id/hidden."""
    user = call.caller.act_as_user("tweet.read", "users.read", "tweet.moderate.write")
    hidden = body_of(call).get("hidden")
    if not isinstance(hidden, bool):
        raise invalid_request("[hidden] is true or false", hidden=hidden)
    posts.hide(call.world, user, call.path["id"], hidden=hidden)
    money.charge(call.world, call.caller.app, "hide_reply", call.path["id"])
    return json_response(200, {"data": {"hidden": hidden}})


def _myself(call: Call) -> User:
    user = call.caller.act_as_user(*WRITES)
    if call.path["id"] != user.id:
        raise not_permitted()
    return user


def repost(call: Call) -> Response:
    """POST /2/users/:id/retweets."""
    user = _myself(call)
    target = body_of(call).get("tweet_id")
    if not isinstance(target, str) or not target.isdigit():
        raise invalid_request("[tweet_id] is needed, a string of digits", tweet_id=target)
    money.refuse_unpaid(call.world, call.caller.app, money.PRICES["repost"])
    made = reposts.repost(call.world, user, target, app=call.caller.app)
    money.charge(call.world, call.caller.app, "repost", target)
    return json_response(200, {"data": {"rest_id": str(made), "retweeted": True}})


def undo_repost(call: Call) -> Response:
    """DELETE /2/users/:id/retweets/:source."""
    user = _myself(call)
    reposts.undo(call.world, user, call.path["source"])
    return json_response(200, {"data": {"retweeted": False}})


def look_up_posts(call: Call) -> Response:
    """GET /2/tweets?ids=."""
    call.caller.require("tweet.read", "users.read")
    answer = timelines.lookup_json(call.world, call.request.query, caller_id=call.caller_id)
    return bill_posts(call, answer)


def look_up_post(call: Call) -> Response:
    """GET /2/tweets/:id."""
    call.caller.require("tweet.read", "users.read")
    answer = timelines.single_json(
        call.world, call.path["id"], call.request.query, caller_id=call.caller_id
    )
    return bill_posts(call, answer)


def quotes_of_post(call: Call) -> Response:
    """GET /2/tweets/:id/quote_tweets."""
    call.caller.require("tweet.read", "users.read")
    query = call.request.query
    page = timelines.read_page(query, smallest=10)
    found = timelines.quotes_of(call.world, call.path["id"], page)
    return bill_posts(
        call, timelines.timeline_json(call.world, found, page, query, caller_id=call.caller_id)
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
    return bill_posts(
        call, timelines.timeline_json(call.world, found, page, query, caller_id=call.caller_id)
    )
