"""The ledger: every post ever stored, for tests that must know exactly what landed."""

from __future__ import annotations

import hashlib
from typing import Any

from xsim import media
from xsim.accounts import user_by_id
from xsim.clock import iso
from xsim.posts import Post, from_row, versions
from xsim.world import World


def ledger_lines(
    world: World, *, author_id: str | None = None, after: int = 0
) -> list[dict[str, Any]]:
    """List every post in the order of creation, deleted ones too, with the text as received."""
    which = "author_id = ?1" if author_id else "?1 IS NULL"
    rows = world.store.rows(
        f"SELECT * FROM posts WHERE {which} AND seq > ?2 ORDER BY seq",  # noqa: S608 -- literals of this package
        (author_id, after),
    )
    names: dict[str, str | None] = {}
    special = _Special(world)
    lines = []
    for row in rows:
        post = from_row(row)
        if post.author_id not in names:
            author = user_by_id(world, post.author_id)
            names[post.author_id] = author.username if author else None
        lines.append(_line(world, post, names[post.author_id], special))
    return lines


class _Special:
    """The few posts that have what most have not; asked for once, as a ledger may be long."""

    def __init__(self, world: World) -> None:
        self.edited = _ids(world, "SELECT post_id FROM edits UNION SELECT previous_id FROM edits")
        self.pictured = _ids(world, "SELECT post_id FROM post_media")
        self.hidden = _ids(world, "SELECT post_id FROM hidden")


def _ids(world: World, sql: str) -> set[int]:
    return {row["post_id"] for row in world.store.rows(sql)}


def _line(world: World, post: Post, account: str | None, special: _Special) -> dict[str, Any]:
    attached = media.attached(world, post.id) if post.id in special.pictured else []
    history = versions(world, post.id) if post.id in special.edited else [post.id]
    return {
        "seq": post.seq,
        "id": str(post.id),
        "account": account,
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
        "media": [media.describe(world, one) for one in attached],
        "versions": [str(one) for one in history],
        "repost_of": str(post.repost_of) if post.repost_of else None,
        "hidden": post.id in special.hidden,
        "reply_settings": post.reply_settings,
        "made_with_ai": bool(post.extras.get("made_with_ai")),
        "paid_partnership": bool(post.extras.get("paid_partnership")),
        "source": post.source,
    }
