"""What Yanzhen needs from a social platform, as values: adapters implement this, rooms call it.

Nothing here knows a table. Outcomes are told as facts about the wire, because whether a post may be
sent again hangs on what is known to have left this machine, not on the status code alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True, repr=False)
class AppKeys:
    """The developer app a workspace brings along. Empty strings mean: not given.

    ``client_id``/``client_secret`` are OAuth 2.0, ``consumer_key``/``consumer_secret`` OAuth 1.0a.
    """

    client_id: str = ""
    client_secret: str = ""
    consumer_key: str = ""
    consumer_secret: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """What lets us act as one account. ``kind`` is "oauth2" or "oauth1".

    OAuth 2.0: ``access``, ``refresh`` (single use), ``expires_at`` (aware UTC), ``scopes``.
    OAuth 1.0a: ``access`` and ``secret``, no expiry.
    """

    kind: str
    access: str
    secret: str = ""
    refresh: str = ""
    expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """Whose tokens these are, as the platform says. ``id`` is the platform's stable id.

    ``may_write`` is what the platform says these tokens may do, None where it does not say.
    """

    id: str
    handle: str
    name: str
    avatar_url: str = ""
    premium: bool = False
    may_write: bool | None = None


@dataclass(frozen=True, slots=True)
class OutgoingPoll:
    """Two to four choices, open for ``minutes``."""

    options: tuple[str, ...]
    minutes: int


@dataclass(frozen=True, slots=True)
class OutgoingPost:
    """Exactly what is to be sent: one post, or one segment of a thread.

    ``media_ids`` are the platform's own, uploaded before. ``edits_id`` names the post this one
    replaces. Empty means the platform's default.
    """

    text: str
    reply_to_id: str = ""
    media_ids: tuple[str, ...] = ()
    poll: OutgoingPoll | None = None
    quote_id: str = ""
    reply_settings: str = ""
    made_with_ai: bool = False
    paid_partnership: bool = False
    edits_id: str = ""


class Sent(StrEnum):
    """What is known after one try."""

    CREATED = "created"
    """The platform answered with the new post's id."""
    UNSENT = "unsent"
    """Provably nothing left: name lookup, connection, or TLS failed before the first byte."""
    UNKNOWN = "unknown"
    """Everything else, refusals included: an error answer is no proof of absence."""


@dataclass(frozen=True, slots=True)
class RateWindow:
    """The platform's own words about one limit. ``resets_at`` is aware UTC, None if not told.

    ``bucket``: "window" (the short one), "user_day" or "app_day".
    """

    bucket: str = "window"
    limit: int | None = None
    remaining: int | None = None
    resets_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SendResult:
    """One try at sending, told without interpretation.

    ``status`` is the HTTP status or None when no answer came; ``code`` a short stable word for the
    kind of answer: created, unsent, duplicate, refused, unauthorised, forbidden, reply_gate,
    quote_gate, too_long, day_limit, suspended, rate_limited, no_credits, spend_cap, server_error,
    timeout, broken, unreadable. ``detail`` is the platform's own sentence, cut to 500 characters,
    never containing a token. ``rates`` are all windows the answer told of; ``retry_at`` is when a
    refusal for limits or money ends, where the platform said so.
    """

    sent: Sent
    code: str
    status: int | None = None
    post_id: str = ""
    detail: str = ""
    rates: tuple[RateWindow, ...] = ()
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Metrics:
    """Public counts at one moment; None means the platform did not say."""

    impressions: int | None = None
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    quotes: int | None = None
    bookmarks: int | None = None


@dataclass(frozen=True, slots=True)
class RemotePost:
    """A post as the platform shows it.

    ``text`` is what its author wrote: entities unescaped and short links expanded again.
    ``created_at`` is aware UTC. ``edit_ids`` are all ids the post has had, oldest first, its own
    included; ``reposts_id`` is what it shows again, "" for a post of its own.
    """

    id: str
    text: str
    created_at: datetime
    author_id: str = ""
    reply_to_id: str = ""
    conversation_id: str = ""
    media_count: int = 0
    poll_options: tuple[str, ...] = ()
    edit_ids: tuple[str, ...] = ()
    reposts_id: str = ""
    metrics: Metrics = field(default_factory=Metrics)


