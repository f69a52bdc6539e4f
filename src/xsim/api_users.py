"""Calls that read users, and what their app has used."""

from __future__ import annotations

from xsim import money
from xsim.accounts import User, user_by_id, user_by_name
from xsim.bills import bill_user
from xsim.calls import Call
from xsim.problems import invalid_request, missing_resource
from xsim.shapes import user_json
from xsim.wire import Response, json_response

DAYS = range(1, 91)


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
    shown = user_json(call.world, user, wanted, own=user.id == call.caller_id)
    return bill_user(call, {"data": shown})


def read_credits(call: Call) -> Response:
    """GET /2/usage/credits."""
    call.caller.act_alone()
    return json_response(200, {"data": money.balance_json(call.world, call.caller.app)})


def read_usage(call: Call) -> Response:
    """GET /2/usage/tweets."""
    call.caller.act_alone()
    days = call.request.query.get("days", "7")
    if not days.isdigit() or int(days) not in DAYS:
        raise invalid_request("The `days` query parameter takes 1 to 90", days=days)
    return json_response(200, {"data": money.usage_json(call.world, call.caller.app, int(days))})
