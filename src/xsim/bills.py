"""Answers that cost: what they show is charged as they leave."""

from __future__ import annotations

from typing import Any

from xsim import money
from xsim.calls import Call
from xsim.wire import Response, json_response


def bill_posts(call: Call, answer: dict[str, Any]) -> Response:
    """Send an answer whose data are posts, charging for each post and user in it."""
    data = answer.get("data", [])
    found = [data] if isinstance(data, dict) else list(data)
    included = answer.get("includes", {})
    found += included.get("tweets", []) + included.get("posts", [])
    money.charge_reads(
        call.world,
        call.caller.app,
        post_ids=[one["id"] for one in found],
        user_ids=[one["id"] for one in included.get("users", [])],
    )
    return json_response(200, answer)


def bill_user(call: Call, answer: dict[str, Any]) -> Response:
    """Send an answer whose data are one user, charging for it."""
    money.charge_reads(call.world, call.caller.app, user_ids=[answer["data"]["id"]])
    return json_response(200, answer)
