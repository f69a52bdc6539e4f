"""Rate limits: fixed windows per caller and route, with the headers that tell about them."""

from __future__ import annotations

from dataclasses import dataclass, field

SHORT = "x-rate-limit"
# The limit shown of a daily window that a route does not have.
MADE_UP = 100
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
    "POST /2/media/upload/initialize": Quota(user=1_875, app_day=180_000),
    "POST /2/media/upload/:id/append": Quota(user=1_875, app_day=180_000),
    "POST /2/media/upload/:id/finalize": Quota(user=1_875, app_day=180_000),
    "GET /2/media/upload": Quota(user=1_000, app_day=100_000),
    "POST /2/media/upload": Quota(user=500, app_day=50_000),
    "POST /2/media/metadata": Quota(user=500, app_day=50_000),
    "POST /2/media/subtitles": Quota(user=100, app_day=10_000),
    "DELETE /2/media/subtitles": Quota(user=100, app_day=10_000),
    "PUT /2/tweets/:id/hidden": Quota(user=50),
    "POST /2/users/:id/retweets": Quota(user=50),
    "DELETE /2/users/:id/retweets/:source": Quota(user=50),
    "GET /2/tweets/:id/quote_tweets": Quota(user=75, app=75),
    "GET /2/tweets/search/recent": Quota(user=300, app=450),
    "GET /2/tweets/counts/recent": Quota(app=300),
    "GET /2/tweets/search/stream": Quota(app=50),
    "GET /2/tweets/search/stream/rules": Quota(app=450),
    "POST /2/tweets/search/stream/rules": Quota(app=100),
    "GET /2/activity/stream": Quota(app=450),
    "GET /2/activity/subscriptions": Quota(app=500),
    "POST /2/activity/subscriptions": Quota(app=500),
    "DELETE /2/activity/subscriptions/:id": Quota(app=500),
    "GET /2/usage/tweets": Quota(app=50),
    "GET /2/usage/credits": Quota(app=50),
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
    """All running windows. ``enabled`` False lets everything pass but still counts and tells.

    ``daily_caps`` False lifts the caps of posts an account may have in a day; they are no windows
    and no header tells of them.
    """

    enabled: bool = True
    daily_caps: bool = True
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
        self, route: str, *, window: str, user_id: str | None, app_id: str, now_ms: int
    ) -> dict[str, str]:
        """Give the headers of a caller one of whose windows is empty, without counting anything.

        ``window`` is the beginning of its headers: x-rate-limit, x-app-limit-24hour or
        x-user-limit-24hour; a window that the route does not have is shown all the same.
        """
        windows = self._open(route, user_id=user_id, app_id=app_id, now_ms=now_ms)
        made_up = {
            f"{window}-limit": str(MADE_UP),
            f"{window}-reset": str((now_ms + DAY_MS) // 1000),
        }
        known = any(header == window for header, _, _ in windows)
        headers = _headers(windows) | ({} if known or window == SHORT else made_up)
        return headers | {f"{window}-remaining": "0"}

    def _open(
        self, route: str, *, user_id: str | None, app_id: str, now_ms: int
    ) -> list[tuple[str, _Window, int]]:
        quota = self.quota(route)
        mine = f"user:{user_id}:{app_id}" if user_id else f"app:{app_id}"
        kinds = [
            (SHORT, mine, quota.user if user_id else quota.app, QUARTER_MS),
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
        self.daily_caps = True
        self.changed.clear()
        self._windows.clear()


def _headers(windows: list[tuple[str, _Window, int]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for header, window, limit in windows:
        headers[f"{header}-limit"] = str(limit)
        headers[f"{header}-remaining"] = str(max(limit - window.used, 0))
        headers[f"{header}-reset"] = str(-(-window.until_ms // 1000))
    return headers
