"""The control API under /_sim, for tests and demos in other processes.

It answers on loopback only.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import asdict

from xsim.accounts import App, BadAccount, all_users, app_by
from xsim.faults import BadFault
from xsim.polls import BadVote
from xsim.problems import Refused
from xsim.sim import DEFAULT_SCOPE, Sim
from xsim.wire import BadBody, Request, Response, json_response

Control = Callable[[Sim, Request], object]


def is_local(request: Request) -> bool:
    """Tell whether a control request comes from this machine and not from a page in a browser on
    it.
    """
    try:
        local = ipaddress.ip_address(request.client[0]).is_loopback
    except ValueError:
        return False
    host = request.host.rsplit(":", 1)[0].strip("[]")
    return local and host in ("127.0.0.1", "localhost", "::1") and "origin" not in request.headers


def _faults(sim: Sim, request: Request) -> object:
    if request.method == "GET":
        return {"faults": sim.faults()}
    if request.method == "DELETE":
        sim.clear_faults()
        return {"faults": []}
    return sim.order_fault(request.json())


def _journal(sim: Sim, request: Request) -> object:
    known = {"method", "route", "account", "status", "path", "fault", "after", "limit"}
    if unknown := set(request.query) - known:
        raise ValueError(f"unknown filters: {sorted(unknown)}")
    return sim.journal(**request.query)


def _clock(sim: Sim, request: Request) -> object:
    if request.method == "POST":
        wish = request.json()
        if "set" in wish:
            sim.set_clock(wish["set"], frozen=bool(wish.get("frozen", True)))
        elif "advance" in wish:
            sim.advance(float(wish["advance"]))
        elif wish.get("real"):
            sim.real_clock()
        else:
            raise ValueError(
                'one of {"set": moment, "frozen": true}, {"advance": seconds}, {"real": true}'
            )
    with sim.world.lock:
        return sim.world.clock.describe()


def _users(sim: Sim, request: Request) -> object:
    if request.method == "GET":
        return {"users": [asdict(user) for user in all_users(sim.world)]}
    wish = request.json()
    return asdict(sim.add_user(str(wish.pop("username", "")), **wish))


def _apps(sim: Sim, request: Request) -> object:
    wish = request.json()
    usernames = wish.pop("tokens_for", [])
    scope = str(wish.pop("scope", DEFAULT_SCOPE))
    if not isinstance(usernames, list):
        raise TypeError("tokens_for is a list of handles")
    with sim.world.lock:
        for username in usernames:
            sim.user(str(username))
        return sim.app_keys(sim.add_app(str(wish.pop("name", "")), **wish), usernames, scope)


def _posts(sim: Sim, request: Request) -> object:
    if request.method == "GET":
        after = int(request.query.get("after", "0"))
        found = sim.posts(request.query.get("account"), after=after)
        live = sum(1 for post in found if post["deleted_at"] is None)
        return {"posts": found, "total": len(found), "live": live}
    if request.method == "DELETE":
        wish = request.query
        sim.remove(wish.get("account", ""), wish.get("id", ""))
        return {"deleted": wish.get("id")}
    wish = request.json()
    post_id = sim.publish(
        str(wish.get("account", "")),
        str(wish.get("text", "")),
        in_reply_to=wish.get("in_reply_to"),
        quoted=wish.get("quoted"),
        lag_seconds=float(wish.get("lag_seconds", 0)),
        lag_place=str(wish.get("lag_place", "everywhere")),
    )
    return {"id": post_id}


def _mentions(sim: Sim, request: Request) -> object:
    wish = request.json()
    post_id = sim.mention(
        str(wish.get("to", "")),
        by=str(wish.get("from", "passer_by")),
        text=wish.get("text"),
        in_reply_to=wish.get("in_reply_to"),
        lag_seconds=float(wish.get("lag_seconds", 0)),
    )
    return {"id": post_id}


def _limits(sim: Sim, request: Request) -> object:
    wish = request.json()
    sim.set_limits(
        enabled=wish.get("enabled"),
        daily_caps=wish.get("daily_caps"),
        routes=wish.get("routes"),
    )
    with sim.world.lock:
        limits = sim.world.limits
        changed = {route: asdict(quota) for route, quota in limits.changed.items()}
        return {"enabled": limits.enabled, "daily_caps": limits.daily_caps, "changed": changed}


def _app(sim: Sim, name: object) -> App:
    found = app_by(sim.world, "name", str(name))
    if found is None:
        raise BadAccount(f"no app named {name}")
    return found


def _money(sim: Sim, request: Request) -> object:
    if request.method == "GET":
        return sim.money(_app(sim, request.query.get("app", "xsim app")))
    wish = request.json()
    app = _app(sim, wish.pop("app", "xsim app"))
    if unknown := set(wish) - {"credits", "spend_cap", "resets_at", "owner"}:
        raise ValueError(f"unknown: {sorted(unknown)}")
    return sim.set_money(app, **wish)


def _media(sim: Sim, request: Request) -> object:
    if request.method == "POST":
        sim.set_media_seconds(float(request.json().get("seconds", "")))
    return {
        "media": sim.media(request.query.get("account")),
        "seconds": sim.world.media_seconds,
    }


def _streams(sim: Sim, request: Request) -> object:
    if request.method == "DELETE":
        return {"ended": sim.end_streams(request.query.get("how", "close"))}
    if request.method == "POST":
        sim.set_keep_alive(float(request.json().get("keep_alive", "")))
    return {"streams": sim.streams(), "keep_alive": sim.world.streams.keep_alive_seconds}


def _votes(sim: Sim, request: Request) -> object:
    wish = request.json()
    return sim.vote(str(wish.get("post")), int(wish.get("option", 0)), int(wish.get("votes", 1)))


def _follows(sim: Sim, request: Request) -> object:
    wish = request.json()
    sim.follow(str(wish.get("by")), str(wish.get("follows")))
    return {"by": wish["by"], "follows": wish["follows"]}


def _reposts(sim: Sim, request: Request) -> object:
    wish = request.json()
    return {"id": sim.repost(str(wish.get("account")), str(wish.get("post")))}


def _reset(sim: Sim, request: Request) -> object:
    sim.reset(keep_accounts=bool(request.json().get("keep_accounts", False)))
    return {"reset": True}


CONTROLS: dict[str, tuple[frozenset[str], Control]] = {
    "/_sim/faults": (frozenset({"GET", "POST", "DELETE"}), _faults),
    "/_sim/journal": (frozenset({"GET"}), _journal),
    "/_sim/clock": (frozenset({"GET", "POST"}), _clock),
    "/_sim/users": (frozenset({"GET", "POST"}), _users),
    "/_sim/apps": (frozenset({"POST"}), _apps),
    "/_sim/posts": (frozenset({"GET", "POST", "DELETE"}), _posts),
    "/_sim/mentions": (frozenset({"POST"}), _mentions),
    "/_sim/limits": (frozenset({"POST"}), _limits),
    "/_sim/money": (frozenset({"GET", "POST"}), _money),
    "/_sim/media": (frozenset({"GET", "POST"}), _media),
    "/_sim/streams": (frozenset({"GET", "POST", "DELETE"}), _streams),
    "/_sim/votes": (frozenset({"POST"}), _votes),
    "/_sim/follows": (frozenset({"POST"}), _follows),
    "/_sim/reposts": (frozenset({"POST"}), _reposts),
    "/_sim/reset": (frozenset({"POST"}), _reset),
}


def answer(sim: Sim, request: Request) -> Response:
    """Answer a control request: 403 from elsewhere, 404 and 405 for wrong addresses, 400 with a
    reason.
    """
    if not is_local(request):
        return json_response(403, {"error": "the control API answers on loopback only"})
    methods, control = CONTROLS.get(request.path, (frozenset(), None))
    if control is None:
        return json_response(404, {"error": "no such control", "known": sorted(CONTROLS)})
    if request.method not in methods:
        return json_response(405, {"error": f"use {' or '.join(sorted(methods))}"})
    try:
        return json_response(200, control(sim, request))
    except Refused as refusal:
        return json_response(400, {"error": "refused", "answer": refusal.body})
    except (BadFault, BadAccount, BadBody, BadVote, ValueError, TypeError) as error:
        return json_response(400, {"error": str(error)})
