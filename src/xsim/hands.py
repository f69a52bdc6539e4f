"""What people do on the fake X by themselves, with no app in between."""

from __future__ import annotations

from typing import Any

from xsim import creation, polls, posts, reposts
from xsim.accounts import BadAccount, User, save_user, user_by_name
from xsim.drafts import read_draft
from xsim.world import World


class Hands:
    """The users of a world, and what they can be made to do."""

    def __init__(self, world: World) -> None:
        self.world = world

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
