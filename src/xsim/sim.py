"""The controls of a fake server, for tests in the same process and for the control API alike."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from xsim import journal, oauth1, oauth2
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
from xsim.limits import Quota
from xsim.posts import Post, create, ledger, read_draft
from xsim.world import World

DEFAULT_SCOPE = "tweet.read tweet.write users.read media.write offline.access tweet.moderate.write"
# Accounts that are there from the start, so that the pages and the consent screen are not empty.
FIRST_USERS: tuple[dict[str, Any], ...] = (
    {
        "username": "Ferrow",
        "name": "Ferrow",
        "description": "Bags and gear for people who keep moving.",
        "location": "Shanghai, Berlin, San Francisco",
        "premium": True,
        "verified_type": "business",
        "followers": 48_200,
    },
    {
        "username": "Ferrow_ZH",
        "name": "Ferrow 中文",
        "description": "给一直在路上的人做包。",
        "location": "上海",
        "verified_type": "business",
        "followers": 21_700,
    },
    {
        "username": "FerrowDE",
        "name": "Ferrow Deutschland",
        "description": "Taschen für alle, die unterwegs sind.",
        "location": "Berlin",
        "verified_type": "business",
        "followers": 9_400,
    },
    {
        "username": "FerrowCare",
        "name": "Ferrow Care",
        "description": "Repairs and questions, Monday to Saturday.",
        "location": "San Francisco",
        "verified_type": "business",
        "followers": 3_100,
    },
    {
        "username": "tessa_vdk",
        "name": "Tessa van Dijk",
        "description": "Trains over planes.",
        "followers": 812,
    },
    {
        "username": "siyuan_li",
        "name": "李思远",
        "description": "周末骑车，平日画图。",
        "followers": 1_930,
    },
    {
        "username": "markus_hdl",
        "name": "Markus Händel",
        "description": "Berlin. Photos.",
        "followers": 540,
    },
    {
        "username": "gear_atlas",
        "name": "Gear Atlas",
        "description": "We test bags so you do not have to.",
        "followers": 66_000,
    },
)


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
        self, *, enabled: bool | None = None, routes: dict[str, dict[str, int | None]] | None = None
    ) -> None:
        """Switch limits off or on, or give ``METHOD /template`` another quota (user, app, app_day,
        user_day).
        """
        with self.world.lock:
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
                for post in ledger(self.world, author_id=author_id, after=after)
            ]

    def _ledger_line(self, post: Post) -> dict[str, Any]:
        author = user_by_id(self.world, post.author_id)
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
            "source": post.source,
        }

    def publish(
        self, username: str, text: str, *, in_reply_to: str | None = None, quoted: str | None = None
    ) -> str:
        """Post from a user's own hand, past limits and gates; gives the id. Raises Refused."""
        with self.world.lock:
            body: dict[str, Any] = {"text": text}
            if in_reply_to:
                body["reply"] = {"in_reply_to_tweet_id": in_reply_to}
            if quoted:
                body["quote_tweet_id"] = quoted
            return str(create(self.world, self.user(username), read_draft(body), app=None).id)

    def mention(
        self, to: str, *, by: str, text: str | None = None, in_reply_to: str | None = None
    ) -> str:
        """Let a user, made when unknown, mention another.

        Gives the id of the post. Raises BadAccount, Refused.
        """
        with self.world.lock:
            target = self.user(to)
            if user_by_name(self.world, by) is None:
                self.add_user(by)
            said = text or f"Hello, number {self.world.store.count('mentions') + 1}."
            if f"@{target.username}".lower() not in said.lower():
                said = f"@{target.username} {said}"
            return self.publish(by, said, in_reply_to=in_reply_to)

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
