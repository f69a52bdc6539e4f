"""Uploaded media: from the first announcement to what a post carries."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from xsim.accounts import User, user_by_id
from xsim.ids import post_number
from xsim.media_facts import read_facts
from xsim.media_limits import CATEGORIES, SEGMENT_MAX, Category, category_for, why_not
from xsim.problems import invalid_media, invalid_request, not_found, too_large
from xsim.world import World

# How long an upload may take, and how long a finished one can be posted.
UPLOAD_SECONDS, READY_SECONDS = 1_295_999, 86_400
HALF = 50


@dataclass(frozen=True)
class Media:
    """One upload. ``state`` is uploading, working, succeeded or failed."""

    id: int
    owner_id: str
    co_owners: tuple[str, ...]
    category: str
    mime: str
    total_bytes: int
    state: str
    facts: dict[str, Any]
    sha256: str | None
    alt_text: str | None
    subtitles: dict[str, dict[str, str]]
    reason: str | None
    expires_ms: int
    started_ms: int | None
    ready_ms: int | None
    polls_left: int | None

    @property
    def use(self) -> Category:
        """What its category allows."""
        return CATEGORIES[self.category]

    @property
    def key(self) -> str:
        """The name under which answers point at it."""
        return f"{self.use.prefix}_{self.id}"

    @property
    def page(self) -> str:
        """The word for it in the address of its page."""
        return self.use.page


def _media(row: sqlite3.Row) -> Media:
    values = dict(row)
    for name in ("co_owners", "facts", "subtitles"):
        values[name] = json.loads(values[name])
    return Media(**{**values, "co_owners": tuple(values["co_owners"])})


def find(world: World, media_id: str | int) -> Media | None:
    """Find an upload, expired or not."""
    row = world.store.row("SELECT * FROM media WHERE id = ?", (post_number(media_id),))
    return _media(row) if row else None


def owned(world: World, user: User, media_id: str) -> Media:
    """Find an upload of a user that has not expired.

    Raises Refused: 404 when it is not there or is another's, 400 when it has expired.
    """
    found = find(world, media_id)
    if found is None or user.id not in (found.owner_id, *found.co_owners):
        raise not_found("media", media_id, "id")
    if world.now_ms() >= found.expires_ms:
        raise invalid_media([media_id])
    return found


def initialize(
    world: World,
    user: User,
    *,
    mime: str,
    total_bytes: int,
    category: str | None,
    co_owners: list[str],
) -> Media:
    """Begin an upload. Raises Refused (400) for a kind or size that X does not take."""
    name = category or category_for(mime)
    if name not in CATEGORIES:
        raise invalid_request("[media_category] is not one of the known values", name=name)
    use = CATEGORIES[name]
    if mime not in use.mimes:
        raise invalid_request(f"[media_type] does not fit the category {name}", media_type=mime)
    if not 1 <= total_bytes <= use.most_bytes:
        # Seen in the documentation of v1.1, for the same limits.
        raise invalid_request(f"File size exceeds {use.most_bytes} bytes.", total_bytes=total_bytes)
    media_id = world.next_post_id()
    world.store.insert(
        "media",
        {
            "id": media_id,
            "owner_id": user.id,
            "co_owners": json.dumps(co_owners),
            "category": name,
            "mime": mime,
            "total_bytes": total_bytes,
            "state": "uploading",
            "facts": "{}",
            "subtitles": "{}",
            "expires_ms": world.now_ms() + UPLOAD_SECONDS * 1000,
        },
    )
    return _expect(world, media_id)


def _expect(world: World, media_id: int) -> Media:
    found = find(world, media_id)
    if found is None:
        raise LookupError(media_id)
    return found


def append(world: World, user: User, media_id: str, segment: int, data: bytes) -> Media:
    """Keep a segment; one that comes again takes the place of the first."""
    media = owned(world, user, media_id)
    if media.state != "uploading":
        raise invalid_request("the upload is finished already", id=media_id)
    if len(data) > SEGMENT_MAX:
        raise too_large()
    if not data:
        raise invalid_request("[media] holds no bytes", segment_index=segment)
    world.store.write(
        "INSERT OR REPLACE INTO media_segments VALUES (?, ?, ?)", (media.id, segment, data)
    )
    return media


def content(world: World, media_id: int) -> bytes:
    """Join what arrived, in the order of the segments."""
    rows = world.store.rows(
        "SELECT bytes FROM media_segments WHERE media_id = ? ORDER BY segment", (media_id,)
    )
    return b"".join(row["bytes"] for row in rows)


def finalize(
    world: World, user: User, media_id: str, *, polls: int | None = None, reason: str | None = None
) -> Media:
    """End an upload and begin to work on it.

    ``polls`` makes X answer that often that it is at work, whatever the time; ``reason`` makes it
    fail with that message. Raises Refused (400) when bytes are missing or, for media that need no
    work, unfit.
    """
    media = owned(world, user, media_id)
    if media.state != "uploading":
        return media
    data = content(world, media.id)
    if len(data) != media.total_bytes:
        # Seen in reports about v1.1.
        raise invalid_request("Segments do not add up to provided total file size.", id=media_id)
    facts = read_facts(data)
    owner = user_by_id(world, media.owner_id) or user
    works = media.use.works or polls is not None or reason is not None
    reason = reason or why_not(media.use, media.mime, facts, owner)
    if reason and not works:
        raise invalid_request(reason, id=media_id)
    now = world.now_ms()
    ready = now + round(world.media_seconds * 1000)
    world.store.write(
        "UPDATE media SET state = ?, facts = ?, sha256 = ?, reason = ?, started_ms = ?, "
        "ready_ms = ?, polls_left = ?, expires_ms = ? WHERE id = ?",
        (
            "working" if works else "succeeded",
            json.dumps(facts),
            hashlib.sha256(data).hexdigest(),
            reason,
            now if works else None,
            ready,
            polls,
            now + READY_SECONDS * 1000,
            media.id,
        ),
    )
    return _settled(world, _expect(world, media.id))


def _settled(world: World, media: Media) -> Media:
    """Let finished work be finished."""
    if media.state != "working" or media.ready_ms is None:
        return media
    waiting = media.polls_left if media.polls_left is not None else world.now_ms() < media.ready_ms
    if waiting:
        return media
    state = "failed" if media.reason else "succeeded"
    world.store.write("UPDATE media SET state = ? WHERE id = ?", (state, media.id))
    return _expect(world, media.id)


def status(world: World, user: User, media_id: str) -> Media:
    """Ask how far the work is; the question itself counts where answers are counted."""
    media = owned(world, user, media_id)
    settled = _settled(world, media)
    if settled.state == "working" and settled.polls_left:
        world.store.write("UPDATE media SET polls_left = polls_left - 1 WHERE id = ?", (media.id,))
    return settled


def upload_json(world: World, media: Media, *, asked: bool = False) -> dict[str, Any]:
    """Show an upload as finalize does, or as STATUS does when ``asked``."""
    shown: dict[str, Any] = {
        "id": str(media.id),
        "media_key": media.key,
        "expires_after_secs": max((media.expires_ms - world.now_ms()) // 1000, 0),
    }
    if media.state != "uploading":
        shown["size"] = media.total_bytes
    if media.started_ms is not None:
        shown["processing_info"] = _work_json(world, media, asked=asked)
    elif "width" in media.facts:
        shown["image"] = {
            "image_type": media.mime,
            "w": media.facts["width"],
            "h": media.facts["height"],
        }
    if media.mime.startswith("video/"):
        shown["video"] = {"video_type": media.mime}
    return shown


def _work_json(world: World, media: Media, *, asked: bool) -> dict[str, Any]:
    """Show the work: waiting first, under way when asked, then done or failed.

    The error has the form that v1.1 documents.
    """
    if media.state == "succeeded":
        return {"state": "succeeded", "progress_percent": 100}
    if media.state == "failed":
        error = {"code": 1, "name": "InvalidMedia", "message": media.reason}
        return {"state": "failed", "progress_percent": HALF, "error": error}
    left = ((media.ready_ms or 0) - world.now_ms()) / 1000
    wait = {"check_after_secs": max(round(left), 1)}
    if not asked:
        return {"state": "pending", **wait}
    return {"state": "in_progress", "progress_percent": HALF, **wait}


def attachable(world: World, author: User, media_ids: tuple[str, ...]) -> list[Media]:
    """Find the media of a new post.

    Raises Refused (400) when one is not the author's, not ready, expired or not made for posts, or
    when they do not go together.
    """
    found: list[Media] = []
    for media_id in media_ids:
        media = find(world, media_id)
        if (
            media is None
            or author.id not in (media.owner_id, *media.co_owners)
            or world.now_ms() >= media.expires_ms
            or _settled(world, media).state != "succeeded"
            or media.use.kind is None
        ):
            raise invalid_media([media_id])
        found.append(_settled(world, media))
    if len(found) > 1 and any(one.use.kind != "photo" for one in found):
        raise invalid_media(list(media_ids))
    return found


def attach(world: World, post_id: int, attached: list[Media]) -> None:
    """Give media to a post, in order."""
    for position, media in enumerate(attached):
        world.store.insert(
            "post_media", {"post_id": post_id, "position": position, "media_id": media.id}
        )


def attached(world: World, post_id: int) -> list[Media]:
    """List the media of a post, in order."""
    rows = world.store.rows(
        "SELECT media.* FROM post_media JOIN media ON media.id = post_media.media_id "
        "WHERE post_id = ? ORDER BY position",
        (post_id,),
    )
    return [_media(row) for row in rows]


def expire(world: World, media_id: str | int) -> None:
    """Let an upload have expired."""
    world.store.write(
        "UPDATE media SET expires_ms = ? WHERE id = ?", (world.now_ms(), post_number(media_id))
    )


def set_alt_text(world: World, user: User, media_id: str, alt_text: str | None) -> Media:
    """Give a picture its description, or leave it as it is. Raises Refused."""
    media = owned(world, user, media_id)
    if alt_text is not None:
        world.store.write("UPDATE media SET alt_text = ? WHERE id = ?", (alt_text, media.id))
    return media


def every(world: World, owner_id: str | None = None) -> list[Media]:
    """List uploads in the order they began."""
    which = "owner_id = ?" if owner_id else "?1 IS NULL"
    rows = world.store.rows(
        f"SELECT * FROM media WHERE {which} ORDER BY id",  # noqa: S608 -- literals of this package
        (owner_id,),
    )
    return [_media(row) for row in rows]


def describe(world: World, media: Media) -> dict[str, Any]:
    """Show an upload as the control API prints it."""
    arrived = world.store.number(
        "SELECT sum(length(bytes)) FROM media_segments WHERE media_id = ?", (media.id,)
    )
    return {
        "id": str(media.id),
        "media_key": media.key,
        "owner_id": media.owner_id,
        "category": media.category,
        "mime": media.mime,
        "state": _settled(world, media).state,
        "reason": media.reason,
        "bytes": arrived,
        "total_bytes": media.total_bytes,
        "sha256": media.sha256,
        "alt_text": media.alt_text,
        "subtitles": media.subtitles,
        "expired": world.now_ms() >= media.expires_ms,
        **{name: value for name, value in media.facts.items() if name != "mime"},
    }


def set_subtitle(
    world: World, media: Media, language: str, subtitle: dict[str, str] | None
) -> bool:
    """Give a video its subtitles in a language, or take them away; tells whether there were any."""
    kept = dict(media.subtitles)
    known = kept.pop(language, None) is not None
    if subtitle is not None:
        kept[language] = subtitle
    world.store.write("UPDATE media SET subtitles = ? WHERE id = ?", (json.dumps(kept), media.id))
    return known
