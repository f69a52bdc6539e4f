"""Calls that look for posts by what they say."""

from __future__ import annotations

from typing import Any

from xsim import money, timelines
from xsim.bills import bill_posts
from xsim.calls import Call
from xsim.clock import iso
from xsim.posts import CURRENT, Post, from_row, in_time
from xsim.problems import invalid_request
from xsim.queries import BadQuery, Test, compile_query
from xsim.wire import Response, json_response
from xsim.world import World

QUERY_MAX = 512
WEEK_MS = 7 * 24 * 60 * 60 * 1000
SPANS_MS = {"minute": 60_000, "hour": 3_600_000, "day": 86_400_000}


def _test(query: dict[str, str]) -> Test:
    said = query.get("query", "")
    if not 1 <= len(said) <= QUERY_MAX:
        raise invalid_request("The `query` query parameter takes 1 to 512 characters", query=said)
    try:
        return compile_query(said)
    except BadQuery as error:
        raise invalid_request(f"The `query` query parameter: {error}", query=said) from error


def _found(world: World, test: Test, page: timelines.Page, *, most: int | None) -> list[Post]:
    """List matching posts of the last seven days, newest first."""
    since = max(page.start_ms, world.now_ms() - WEEK_MS)
    rows = world.store.rows(
        "SELECT * FROM posts WHERE deleted_ms IS NULL AND visible_ms <= ? AND id > ? AND id < ? "  # noqa: S608 -- literals of this package
        f"AND created_ms >= ? AND created_ms < ? AND {CURRENT} AND {in_time('search')} "
        "ORDER BY id DESC",
        (world.now_ms(), page.above, page.below, since, page.end_ms, world.now_ms()),
    )
    found: list[Post] = []
    for row in rows:
        post = from_row(row)
        if test(world, post):
            found.append(post)
            if most is not None and len(found) >= most:
                break
    return found


def search_recent(call: Call) -> Response:
    """GET /2/tweets/search/recent."""
    call.caller.require("tweet.read", "users.read")
    query = call.request.query
    page = timelines.read_page(query, smallest=10)
    _refuse_too_old(call, page)
    found = _found(call.world, _test(query), page, most=page.size + 1)
    return bill_posts(
        call, timelines.timeline_json(call.world, found, page, query, caller_id=call.caller_id)
    )


def _refuse_too_old(call: Call, page: timelines.Page) -> None:
    if "start_time" in call.request.query and page.start_ms < call.world.now_ms() - WEEK_MS:
        raise invalid_request(
            "The `start_time` query parameter lies more than 7 days back",
            start_time=call.request.query["start_time"],
        )


def count_recent(call: Call) -> Response:
    """GET /2/tweets/counts/recent."""
    call.caller.act_alone()
    query = call.request.query
    span = SPANS_MS.get(query.get("granularity", "hour"))
    if span is None:
        raise invalid_request("The `granularity` query parameter takes minute, hour and day")
    page = timelines.read_page({name: query[name] for name in query if name != "granularity"})
    _refuse_too_old(call, page)
    found = _found(call.world, _test(query), page, most=None)
    now = call.world.now_ms()
    start, end = max(page.start_ms, now - WEEK_MS), min(page.end_ms, now + 1)
    counts = dict.fromkeys(range(start - start % span, end, span), 0)
    for post in found:
        counts[post.created_ms - post.created_ms % span] += 1
    data = [
        {
            "start": iso(max(at, start)),
            "end": iso(min(at + span, end)),
            # The newer dialect renames it; nothing in the request tells which is wanted.
            "tweet_count": count,
            "post_count": count,
        }
        for at, count in counts.items()
    ]
    money.charge(call.world, call.caller.app, "counts", query["query"])
    total: dict[str, Any] = {"total_tweet_count": len(found), "total_post_count": len(found)}
    return json_response(200, {"data": data, "meta": total})
