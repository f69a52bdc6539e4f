"""Polls: their votes, and how they look in answers."""

from __future__ import annotations

from typing import Any

from xsim.clock import iso
from xsim.posts import Post, by_id
from xsim.world import World


class BadVote(ValueError):
    """A vote cannot be given as asked."""


def poll_id(post: Post) -> str:
    """Name the poll of a post."""
    return str(post.id + 1)


def ends_ms(post: Post) -> int:
    """Tell when the poll of a post closes."""
    minutes: int = (post.poll or {}).get("duration_minutes", 0)
    return post.created_ms + minutes * 60_000


def vote(world: World, post_id: str, position: int, votes: int = 1) -> dict[str, Any]:
    """Give votes to an option, counted from 1; gives the poll. Raises BadVote."""
    with world.lock:
        post = by_id(world, post_id)
        if post is None or post.poll is None:
            raise BadVote(f"no poll in post {post_id}")
        if not 1 <= position <= len(post.poll["options"]) or votes < 1:
            raise BadVote("options and votes count from 1")
        if world.now_ms() >= ends_ms(post):
            raise BadVote("the poll is closed")
        world.store.write(
            "INSERT INTO votes VALUES (?, ?, ?) "
            "ON CONFLICT (post_id, position) DO UPDATE SET n = n + excluded.n",
            (post.id, position, votes),
        )
        return poll_json(world, post)


def poll_json(world: World, post: Post) -> dict[str, Any]:
    """Show the poll of a post."""
    poll = post.poll or {"options": [], "duration_minutes": 0}
    given = {
        row["position"]: row["n"]
        for row in world.store.rows("SELECT * FROM votes WHERE post_id = ?", (post.id,))
    }
    return {
        "id": poll_id(post),
        "options": [
            {"position": number, "label": label, "votes": given.get(number, 0)}
            for number, label in enumerate(poll["options"], start=1)
        ],
        "duration_minutes": poll["duration_minutes"],
        "end_datetime": iso(ends_ms(post)),
        "voting_status": "closed" if world.now_ms() >= ends_ms(post) else "open",
    }
