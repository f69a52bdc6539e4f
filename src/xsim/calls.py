"""One API call on its way to whoever answers it, and the routes such calls take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xsim.faults import Fault
from xsim.identity import Caller
from xsim.wire import Request, Response
from xsim.world import World


@dataclass(frozen=True)
class Call:
    """One API call on its way to a handler; ``fault`` is the one that meets it, if any."""

    world: World
    request: Request
    caller: Caller
    path: dict[str, str]
    fault: Fault | None = None

    @property
    def caller_id(self) -> str | None:
        """The id of the calling user; None for an app alone."""
        return self.caller.user.id if self.caller.user else None

    def struck(self, kind: str) -> Fault | None:
        """Give the fault of this call when it is of a kind that the handler itself carries out."""
        return self.fault if self.fault and self.fault.do == kind else None


Handler = Callable[[Call], Response]
Door = Callable[[World, Request], Response]


@dataclass(frozen=True)
class Route:
    """A method and a path template with :named parts."""

    method: str
    template: str

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """Give the named parts of a path that fits, else None."""
        wanted, given = self.template.split("/"), path.split("/")
        if method != self.method or len(wanted) != len(given):
            return None
        named: dict[str, str] = {}
        for part, value in zip(wanted, given, strict=True):
            if part.startswith(":") and value:
                named[part[1:]] = value
            elif part != value:
                return None
        return named

    @property
    def name(self) -> str:
        """The route as limits and journal name it."""
        return f"{self.method} {self.template}"
