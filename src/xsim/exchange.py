"""One API call from its first byte to the journal's last word, faults included.

The state is touched in two short locked steps, before and during the handler; every wait lies
outside them.
"""

from __future__ import annotations

import time
from typing import Any

from xsim import journal, oauth2
from xsim.api import DOORS, answer, find_route
from xsim.calls import Call, Route
from xsim.faults import BEFORE, Fault
from xsim.identity import Caller, identify
from xsim.problems import Refused, invalid_request, no_such_route, too_many_requests
from xsim.spoils import SLOW_SECONDS, Ending, refusal_of, spoiled_after, spoiled_before
from xsim.wire import BadBody, Request, Response, json_response
from xsim.world import World


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
            if fault and fault.do in BEFORE:
                ending = spoiled_before(fault) or self._refused(fault)
            else:
                response = self._carry_out()
                ending = spoiled_after(fault, response) if fault else Ending(response)
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
            call = Call(self._world, self._request, self._caller, self._named, self._fault)
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

    def _refused(self, fault: Fault) -> Ending:
        """Refuse as a fault has it; what it says was done to a token elsewhere is done."""
        if fault.do == "401_revoked":
            oauth2.revoke_access(self._world, self._request)
        elif fault.do == "refresh_raced":
            oauth2.spend_refresh(self._world, self._request)
        named = self._route.name if self._route else ""
        refusal = refusal_of(self._world, fault, route=named, who=self._who())
        return Ending(json_response(refusal.status, refusal.body, refusal.headers))