class PlatformError(Exception):
    """A call that is not a send went wrong; sends answer with a SendResult instead.

    ``code`` as in SendResult, and not_found; ``retry_at`` is aware UTC when a time was named.
    Of exchange and refresh: unauthorised says the code or token was refused, forbidden the app.
    ``problem`` is the platform's own slug for it, such as client-forbidden, and ``reason`` what
    failed on the way where no answer came: lookup, connect, tls, timeout (see kernel.http).
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        status: int | None = None,
        retry_at: datetime | None = None,
        problem: str = "",
        reason: str = "",
    ) -> None:
        # Members read this where X could not be asked, so a status stands for our own slug.
        super().__init__(f"{status}: {detail}" if status else f"{code}: {detail}")
        self.problem = problem
        self.reason = reason
        self.code = code
        self.detail = detail
        self.status = status
        self.retry_at = retry_at


class Reader(Protocol):
    """Reading as one account. Nothing it does can be seen by others."""

    def me(self) -> Profile:
        """Return whose tokens these are. Raises PlatformError."""
        ...

    def own_posts(
        self, account_id: str, *, since_id: str, until_id: str = "", limit: int = 20
    ) -> Sequence[RemotePost]:
        """Return the account's newest posts after ``since_id`` ("" for any), newest first.

        ``until_id`` leaves out that one and all after it. Raises PlatformError; a failing lookup is
        never an empty answer.
        """
        ...

    def posts(self, ids: Sequence[str]) -> Mapping[str, RemotePost]:
        """Return those of up to 100 ``ids`` that exist, by id. Raises PlatformError."""
        ...


class MediaProgress(StrEnum):
    """Where an upload stands at the platform."""

    READY = "ready"
    WORKING = "working"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class MediaStatus:
    """What the platform says of one upload.

    ``check_after_seconds`` is when to ask again while it works; ``expires_at`` (aware UTC) when a
    ready one can no longer be used; ``detail`` its words about a failure.
    """

    media_id: str
    progress: MediaProgress
    check_after_seconds: float = 1.0
    expires_at: datetime | None = None
    detail: str = ""


class Writer(Reader, Protocol):
    """Acting as one account. Only publishing.engine.send is given one.

    ``send``, ``repost`` and ``delete`` change what the public sees; each is tried exactly once and
    tells what is known afterwards, never raising for what the wire does. ``on_point`` is called
    with "connected" (before the first byte) and "written" (after the last).
    """

    def send(
        self,
        post: OutgoingPost,
        *,
        timeout_seconds: float,
        on_point: Callable[[str], None] | None = None,
    ) -> SendResult:
        """Try once to create ``post``."""
        ...

    def repost(
        self,
        account_id: str,
        post_id: str,
        *,
        timeout_seconds: float,
        on_point: Callable[[str], None] | None = None,
    ) -> SendResult:
        """Try once to show ``post_id`` again; ``post_id`` of the result is the id it was given."""
        ...

    def delete(self, post_id: str, *, timeout_seconds: float) -> SendResult:
        """Try once to delete an own post; one that is gone already counts as done (CREATED)."""
        ...

    def take_back(self, account_id: str, post_id: str, *, timeout_seconds: float) -> SendResult:
        """Try once to undo a repost of ``post_id``; one that is gone counts as done (CREATED)."""
        ...

    def begin_upload(self, *, mime: str, category: str, byte_count: int) -> MediaStatus:
        """Open an upload. ``category``: image, gif, video, subtitles. Raises PlatformError."""
        ...

    def append_upload(self, media_id: str, index: int, chunk: bytes) -> None:
        """Send one part; the same part may be sent again. Raises PlatformError."""
        ...

    def finish_upload(self, media_id: str) -> MediaStatus:
        """Close an upload; what was closed already answers the same. Raises PlatformError."""
        ...

    def upload_status(self, media_id: str) -> MediaStatus:
        """Ask where an upload stands. Raises PlatformError."""
        ...

    def describe_media(self, media_id: str, alt: str) -> None:
        """Set the alt text. Raises PlatformError."""
        ...

    def add_subtitles(self, media_id: str, *, subtitles_id: str, language: str, name: str) -> None:
        """Attach uploaded subtitles to an uploaded video. Raises PlatformError."""
        ...


class Platform(Protocol):
    """One social platform. Adapters are listed in config/adapters.py.

    ``origin`` is which X its ids and tokens belong to, "x.com" or "practice"; those of practice
    mean nothing at X. ``scopes`` are what a member is asked to allow.
    """

    slug: str
    origin: str
    scopes: tuple[str, ...]

    def authorize_url(
        self, app: AppKeys, *, redirect_uri: str, state: str, code_challenge: str
    ) -> str:
        """Return where to send a member who wants to connect an account (OAuth 2.0 with PKCE)."""
        ...

    def exchange(
        self, app: AppKeys, *, code: str, redirect_uri: str, code_verifier: str, now: datetime
    ) -> Tokens:
        """Trade a code for tokens. Raises PlatformError."""
        ...

    def refresh(self, app: AppKeys, tokens: Tokens, *, now: datetime) -> Tokens:
        """Trade the single-use refresh token for a new pair. Raises PlatformError."""
        ...

    def revoke(self, app: AppKeys, tokens: Tokens) -> None:
        """Make the tokens useless at the platform. Raises PlatformError."""
        ...

    def check_app(self, app: AppKeys) -> None:
        """Return quietly when the platform knows this pair of client ID and secret.

        Costs nothing and changes nothing. Raises PlatformError: forbidden when it refuses the pair.
        """
        ...

    def their_time(self) -> datetime | None:
        """Return the platform's clock (aware UTC, whole seconds), None when it does not tell."""
        ...

    def picture(self, url: str) -> bytes:
        """Return a profile picture, b"" when there is none to be had. Raises nothing."""
        ...

    def session(self, app: AppKeys, tokens: Tokens) -> Reader:
        """Return a session that reads as the tokens' owner; opens no connection yet."""
        ...

    def writer(self, app: AppKeys, tokens: Tokens) -> Writer:
        """Return a session that may also write; for publishing.engine.send alone."""
        ...

    def post_url(self, handle: str, post_id: str) -> str:
        """Return the public address of a post."""
        ...


class Practice(Protocol):
    """The practice server, which makes accounts for the asking. Beside the real X there is none."""

    def make_account(
        self,
        app: AppKeys | None,
        *,
        handle: str,
        name: str,
        app_name: str,
        redirect_uri: str,
        now: datetime,
    ) -> tuple[AppKeys, Tokens]:
        """Make a new account and return the app's OAuth 2.0 keys and its tokens.

        The account is called ``handle``, with a number where somebody has that already. ``app`` is
        the one the tokens are to be for; None makes one of that ``app_name`` which leads members
        back to ``redirect_uri``. Raises PlatformError.
        """
        ...
