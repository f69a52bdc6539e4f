"""What a fault makes of a call: refused, answered late, answered with rubbish, or not answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from xsim import problems
from xsim.clock import iso
from xsim.faults import AFTER, Fault
from xsim.problems import Refused, too_many_requests
from xsim.wire import Response, json_response
from xsim.world import World

HANG_SECONDS = 3600.0
SLOW_SECONDS = 3.0
PAST_SECONDS = 60

REFUSALS: dict[str, Callable[[], Refused]] = {
    "401": problems.unauthorized,
    "401_revoked": problems.unauthorized,
    "402": problems.credits_depleted,
    "403_duplicate": problems.duplicate_content,
    "403_reply_gate": problems.reply_gate,
    "403_engagement_gate": problems.engagement_gate,
    "403_quote_gate": problems.quote_gate,
    "403_not_permitted": problems.not_permitted,
    "403_not_premium": problems.not_premium,
    "403_suspended": problems.suspended,
    "403_daily_cap": problems.daily_cap,
    "429_usage_capped": problems.usage_capped,
    "refresh_raced": problems.invalid_token_value,
}


@dataclass(frozen=True)
class Ending:
    """What shall happen on the wire.

    Wait ``wait_seconds`` first; then send ``response``, or with None break the connection.
    ``hangs`` marks a wait that stands for silence, so that it ends without an answer. With
    ``drip_seconds`` the head of the answer takes that long to arrive.
    """

    response: Response | None
    wait_seconds: float = 0
    hangs: bool = False
    drip_seconds: float = 0


def spoiled_before(fault: Fault) -> Ending | None:
    """End a call that is not carried out without an answer; None when it gets one."""
    if fault.do == "reject_reset":
        return Ending(None)
    if fault.do == "reject_hang":
        return Ending(None, fault.seconds(HANG_SECONDS), hangs=True)
    return None


def refusal_of(world: World, fault: Fault, *, route: str, who: dict[str, Any]) -> Refused:
    """Give the answer of a call that is refused on order."""
    if fault.do in REFUSALS:
        return REFUSALS[fault.do]()
    if fault.do == "spend_cap":
        resets = world.now_ms() + round(fault.seconds(86_400) * 1000)
        return problems.spend_cap(iso(resets)[:10])
    if fault.do.startswith("429"):
        return too_many_requests(_exhausted_headers(world, fault, route, who))
    return problems.service_fault(int(fault.do[-3:]))


def _exhausted_headers(
    world: World, fault: Fault, route: str, who: dict[str, Any]
) -> dict[str, str]:
    if fault.do == "429_no_headers" or fault.settings.get("headers") is False or not route:
        return {}
    window = {"429_app_day": "x-app-limit-24hour", "429_user_day": "x-user-limit-24hour"}
    name = window.get(fault.do, "x-rate-limit")
    headers = world.limits.exhausted(route, window=name, **who)
    reset = fault.settings.get("reset_seconds")
    if fault.do == "429_reset_in_past":
        reset = -PAST_SECONDS
    if reset is not None:
        headers[f"{name}-reset"] = str(world.now_ms() // 1000 + int(reset))
    return headers


def spoiled_after(fault: Fault, response: Response) -> Ending:
    """End a call that was carried out."""
    if fault.do not in AFTER:
        return _late(fault, response)
    if fault.do == "accept_then_hang":
        return Ending(None, fault.seconds(HANG_SECONDS), hangs=True)
    if fault.do in ("accept_then_reset", "refresh_lost"):
        return Ending(None)
    if fault.do == "accept_then_garbage":
        return Ending(_garbage(response, str(fault.settings.get("garbage", "no_id"))))
    refusal = (
        problems.not_permitted()
        if fault.do == "403_but_created"
        else problems.service_fault(int(fault.do[-3:]))
    )
    return Ending(json_response(refusal.status, refusal.body))


def _late(fault: Fault, response: Response) -> Ending:
    """End a call whose answer is right, at its time."""
    if fault.do == "slow" and fault.settings.get("after"):
        return Ending(response, fault.seconds(SLOW_SECONDS))
    if fault.do == "slow_headers":
        return Ending(response, drip_seconds=fault.seconds(SLOW_SECONDS))
    return Ending(response)


def _garbage(response: Response, kind: str) -> Response:
    """Keep the status of an answer and spoil its body."""
    if kind == "html":
        page = b"<!DOCTYPE html><html><title>X</title><body>Something went wrong.</body></html>"
        return Response(response.status, page, {"content-type": "text/html; charset=utf-8"})
    headers = dict(response.headers)
    if kind == "empty":
        return Response(response.status, b"", headers)
    if kind == "truncated":
        return Response(response.status, response.body[: max(len(response.body) // 2, 1)], headers)
    return Response(response.status, b'{"data":{}}', headers)
