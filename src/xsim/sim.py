"""The controls of a fake server, for tests in the same process and for the control API alike."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from xsim import creation, journal, media, money, oauth1, oauth2, polls, posts, reposts
from xsim.accounts import (
    App,
    BadAccount,
    User,
    all_users,
    save_app,
    save_user,
    user_by_id,
    user_by_name,
)
from xsim.clock import iso, parse_moment
from xsim.drafts import read_draft
from xsim.first_users import FIRST_USERS
from xsim.limits import Quota
from xsim.posts import Post
from xsim.world import World

DEFAULT_SCOPE = "tweet.read tweet.write users.read media.write offline.access tweet.moderate.write"


class Sim:
    """Everything a test or a demo may ask of the fake server. Safe to call from any thread."""

    def __init__(self, world: World) -> None:
        self.world = world
        with world.lock:
            if not all_users(world):
                self._seat_first_users()

    def _seat_first_users(self) -> None:
        for wish in FIRST_USERS:
            save_user(self.world, wish)

    def add_user(self, username: str, **fields: object) -> User:
        """Make a user or change one: name, description, location, premium, verified_type,
        followers.
        """
        with self.world.lock:
            return save_user(self.world, {"username": username, **fields})

    def user(self, username: str) -> User:
        """Find a user by handle. Raises BadAccount."""
        found = user_by_name(self.world, username)
        if found is None:
            raise BadAccount(f"no user @{username}")
        return found

    def add_app(self, name: str = "xsim app", **fields: object) -> App:
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
        """Order a fault in the form of the control API. Raises BadFault."""
        with self.world.lock:
            return self.world.faults.order(wish).describe()

    def faults(self) -> list[dict[str, Any]]:
        """List the ordered faults with how often each was seen and fired."""
        with self.world.lock:
            return self.world.faults.describe()

    def clear_faults(self) -> None:
        """Forget all faults."""
        with self.world.lock:
            self.world.faults.clear()

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
            return [
                self._ledger_line(post)
                for post in posts.ledger(self.world, author_id=author_id, after=after)
            ]

    def _ledger_line(self, post: Post) -> dict[str, Any]:
        author = user_by_id(self.world, post.author_id)
        history = posts.versions(self.world, post.id)
        attached = media.attached(self.world, post.id)
        return {
            "seq": post.seq,
            "id": str(post.id),
            "account": author.username if author else None,
            "author_id": post.author_id,
            "text": post.received,
            "text_sha256": hashlib.sha256(post.received.encode()).hexdigest(),
            "shown": post.shown,
            "weight": post.weight,
            "created_at": iso(post.created_ms),
            "deleted_at": iso(post.deleted_ms) if post.deleted_ms else None,
            "in_reply_to": str(post.reply_to) if post.reply_to else None,
            "conversation_id": str(post.conversation_id),
            "quoted": str(post.quoted_id) if post.quoted_id else None,
            "poll": post.poll,
            "media": [media.describe(self.world, one) for one in attached],
            "versions": [str(one) for one in history],
            "repost_of": str(post.repost_of) if post.repost_of else None,
            "hidden": posts.is_hidden(self.world, post.id),
            "reply_settings": post.reply_settings,
            "made_with_ai": bool(post.extras.get("made_with_ai")),
            "paid_partnership": bool(post.extras.get("paid_partnership")),
            "source": post.source,
        }

    def publish(
        self,
        username: str,
        text: str,
        *,
        in_reply_to: str | None = None,
        quoted: str | None = None,
        lag_seconds: float = 0,
        lag_place: str = "everywhere",
    ) -> str:
        """Post from a user's own hand, past limits and gates; gives the id. Raises Refused.

        With ``lag_seconds`` it is not seen for so long at a place (timeline, mentions, search) or
        everywhere.
        """
        if lag_place not in posts.PLACES:
            raise ValueError(f"a place is one of {sorted(posts.PLACES)}")
        with self.world.lock:
            body: dict[str, Any] = {"text": text}
            if in_reply_to:
                body["reply"] = {"in_reply_to_tweet_id": in_reply_to}
            if quoted:
                body["quote_tweet_id"] = quoted
            made = creation.create(
                self.world,
                self.user(username),
                read_draft(body),
                app=None,
                lag_seconds=lag_seconds,
                lag_place=lag_place,
            )
            return str(made.id)

    def mention(
        self,
        to: str,
        *,
        by: str,
        text: str | None = None,
        in_reply_to: str | None = None,
        lag_seconds: float = 0,
    ) -> str:
        """Let a user, made when unknown, mention another.

        Gives the id of the post; with ``lag_seconds`` the feed of mentions holds it only then.
        Raises BadAccount, Refused.
        """
        with self.world.lock:
            target = self.user(to)
            if user_by_name(self.world, by) is None:
                self.add_user(by)
            said = text or f"Hello, number {self.world.store.count('mentions') + 1}."
            if f"@{target.username}".lower() not in said.lower():
                said = f"@{target.username} {said}"
            return self.publish(
                by, said, in_reply_to=in_reply_to, lag_seconds=lag_seconds, lag_place="mentions"
            )

    def remove(self, username: str, post_id: str) -> None:
        """Delete a post by its author's own hand. Raises Refused."""
        posts.delete(self.world, self.user(username), post_id)

    def repost(self, username: str, post_id: str) -> str:
        """Repost by a user's own hand; gives the id of the repost. Raises Refused."""
        return str(reposts.repost(self.world, self.user(username), post_id, app=None))

    def vote(self, post_id: str, option: int, votes: int = 1) -> dict[str, Any]:
        """Give votes to an option of a poll, counted from 1; gives the poll. Raises BadVote."""
        return polls.vote(self.world, post_id, option, votes)

    def follow(self, username: str, followed: str) -> None:
        """Let a user follow another; this decides who may answer where only followed ones may."""
        self.world.store.write(
            "INSERT OR IGNORE INTO follows VALUES (?, ?)",
            (self.user(username).id, self.user(followed).id),
        )

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
