"""The controls of a fake server, for tests in the same process and for the control API alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xsim import (
    activity,
    journal,
    media,
    money,
    oauth1,
    oauth2,
    stream_rules,
)
from xsim.accounts import (
    App,
    all_users,
    save_app,
    save_user,
)
from xsim.clock import parse_moment
from xsim.faults import BadFault
from xsim.first_users import FIRST_USERS
from xsim.hands import Hands
from xsim.ledger import ledger_lines
from xsim.limits import Quota
from xsim.world import World

if TYPE_CHECKING:
    from xsim.listener import Door

DEFAULT_SCOPE = "tweet.read tweet.write users.read media.write offline.access tweet.moderate.write"


class Sim(Hands):
    """Everything a test or a demo may ask of the fake server. Safe to call from any thread."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        # The door of the server this belongs to, when there is one.
        self.door: Door | None = None
        world.listen(self._hear)
        with world.lock:
            if not all_users(world):
                self._seat_first_users()

    def _hear(self, event: str, about: Any) -> None:
        """Pass an event on to the streams that are open."""
        with self.world.lock:
            if event == "post.create":
                stream_rules.deliver(self.world, about)
            if event == "oauth.revoke":
                activity.deliver_revoked(self.world, *about)
            else:
                activity.deliver_post(self.world, event, about)

    def _seat_first_users(self) -> None:
        for wish in FIRST_USERS:
            save_user(self.world, wish)

    def add_app(self, name: str = "", **fields: object) -> App:
        """Make an app or change one: redirect_uris, public, can_write, enterprise, and any key by
        name.
        """
        with self.world.lock:
            return save_app(self.world, {"name": name, **fields})

    def oauth1_keys(self, app: App, username: str) -> tuple[str, str]:
        """Give a user's ready-made OAuth 1.0a token and secret for an app."""
        return oauth1.issue_access(self.world, app, self.user(username))

    def oauth2_token(self, app: App, username: str, scope: str = DEFAULT_SCOPE) -> dict[str, Any]:
        """Give a user's fresh OAuth 2 token answer for an app, as the token endpoint would."""
        return oauth2.issue(
            self.world, client_id=app.client_id, user_id=self.user(username).id, scope=scope
        )

    def fault(
        self, do: str, *, times: int = 1, match: dict[str, Any] | None = None, **settings: object
    ) -> dict[str, Any]:
        """Order a fault. Raises BadFault."""
        return self.order_fault({"do": do, "times": times, "match": match or {}, **settings})

    def order_fault(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Order a fault in the form of the control API. Raises BadFault.

        refuse_connect takes effect at once: for ``seconds``, or for a number of ``connections``.
        """
        with self.world.lock:
            fault = self.world.faults.order(wish)
        if fault.do == "refuse_connect":
            if self.door is None:
                raise BadFault("nobody listens here")
            fault.fired = 1
            self.door.refuse(
                seconds=fault.settings.get("seconds"),
                connections=fault.settings.get("connections"),
            )
        return fault.describe()

    def faults(self) -> list[dict[str, Any]]:
        """List the ordered faults with how often each was seen and fired."""
        with self.world.lock:
            return self.world.faults.describe()

    def clear_faults(self) -> None:
        """Forget all faults, and take connections again."""
        with self.world.lock:
            self.world.faults.clear()
        if self.door:
            self.door.restore()

    def set_limits(
        self,
        *,
        enabled: bool | None = None,
        daily_caps: bool | None = None,
        routes: dict[str, dict[str, int | None]] | None = None,
    ) -> None:
        """Switch limits off or on, or give ``METHOD /template`` another quota (user, app, app_day,
        user_day).

        ``daily_caps`` alone switches how many posts an account may have in a day.
        """
        with self.world.lock:
            if daily_caps is not None:
                self.world.limits.daily_caps = daily_caps
            if enabled is not None:
                self.world.limits.enabled = enabled
            for route, quota in (routes or {}).items():
                self.world.limits.changed[route] = Quota(**quota)

    def journal(self, **filters: str | int) -> dict[str, Any]:
        """Read the journal.

        Filters are method, route, account, status, path, fault, after and limit.
        """
        with self.world.lock:
            return journal.read(self.world, {name: str(value) for name, value in filters.items()})

    def posts(self, username: str | None = None, *, after: int = 0) -> list[dict[str, Any]]:
        """Read the ledger: every post ever stored in order of creation, deleted ones too, with the
        text as received.
        """
        with self.world.lock:
            author_id = self.user(username).id if username else None
            return ledger_lines(self.world, author_id=author_id, after=after)

    def set_money(
        self,
        app: App,
        *,
        credits: float | None = None,  # noqa: A002 -- the word of the price list
        spend_cap: float | None = None,
        resets_at: str | float | None = None,
        owner: str | None = None,
    ) -> dict[str, Any]:
        """Give an app credits and a spend cap, in dollars (None: no end), and a user as its owner.

        Gives the same as ``money``. Raises BadAccount, ValueError.
        """
        with self.world.lock:
            money.set_purse(
                self.world,
                app,
                credits_=None if credits is None else round(credits * money.DOLLAR),
                cap=None if spend_cap is None else round(spend_cap * money.DOLLAR),
                resets_ms=None if resets_at is None else parse_moment(resets_at),
                owner_id=self.user(owner).id if owner else None,
            )
            return money.describe(self.world, app)

    def money(self, app: App) -> dict[str, Any]:
        """Show what an app has, may spend and has spent, in dollars, with its newest charges."""
        with self.world.lock:
            last = money.last_charges(self.world, app)
            return {**money.describe(self.world, app), "last": last}

    def media(self, username: str | None = None) -> list[dict[str, Any]]:
        """List uploads in order, with the SHA-256 of the bytes that arrived."""
        with self.world.lock:
            owner_id = self.user(username).id if username else None
            return [media.describe(self.world, one) for one in media.every(self.world, owner_id)]

    def media_bytes(self, media_id: str) -> bytes:
        """Give the bytes of an upload as they arrived."""
        return media.content(self.world, int(media_id))

    def streams(self) -> list[dict[str, Any]]:
        """List the open streams with how many items each was sent."""
        with self.world.lock:
            return self.world.streams.describe()

    def set_keep_alive(self, seconds: float) -> None:
        """Set how often a silent stream says that it lives; 20 s unless told."""
        if seconds <= 0:
            raise ValueError("seconds are more than 0")
        self.world.streams.keep_alive_seconds = seconds

    def end_streams(self, how: str = "close") -> int:
        """End all open streams: close, reset, or disconnect, which says why; tells how many."""
        if how not in ("close", "reset", "disconnect"):
            raise ValueError("a stream ends by close, reset or disconnect")
        with self.world.lock:
            return self.world.streams.end_all(how)

    def set_media_seconds(self, seconds: float) -> None:
        """Set how long X works on a video or an animated GIF; 1 s unless told."""
        if seconds < 0:
            raise ValueError("seconds count from 0")
        self.world.media_seconds = seconds

    def advance(self, seconds: float) -> None:
        """Move the virtual clock by seconds."""
        with self.world.lock:
            self.world.clock.advance(seconds)

    def set_clock(self, at: str | float, *, frozen: bool = True) -> None:
        """Set the virtual clock to ISO 8601 text or epoch seconds. Raises ValueError."""
        with self.world.lock:
            self.world.clock.set(parse_moment(at), frozen=frozen)

    def real_clock(self) -> None:
        """Let the virtual clock follow the machine again."""
        with self.world.lock:
            self.world.clock.follow_real()

    def reset(self, *, keep_accounts: bool = False) -> None:
        """Empty the server: posts, requests, faults, limits, clock.

        Users, apps and tokens unless they are kept.
        """
        with self.world.lock:
            self.world.forget(accounts=not keep_accounts)
            if not keep_accounts:
                self._seat_first_users()
        if self.door:
            self.door.restore()

    def app_keys(
        self, app: App, usernames: Sequence[str], scope: str = DEFAULT_SCOPE
    ) -> dict[str, Any]:
        """Show an app's keys, and both kinds of tokens for each of the named users."""
        tokens: dict[str, Any] = {}
        for username in usernames:
            token, secret = self.oauth1_keys(app, username)
            tokens[username] = {
                "user_id": self.user(username).id,
                "oauth1": {"access_token": token, "access_token_secret": secret},
                "oauth2": self.oauth2_token(app, username, scope),
            }
        return {
            "name": app.name,
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "consumer_key": app.consumer_key,
            "consumer_secret": app.consumer_secret,
            "bearer_token": app.bearer_token,
            "redirect_uris": list(app.redirect_uris),
            "can_write": app.can_write,
            "enterprise": app.enterprise,
            "tokens": tokens,
        }
