"""Rate limits: fixed windows per caller and route, with the headers that tell about them."""

from __future__ import annotations

from dataclasses import dataclass, field

QUARTER_MS = 15 * 60 * 1000
DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class Quota:
    """How often a route may be called: by a user or an app in 15 minutes, by an app or a user in 24
    hours.

    None means that no such window exists.
    """

    user: int | None = None
    app: int | None = None
    app_day: int | None = None
    user_day: int | None = None


# The published table of limits; a route that is not listed is not limited.
QUOTAS: dict[str, Quota] = {
    "GET /2/users/me": Quota(user=75),
    "POST /2/tweets": Quota(user=100, app_day=10_000),
    "DELETE /2/tweets/:id": Quota(user=50),
    "GET /2/tweets": Quota(user=5_000, app=3_500),
    "GET /2/tweets/:id": Quota(user=900, app=450),
    "GET /2/users/:id": Quota(user=900, app=300),
    "GET /2/users/by/username/:username": Quota(user=900, app=300),
    "GET /2/users/:id/tweets": Quota(user=900, app=10_000),
    "GET /2/users/:id/mentions": Quota(user=300, app=450),
}


@dataclass
class _Window:
    until_ms: int
    used: int = 0


@dataclass(frozen=True)
class Verdict:
    """Whether a call may pass, and the rate headers of its answer."""

    allowed: bool
    headers: dict[str, str]


@dataclass
class Limits:
    """All running windows. ``enabled`` False lets everything pass but still counts and tells."""

    enabled: bool = True
    changed: dict[str, Quota] = field(default_factory=dict)
    _windows: dict[tuple[str, str, str], _Window] = field(default_factory=dict)

    def quota(self, route: str) -> Quota:
        """Look up the quota of ``METHOD /template``."""
        return self.changed.get(route) or QUOTAS.get(route, Quota())

    def spend(self, route: str, *, user_id: str | None, app_id: str, now_ms: int) -> Verdict:
        """Count one call of a user (or of an app alone) and judge it.

        A refused call costs nothing.
        """
        windows = self._open(route, user_id=user_id, app_id=app_id, now_ms=now_ms)
        allowed = not self.enabled or all(window.used < limit for _, window, limit in windows)
        if allowed:
            for _, window, _ in windows:
                window.used += 1
        return Verdict(allowed, _headers(windows))

    def exhausted(
        self, route: str, *, user_id: str | None, app_id: str, now_ms: int
    ) -> dict[str, str]:
        """Give the headers of a caller whose short window is empty, without counting anything."""
        windows = self._open(route, user_id=user_id, app_id=app_id, now_ms=now_ms)
        return {**_headers(windows), "x-rate-limit-remaining": "0"}

    def _open(
        self, route: str, *, user_id: str | None, app_id: str, now_ms: int
    ) -> list[tuple[str, _Window, int]]:
        quota = self.quota(route)
        mine = f"user:{user_id}:{app_id}" if user_id else f"app:{app_id}"
        kinds = [
            ("x-rate-limit", mine, quota.user if user_id else quota.app, QUARTER_MS),
            ("x-app-limit-24hour", f"app:{app_id}", quota.app_day, DAY_MS),
            ("x-user-limit-24hour", mine, quota.user_day if user_id else None, DAY_MS),
        ]
        return [
            (header, self._window(header, who, route, span_ms, now_ms), limit)
            for header, who, limit, span_ms in kinds
            if limit is not None
        ]

    def _window(self, header: str, who: str, route: str, span_ms: int, now_ms: int) -> _Window:
        key = (header, who, route)
        window = self._windows.get(key)
        if window is None or now_ms >= window.until_ms or now_ms < window.until_ms - span_ms:
            window = self._windows[key] = _Window(now_ms + span_ms)
        return window

    def clear(self) -> None:
        """Forget every window and every changed quota."""
        self.enabled = True
        self.changed.clear()
        self._windows.clear()


def _headers(windows: list[tuple[str, _Window, int]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for header, window, limit in windows:
        headers[f"{header}-limit"] = str(limit)
        headers[f"{header}-remaining"] = str(max(limit - window.used, 0))
        headers[f"{header}-reset"] = str(-(-window.until_ms // 1000))
    return headers
