"""Calls that open streams and say what they shall hold."""

from __future__ import annotations

from typing import Any

from xsim import activity, stream_rules
from xsim.accounts import user_by_id
from xsim.api_posts import body_of
from xsim.calls import Call
from xsim.clock import iso
from xsim.problems import invalid_request, no_rules, not_found, not_permitted, too_many_connections
from xsim.streams import Stream
from xsim.wire import Response, json_response


def open_filtered(call: Call) -> Response:
    """GET /2/tweets/search/stream."""
    call.caller.act_alone()
    if not stream_rules.rules_of(call.world, call.caller.app):
        raise no_rules()
    return _open(call, "filtered")


def open_activity(call: Call) -> Response:
    """GET /2/activity/stream."""
    call.caller.act_alone()
    return _open(call, "activity")


def _open(call: Call, kind: str) -> Response:
    if call.struck("stream_too_many"):
        raise too_many_connections()
    stream = Stream(kind, call.caller.app.client_id, call.fault, call.request.query)
    call.world.streams.open(stream)
    headers = {"content-type": "application/json; charset=utf-8"}
    return Response(200, b"", headers, stream=stream)


def list_rules(call: Call) -> Response:
    """GET /2/tweets/search/stream/rules."""
    call.caller.act_alone()
    rules = stream_rules.rules_of(call.world, call.caller.app)
    wanted = call.request.query.get("ids")
    if wanted is not None:
        rules = [rule for rule in rules if rule["id"] in wanted.split(",")]
    meta = {"sent": iso(call.world.now_ms()), "result_count": len(rules)}
    return json_response(200, {**({"data": rules} if rules else {}), "meta": meta})


def change_rules(call: Call) -> Response:
    """POST /2/tweets/search/stream/rules."""
    call.caller.act_alone()
    body, query = body_of(call), call.request.query
    dry = query.get("dry_run", "").lower() == "true"
    everything = query.get("delete_all", "").lower() == "true"
    if sum((everything, "add" in body, "delete" in body)) != 1:
        raise invalid_request("one of add, delete and delete_all is needed")
    if "add" in body:
        return _added(call, body["add"], dry=dry)
    rules = stream_rules.rules_of(call.world, call.caller.app)
    every: tuple[list[str], list[str]] = ([rule["id"] for rule in rules], [])
    ids, values = every if everything else _named(body["delete"])
    done = stream_rules.remove(call.world, call.caller.app, ids=ids, values=values, dry=dry)
    return _changed(call, 200, done)


def _added(call: Call, wishes: object, *, dry: bool) -> Response:
    sound = isinstance(wishes, list) and wishes and all(_is_rule(wish) for wish in wishes)
    if not sound or not isinstance(wishes, list):
        raise invalid_request("[add] needs rules with a value and perhaps a tag", add=wishes)
    done = stream_rules.add(call.world, call.caller.app, wishes, dry=dry)
    return _changed(call, 201 if done["data"] else 200, done)


def _is_rule(wish: object) -> bool:
    return (
        isinstance(wish, dict)
        and not set(wish) - {"value", "tag"}
        and isinstance(wish.get("value"), str)
        and isinstance(wish.get("tag", ""), str)
    )


def _named(wish: object) -> tuple[list[str], list[str]]:
    ids = wish.get("ids", []) if isinstance(wish, dict) else None
    values = wish.get("values", []) if isinstance(wish, dict) else None
    if not isinstance(ids, list) or not isinstance(values, list) or not [*ids, *values]:
        raise invalid_request("[delete] needs ids or values", delete=wish)
    return [str(one) for one in ids], [str(one) for one in values]


def _changed(call: Call, status: int, done: dict[str, Any]) -> Response:
    answer: dict[str, Any] = {
        "meta": {"sent": iso(call.world.now_ms()), "summary": done["summary"]}
    }
    for name in ("data", "errors"):
        if done.get(name):
            answer[name] = done[name]
    return json_response(status, answer)


def list_subscriptions(call: Call) -> Response:
    """GET /2/activity/subscriptions."""
    call.caller.act_alone()
    found = activity.subscriptions_of(call.world, call.caller.app)
    answer: dict[str, Any] = {"meta": {"total_subscriptions": len(found)}}
    return json_response(200, answer | ({"data": found} if found else {}))


def subscribe(call: Call) -> Response:
    """POST /2/activity/subscriptions."""
    call.caller.act_alone()
    body = body_of(call)
    event, tag, wish = body.get("event_type"), body.get("tag"), body.get("filter")
    user = user_by_id(call.world, str(wish.get("user_id"))) if isinstance(wish, dict) else None
    if event not in activity.EVENTS:
        raise invalid_request("[event_type] is not one that this server tells", event_type=event)
    if user is None or not isinstance(tag, str | None):
        raise invalid_request("[filter.user_id] is needed, that of a user", filter=wish)
    known = activity.subscriptions_of(call.world, call.caller.app)
    if any((one["event_type"], one["filter"]["user_id"]) == (event, user.id) for one in known):
        raise invalid_request("there is such a subscription already", filter=wish)
    if len(known) >= activity.SUBSCRIPTIONS_MAX:
        raise invalid_request("the app has as many subscriptions as it may have", filter=wish)
    if event in activity.PRIVATE and not activity.has_consent(call.world, call.caller.app, user):
        raise not_permitted()
    made = activity.subscribe(call.world, call.caller.app, event=event, user_id=user.id, tag=tag)
    found = activity.subscriptions_of(call.world, call.caller.app)
    (shown,) = (one for one in found if one["subscription_id"] == str(made))
    meta = {"total_subscriptions": len(found)}
    return json_response(200, {"data": {"subscription": shown}, "meta": meta})


def unsubscribe(call: Call) -> Response:
    """DELETE /2/activity/subscriptions/:id."""
    call.caller.act_alone()
    number = call.path["id"]
    if not number.isdigit() or not activity.unsubscribe(call.world, call.caller.app, number):
        raise not_found("subscription", number, "id")
    left = len(activity.subscriptions_of(call.world, call.caller.app))
    return json_response(200, {"data": {"deleted": True}, "meta": {"total_subscriptions": left}})
