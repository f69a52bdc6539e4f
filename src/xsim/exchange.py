"""One API call from its first byte to the journal's last word, faults included.

The state is touched in two short locked steps, before and during the handler; every wait lies
outside them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from xsim import journal
from xsim.api import DOORS, Call, Route, answer, find_route
from xsim.clock import iso
from xsim.faults import AFTER, BEFORE, Fault
from xsim.identity import Caller, identify
from xsim.problems import (
    Refused,
    credits_depleted,
    duplicate_content,
    invalid_request,
    no_such_route,
    not_permitted,
    reply_gate,
    service_fault,
    spend_cap,
    too_many_requests,
    unauthorized,
)
from xsim.wire import BadBody, Request, Response, json_response
from xsim.world import World

HANG_SECONDS = 3600.0
SLOW_SECONDS = 3.0
LAG_SECONDS = 30.0


@dataclass(frozen=True)
class Ending:
    """What shall happen on the wire.

    Wait ``wait_seconds`` first; then send ``response``, or with None break the connection.
    ``hangs`` marks a wait that stands for silence, so that it ends without an answer.
    """

    response: Response | None
    wait_seconds: float = 0
    hangs: bool = False


class Exchange:
    """One API call; ``begin`` and ``finish`` are called in turn, with any wait in between."""

    def __init__(self, world: World, request: Request) -> None:
        self._world = world
        self._request = request
        self._route: Route | None = None
        self._named: dict[str, str] = {}
        self._caller: Caller | None = None
        self._refusal: Refused | None = None
        self._fault: Fault | None = None
        self._entry = 0
        self._started = time.perf_counter()

    def begin(self) -> float:
        """Find out who calls what, and which fault meets it.

        Gives the seconds to wait before carrying it out.
        """
        with self._world.lock:
            found = find_route(self._request.method, self._request.path)
            if found:
                self._route, self._named = found
            self._prove()
            account = self._caller.user.username if self._caller and self._caller.user else None
            self._fault = self._world.faults.take(
                method=self._request.method,
                route=self._route.template if self._route else "",
                path=self._request.path,
                account=account,
                body=self._request.body,
            )
            self._entry = journal.open_entry(
                self._world,
                self._request,
                route=self._route.template if self._route else "",
                account=account,
                app=self._caller.app.name if self._caller else None,
                auth=self._caller.kind if self._caller else None,
                fault=self._fault.do if self._fault else None,
            )
        if self._fault and self._fault.do == "slow" and not self._fault.settings.get("after"):
            return self._fault.seconds(SLOW_SECONDS)
        return 0

    def _prove(self) -> None:
        if self._route in DOORS:
            return
        try:
            self._caller = identify(self._world, self._request)
        except Refused as refusal:
            self._refusal = refusal
        except BadBody:
            self._refusal = invalid_request("the form is not UTF-8")

    def finish(self) -> Ending:
        """Carry the call out, or not, as its fault has it, and say what goes onto the wire."""
        with self._world.lock:
            fault = self._fault
            ending = self._spoiled_before(fault) if fault and fault.do in BEFORE else None
            if ending is None:
                response = self._carry_out()
                ending = self._spoiled_after(fault, response) if fault else Ending(response)
            outcome = "answered" if ending.response else ("hung" if ending.hangs else "reset")
            journal.close_entry(
                self._world,
                self._entry,
                status=ending.response.status if ending.response else None,
                outcome=outcome,
                took_ms=round((time.perf_counter() - self._started) * 1000, 3),
            )
        return ending

    def _carry_out(self) -> Response:
        headers: dict[str, str] = {}
        try:
            if self._route in DOORS:
                return DOORS[self._route](self._world, self._request)
            if self._refusal:
                raise self._refusal
            headers = self._spend()
            if self._caller is None:
                raise no_such_route()
            lag = self._fault.seconds(LAG_SECONDS) if self._fault and self._fault.do == "lag" else 0
            call = Call(self._world, self._request, self._caller, self._named, lag)
            response = answer(call, self._route)
        except Refused as refusal:
            response = json_response(refusal.status, refusal.body, refusal.headers)
        except BadBody as error:
            wrong = invalid_request(str(error))
            response = json_response(wrong.status, wrong.body)
        response.headers = {**headers, **response.headers}
        return response

    def _who(self) -> dict[str, Any]:
        caller = self._caller
        return {
            "user_id": caller.user.id if caller and caller.user else None,
            "app_id": caller.app.client_id if caller else "",
            "now_ms": self._world.now_ms(),
        }

    def _spend(self) -> dict[str, str]:
        if self._route is None:
            raise no_such_route()
        verdict = self._world.limits.spend(self._route.name, **self._who())
        if not verdict.allowed:
            raise too_many_requests(verdict.headers)
        return verdict.headers

    def _spoiled_before(self, fault: Fault) -> Ending:
        if fault.do == "reject_reset":
            return Ending(None)
        if fault.do == "reject_hang":
            return Ending(None, fault.seconds(HANG_SECONDS), hangs=True)
        refusal = self._refusal_of(fault)
        return Ending(json_response(refusal.status, refusal.body, refusal.headers))

    def _refusal_of(self, fault: Fault) -> Refused:
        if fault.do == "429":
            return too_many_requests(self._exhausted_headers(fault))
        if fault.do == "spend_cap":
            return spend_cap(iso(self._world.now_ms() + round(fault.seconds(86_400) * 1000))[:10])
        known = {
            "401": unauthorized,
            "402": credits_depleted,
            "403_duplicate": duplicate_content,
            "403_reply_gate": reply_gate,
            "403_not_permitted": not_permitted,
        }
        if fault.do in known:
            return known[fault.do]()
        return service_fault(int(fault.do[-3:]))

    def _exhausted_headers(self, fault: Fault) -> dict[str, str]:
        if fault.settings.get("headers") is False or self._route is None:
            return {}
        headers = self._world.limits.exhausted(self._route.name, **self._who())
        if "reset_seconds" in fault.settings:
            moment = self._world.now_ms() // 1000 + int(fault.settings["reset_seconds"])
            headers["x-rate-limit-reset"] = str(moment)
        return headers

    def _spoiled_after(self, fault: Fault, response: Response) -> Ending:
        if fault.do == "slow" and fault.settings.get("after"):
            return Ending(response, fault.seconds(SLOW_SECONDS))
        if fault.do not in AFTER:
            return Ending(response)
        if fault.do == "accept_then_hang":
            return Ending(None, fault.seconds(HANG_SECONDS), hangs=True)
        if fault.do == "accept_then_reset":
            return Ending(None)
        if fault.do == "accept_then_garbage":
            return Ending(_garbage(response, str(fault.settings.get("garbage", "no_id"))))
        refusal = (
            not_permitted() if fault.do == "403_but_created" else service_fault(int(fault.do[-3:]))
        )
        return Ending(json_response(refusal.status, refusal.body))


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
