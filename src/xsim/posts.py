"""Stored posts: what one is, and how it is found, hidden from lookups for a while, and deleted."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from xsim.accounts import User
from xsim.ids import post_number
from xsim.problems import not_found, not_permitted
from xsim.world import World

# Where a post can be late; ``everywhere`` is all of them and the lookup by id too.
PLACES = frozenset({"everywhere", "timeline", "mentions", "search"})
# SQL that a row of ``posts`` passes when it is the newest version of a post seen at a place.
CURRENT = "NOT EXISTS (SELECT 1 FROM edits WHERE edits.previous_id = posts.id)"
IN_TIME = (
    "NOT EXISTS (SELECT 1 FROM late WHERE late.post_id = posts.id AND late.place = '{place}' "
    "AND late.until_ms > ?)"
)


@dataclass(frozen=True)
class Post:
    """One stored post.

    ``received`` is the text exactly as it came; ``shown`` is as the API returns it (NFC, short
    links, escaped, the link of its media at the end); ``brief`` is the same cut to an ordinary
    post's length, and equal to ``shown`` unless the post is a long one. Moments are milliseconds;
    ``visible_ms`` is when lookups begin to find it.
    """

    seq: int
    id: int
    author_id: str
    received: str
    shown: str
    brief: str
    entities: dict[str, Any]
    weight: int
    created_ms: int
    visible_ms: int
    deleted_ms: int | None
    reply_to: int | None
    reply_to_user: str | None
    conversation_id: int
    quoted_id: int | None
    poll: dict[str, Any] | None
    reply_settings: str
    extras: dict[str, Any]
    source: str

    @property
    def is_long(self) -> bool:
        """Whether the API cuts the text and keeps the whole in a note."""
        return self.brief != self.shown

    @property
    def repost_of(self) -> int | None:
        """The id of the post that this one only passes on."""
        found: int | None = self.extras.get("repost_of")
        return found

    @property
    def has_link(self) -> bool:
        """Whether the author put a link into the text; the link of its media does not count."""
        return any("media_key" not in one for one in self.entities.get("urls", []))


def from_row(row: sqlite3.Row) -> Post:
    """Read a post from its database row."""
    values = dict(row)
    del values["likeness"]
    for name in ("entities", "extras", "poll"):
        values[name] = json.loads(values[name]) if values[name] else None
    return Post(**values)


def by_id(world: World, post_id: str | int) -> Post | None:
    """Find a post that is not deleted, seen by lookups or not."""
    number = post_number(post_id)
    row = world.store.row("SELECT * FROM posts WHERE id = ? AND deleted_ms IS NULL", (number,))
    return from_row(row) if row else None


def expect(world: World, post_id: str, parameter: str = "id") -> Post:
    """Find a post that is not deleted. Raises Refused (404)."""
    found = by_id(world, post_id)
    if found is None:
        raise not_found("tweet", post_id, parameter)
    return found


def in_time(place: str) -> str:
    """Give the SQL that a post passes when it is not late at a place; it takes the moment."""
    return IN_TIME.format(place=place)


def delay(world: World, post_id: int, *, seconds: float, place: str) -> None:
    """Hide a post from one place, or from everywhere, for seconds of virtual time."""
    until = world.now_ms() + round(seconds * 1000)
    if place == "everywhere":
        world.store.write("UPDATE posts SET visible_ms = ? WHERE id = ?", (until, post_id))
    else:
        world.store.insert("late", {"post_id": post_id, "place": place, "until_ms": until})


def versions(world: World, post_id: int) -> list[int]:
    """List the ids of all versions of a post, the oldest first."""
    row = world.store.row(
        "SELECT first_id FROM edits WHERE post_id = ? OR previous_id = ?", (post_id, post_id)
    )
    if row is None:
        return [post_id]
    rows = world.store.rows(
        "SELECT post_id FROM edits WHERE first_id = ? ORDER BY post_id", (row["first_id"],)
    )
    return [int(row["first_id"]), *(int(one["post_id"]) for one in rows)]


def delete(world: World, caller: User, post_id: str) -> Post:
    """Delete an own post with all its versions; reposts of it go with it.

    Raises Refused: 404 when it is gone, 403 when it is another's.
    """
    with world.lock, world.store.transaction():
        post = expect(world, post_id)
        if post.author_id != caller.id:
            raise not_permitted()
        for version in versions(world, post.id):
            strike(world, version)
            for row in world.store.rows(
                "SELECT repost_id FROM reposts WHERE post_id = ?", (version,)
            ):
                strike(world, row["repost_id"])
            world.store.write(
                "DELETE FROM reposts WHERE post_id = ? OR repost_id = ?", (version, version)
            )
    world.tell("post.delete", post)
    return post


def strike(world: World, post_id: int) -> None:
    """Mark one row as deleted."""
    world.store.write("UPDATE posts SET deleted_ms = ? WHERE id = ?", (world.now_ms(), post_id))


def hide(world: World, caller: User, post_id: str, *, hidden: bool) -> None:
    """Hide a reply in a conversation that the caller began, or show it again. Raises Refused."""
    with world.lock:
        post = expect(world, post_id)
        root = by_id(world, post.conversation_id)
        if post.reply_to is None or root is None or root.author_id != caller.id:
            raise not_permitted()
        if hidden:
            world.store.write("INSERT OR IGNORE INTO hidden VALUES (?)", (post.id,))
        else:
            world.store.write("DELETE FROM hidden WHERE post_id = ?", (post.id,))


def is_hidden(world: World, post_id: int) -> bool:
    """Tell whether a reply was hidden."""
    return world.store.row("SELECT 1 FROM hidden WHERE post_id = ?", (post_id,)) is not None
