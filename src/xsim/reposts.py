"""Reposts: a post that only passes on another, and its undoing."""

from __future__ import annotations

import json

from xsim import text as words
from xsim.accounts import App, User, user_by_id
from xsim.posts import Post, expect, strike, versions
from xsim.world import World

OPENING = "RT @{name}: {text}"
LONGEST = 140


def repost(world: World, user: User, post_id: str, *, app: App | None) -> int:
    """Pass a post on; gives the id of the repost, the same one for a second time.

    Raises Refused (404) when the post is gone.
    """
    with world.lock, world.store.transaction():
        post = _original(world, post_id)
        known = world.store.row(
            "SELECT repost_id FROM reposts WHERE post_id = ? AND user_id = ?", (post.id, user.id)
        )
        if known:
            return int(known["repost_id"])
        made = _store(world, user, post, app)
        world.store.insert("reposts", {"post_id": post.id, "user_id": user.id, "repost_id": made})
    world.tell("post.create", expect(world, str(made)))
    return made


def undo(world: World, user: User, post_id: str) -> None:
    """Take a repost back; nothing happens when there is none."""
    with world.lock, world.store.transaction():
        for version in versions(world, _original(world, post_id).id):
            row = world.store.row(
                "SELECT repost_id FROM reposts WHERE post_id = ? AND user_id = ?",
                (version, user.id),
            )
            if row:
                strike(world, row["repost_id"])
                world.store.write("DELETE FROM reposts WHERE repost_id = ?", (row["repost_id"],))


def count(world: World, post_id: int) -> int:
    """Count the reposts of a post that users of this server made."""
    return world.store.number("SELECT count(*) FROM reposts WHERE post_id = ?", (post_id,))


def _original(world: World, post_id: str) -> Post:
    post = expect(world, post_id)
    return expect(world, str(post.repost_of)) if post.repost_of else post


def _store(world: World, user: User, post: Post, app: App | None) -> int:
    author = user_by_id(world, post.author_id)
    text = OPENING.format(name=author.username if author else "", text=words.plain(post.brief))
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    known = {author.username.lower(): author.id} if author else {}
    shaped = words.shape(words.composed(text), [], known)
    post_id, now = world.next_post_id(), world.now_ms()
    world.store.insert(
        "posts",
        {
            "id": post_id,
            "author_id": user.id,
            "received": text,
            "shown": shaped.text,
            "brief": shaped.text,
            "entities": json.dumps(shaped.entities),
            "weight": words.weight(text),
            "likeness": "",
            "created_ms": now,
            "visible_ms": now,
            "conversation_id": post_id,
            "reply_settings": "everyone",
            "extras": json.dumps({"repost_of": post.id}),
            "source": app.name if app else "X Web App",
        },
    )
    return post_id
