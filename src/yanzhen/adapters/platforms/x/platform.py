"""X as a platform: the one object that config/adapters.py lists."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from yanzhen.adapters.platforms.x import oauth2
from yanzhen.adapters.platforms.x.session import XSession
from yanzhen.adapters.platforms.x.writing import XWriter
from yanzhen.channels.ports import AppKeys, Tokens
from yanzhen.kernel import http

LARGEST_PICTURE_BYTES = 500_000


class XPlatform:
    """Implements channels.ports.Platform for X or for anything that answers as X does.

    ``api_base`` takes the calls, members agree at ``auth_base``, links lead to ``web_base``.
    ``origin`` is which X ids and tokens are for, "x.com" or "practice"; whoever does not say which
    practises.
    """

    slug: str = "x"
    scopes: tuple[str, ...] = oauth2.SCOPES

    def __init__(
        self,
        *,
        api_base: str,
        auth_base: str,
        web_base: str,
        timeout_seconds: float,
        origin: str = "practice",
    ) -> None:
        self._api = api_base.rstrip("/")
        self._auth = auth_base.rstrip("/")
        self._web = web_base.rstrip("/")
        self.origin = origin
        self._http = http.client(limits=http.Limits(total_seconds=timeout_seconds))
        picture = http.Limits(total_seconds=5, answer_bytes=LARGEST_PICTURE_BYTES)
        self._pictures = http.client(limits=picture, public_only=True, ports=(443,))

    def authorize_url(
        self, app: AppKeys, *, redirect_uri: str, state: str, code_challenge: str
    ) -> str:
        """Return where to send a member who wants to connect an account."""
        return oauth2.authorize_url(
            self._auth, app, redirect_uri=redirect_uri, state=state, code_challenge=code_challenge
        )

    def exchange(
        self, app: AppKeys, *, code: str, redirect_uri: str, code_verifier: str, now: datetime
    ) -> Tokens:
        """Trade a code for tokens. Raises PlatformError."""
        return oauth2.exchange(
            self._http,
            self._api,
            app,
            code=code,
            redirect_uri=redirect_uri,
            code_verifier=code_verifier,
            now=now,
        )

    def refresh(self, app: AppKeys, tokens: Tokens, *, now: datetime) -> Tokens:
        """Trade the single-use refresh token for a new pair. Raises PlatformError."""
        return oauth2.refresh(self._http, self._api, app, tokens, now=now)

    def revoke(self, app: AppKeys, tokens: Tokens) -> None:
        """Make OAuth 2.0 tokens useless at X. Pasted keys stay: only their owner can void them."""
        if tokens.kind == "oauth2":
            oauth2.revoke(self._http, self._api, app, tokens)

    def check_app(self, app: AppKeys) -> None:
        """Return quietly when X knows this pair of client ID and secret. Raises PlatformError."""
        oauth2.check_app(self._http, self._api, app)

    def their_time(self) -> datetime | None:
        """Return X's clock out of the Date that any answer of its carries, None without one."""
        try:
            told = self._http.get(f"{self._api}/2/users/me").headers.get("date", "")
            return parsedate_to_datetime(told).astimezone(UTC)
        except (http.CallFailed, ValueError):
            return None

    def picture(self, url: str) -> bytes:
        """Return a profile picture, b"" when there is none to be had.

        In practice it is asked for only where the practice server is: nothing leaves for X.
        """
        at_home = url.startswith((f"{self._api}/", f"{self._web}/"))
        if not at_home and (self.origin == "practice" or not url.startswith("https://")):
            return b""
        fetch = self._http if at_home else self._pictures
        try:
            answer = fetch.get(url.replace("_normal.", "_400x400."))
        except http.CallFailed:
            return b""
        return answer.content if answer.is_success else b""

    def session(self, app: AppKeys, tokens: Tokens) -> XSession:
        """Return a session that reads as the tokens' owner; opens no connection yet."""
        return XSession(self._http, self._api, app, tokens)

    def writer(self, app: AppKeys, tokens: Tokens) -> XWriter:
        """Return a session that may also write."""
        return XWriter(self._http, self._api, app, tokens)

    def post_url(self, handle: str, post_id: str) -> str:
        """Return the public address of a post."""
        return f"{self._web}/{handle}/status/{post_id}"
