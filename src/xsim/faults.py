"""Faults on order: which request shall go wrong, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

# The request is carried out, but its answer is spoiled.
AFTER = frozenset(
    {
        "accept_then_hang",
        "accept_then_reset",
        "accept_then_500",
        "accept_then_502",
        "accept_then_503",
        "accept_then_504",
        "accept_then_garbage",
        "403_but_created",
        "refresh_lost",
    }
)
# The request is answered (or cut off) without being carried out.
BEFORE = frozenset(
    {
        "reject_500",
        "reject_502",
        "reject_503",
        "reject_504",
        "reject_reset",
        "reject_hang",
        "lookup_503",
        "media_status_503",
        "401",
        "401_revoked",
        "402",
        "403_duplicate",
        "403_reply_gate",
        "403_engagement_gate",
        "403_quote_gate",
        "403_not_permitted",
        "403_not_premium",
        "403_suspended",
        "403_daily_cap",
        "spend_cap",
        "429",
        "429_app_day",
        "429_user_day",
        "429_no_headers",
        "429_reset_in_past",
        "429_usage_capped",
        "refresh_raced",
    }
)
# The request is carried out and answered, only later or unseen for a while.
DELAYS = frozenset({"slow", "slow_headers", "lag"})
# The request is carried out otherwise than it should be; its handler sees to that.
MEDIA = frozenset({"media_in_progress", "media_failed", "media_expired", "media_lost_segment"})
# The connection of a stream goes wrong after ``items`` items.
STREAMS = frozenset(
    {
        "stream_silent",
        "stream_close",
        "stream_reset",
        "stream_disconnect",
        "stream_too_many",
        "stream_duplicate",
        "stream_out_of_order",
        "stream_split",
    }
)
# No request is met: the door is shut.
DOOR = frozenset({"refuse_connect"})
KINDS = AFTER | BEFORE | DELAYS | MEDIA | STREAMS | DOOR
GARBAGE = frozenset({"no_id", "html", "truncated", "empty"})
LOOKUP_ROUTES = frozenset(
    {
        "/2/tweets",
        "/2/tweets/:id",
        "/2/users/:id/tweets",
        "/2/users/:id/mentions",
        "/2/tweets/search/recent",
    }
)
STREAM_ROUTES = frozenset({"/2/tweets/search/stream", "/2/activity/stream"})
# Kinds that mean only some calls, whatever else is asked of them: a method and its routes.
MEANT_FOR: dict[str, tuple[str, frozenset[str]]] = {
    "lookup_503": ("GET", LOOKUP_ROUTES),
    "media_status_503": ("GET", frozenset({"/2/media/upload"})),
    "media_lost_segment": ("POST", frozenset({"/2/media/upload/:id/append"})),
    "media_in_progress": (
        "POST",
        frozenset({"/2/media/upload", "/2/media/upload/:id/finalize"}),
    ),
    "media_failed": ("POST", frozenset({"/2/media/upload", "/2/media/upload/:id/finalize"})),
    "media_expired": (
        "POST",
        frozenset({"/2/media/upload", "/2/media/upload/:id/finalize", "/2/tweets"}),
    ),
    "refresh_lost": ("POST", frozenset({"/2/oauth2/token"})),
    "refresh_raced": ("POST", frozenset({"/2/oauth2/token"})),
    "lag": ("POST", frozenset({"/2/tweets"})),
    **dict.fromkeys(STREAMS, ("GET", STREAM_ROUTES)),
}
PLACES = frozenset({"everywhere", "timeline", "mentions", "search"})
SETTINGS = {
    *("seconds", "after", "headers", "garbage", "reset_seconds"),
    *("polls", "reason", "where", "items", "connections"),
}
MATCHES = {"method", "route", "account", "nth", "text"}


class BadFault(ValueError):
    """The order for a fault cannot be understood."""


@dataclass
class Fault:
    """One ordered fault.

    ``method``, ``route`` (a template such as /2/tweets/:id, or a path with ``*``), ``account``
    (handle) and ``text`` (part of the request body) choose requests; None chooses all. It fires
    from the ``nth`` chosen request on, ``times`` times (0: for ever).
    """

    number: int
    do: str
    method: str | None = None
    route: str | None = None
    account: str | None = None
    text: str | None = None
    nth: int = 1
    times: int = 1
    settings: dict[str, Any] = field(default_factory=dict)
    seen: int = 0
    fired: int = 0

    def chooses(
        self, *, method: str, route: str, path: str, account: str | None, body: bytes
    ) -> bool:
        """Tell whether this fault is meant for such a request, counts aside."""
        if self.do in DOOR:
            return False
        meant_method, meant_routes = MEANT_FOR.get(self.do, (None, None))
        if meant_routes is not None and (meant_method != method or route not in meant_routes):
            return False
        return (
            self.method in (None, method)
            and (self.route is None or self.route == route or fnmatchcase(path, self.route))
            and (self.account is None or self.account.lower() == (account or "").lower())
            and (self.text is None or self.text.encode() in body)
        )

    def seconds(self, default: float) -> float:
        """Give the length of the fault in seconds."""
        return float(self.settings.get("seconds", default))

    def describe(self) -> dict[str, Any]:
        """Show the fault as the control API prints it."""
        match = {
            name: getattr(self, name) for name in ("method", "route", "account", "text", "nth")
        }
        return {
            "id": self.number,
            "do": self.do,
            "match": {name: value for name, value in match.items() if value is not None},
            "times": self.times,
            **self.settings,
            "seen": self.seen,
            "fired": self.fired,
        }


class Faults:
    """The list of ordered faults; not safe for threads by itself."""

    def __init__(self) -> None:
        self._all: list[Fault] = []
        self._count = 0

    def order(self, wish: dict[str, Any]) -> Fault:
        """Add a fault from ``{match: {...}, do, times, ...settings}``. Raises BadFault."""
        match = wish.get("match") or {}
        if not isinstance(match, dict) or set(match) - MATCHES:
            raise BadFault(f"match takes {sorted(MATCHES)}")
        unknown = set(wish) - {"match", "do", "times"} - SETTINGS
        if unknown:
            raise BadFault(f"unknown: {sorted(unknown)}")
        if wish.get("do") not in KINDS:
            raise BadFault(f"do is one of {sorted(KINDS)}")
        if wish.get("garbage", "no_id") not in GARBAGE:
            raise BadFault(f"garbage is one of {sorted(GARBAGE)}")
        if wish["do"] in DOOR and len({"seconds", "connections"} & set(wish)) != 1:
            raise BadFault("refuse_connect takes seconds or connections")
        if wish.get("where", "everywhere") not in PLACES:
            raise BadFault(f"where is one of {sorted(PLACES)}")
        nth, times = match.get("nth", 1), wish.get("times", 1)
        if not isinstance(nth, int) or not isinstance(times, int) or nth < 1 or times < 0:
            raise BadFault("nth counts from 1, times from 0 (for ever)")
        self._count += 1
        fault = Fault(
            number=self._count,
            do=wish["do"],
            settings={name: wish[name] for name in SETTINGS if name in wish},
            times=times,
            **match,
        )
        self._all.append(fault)
        return fault

    def take(
        self, *, method: str, route: str, path: str, account: str | None, body: bytes
    ) -> Fault | None:
        """Count a request against every fault and give the first that fires on it."""
        chosen: Fault | None = None
        for fault in self._all:
            if not fault.chooses(method=method, route=route, path=path, account=account, body=body):
                continue
            fault.seen += 1
            ready = fault.seen >= fault.nth and (fault.times == 0 or fault.fired < fault.times)
            if ready and chosen is None:
                fault.fired += 1
                chosen = fault
        return chosen

    def describe(self) -> list[dict[str, Any]]:
        """Show every fault, spent or not, in the order of arrival."""
        return [fault.describe() for fault in self._all]

    def clear(self) -> None:
        """Forget all faults."""
        self._all.clear()
