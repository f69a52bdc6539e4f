"""Reading what X sends, in both of its dialects, without trusting its shape.

Since 2026 X answers with ``note_post``, ``referenced_posts`` and so on beside the older names
``note_tweet`` and ``referenced_tweets``. Whichever is there is read; a missing part is no error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from yanzhen.channels.ports import Metrics, Profile, RemotePost

_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
_ESCAPED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "#39": "'"}
_MOST_DIGITS = 20
_LONGEST_ADDRESS = 500
_MEDIA_LINK = re.compile(r"/(photo|video)/\d+/?$")


def snowflake_at(post_id: str) -> datetime | None:
    """Return when X made this id (aware UTC, to the millisecond), None when it tells no time."""
    if not (post_id.isascii() and post_id.isdigit()) or len(post_id) > _MOST_DIGITS:
        return None
    milliseconds = int(post_id) >> 22
    return _EPOCH + timedelta(milliseconds=milliseconds) if milliseconds else None


def text_id(value: object) -> str:
    """Return an id as text; X sends strings, its playground numbers. "" when it is neither."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, int):
        return str(value) if value > 0 else ""
    return value if isinstance(value, str) and value.isascii() and value.isdigit() else ""


def unescape(text: str) -> str:
    """Undo the escapes that X puts into a post's text, once."""
    return re.sub(r"&(amp|lt|gt|quot|#39);", lambda found: _ESCAPED[found[1]], text)


def written_text(post: Mapping[str, Any]) -> str:
    """Return what the author typed: whole long text, links expanded, links to own media dropped."""
    note = _part(post, "note_post", "note_tweet")
    source = note if isinstance(note.get("text"), str) else post
    text = source.get("text")
    if not isinstance(text, str):
        return ""
    for entity in sorted(_urls(source), key=lambda e: -len(e["url"])):
        expanded = entity.get("expanded_url")
        if not isinstance(expanded, str):
            continue
        pattern = re.escape(entity["url"]) + r"(?!\w)"
        if entity.get("media_key") or _MEDIA_LINK.search(expanded):
            text = re.sub(r"\s*" + pattern + r"\s*$", "", text)
        else:
            escaped = expanded.replace("&", "&amp;")
            text = re.sub(pattern, escaped.replace("\\", r"\\"), text)
    return unescape(text)


def _urls(source: Mapping[str, Any]) -> list[dict[str, Any]]:
    listed = _part(source, "entities").get("urls")
    if not isinstance(listed, list):
        return []
    return [e for e in listed if isinstance(e, dict) and isinstance(e.get("url"), str)]


def _part(source: Mapping[str, Any], *names: str) -> dict[str, Any]:
    for name in names:
        value = source.get(name)
        if isinstance(value, dict):
            return value
    return {}


def _list(source: Mapping[str, Any], *names: str) -> list[Any]:
    for name in names:
        value = source.get(name)
        if isinstance(value, list):
            return value
    return []


def polls(answer: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    """Return the choices of every poll an answer includes, by the poll's id, in order."""
    found: dict[str, tuple[str, ...]] = {}
    for poll in _list(_part(answer, "includes"), "polls"):
        if not isinstance(poll, dict):
            continue
        options = [o for o in _list(poll, "options") if isinstance(o, dict)]
        options.sort(key=lambda o: o["position"] if isinstance(o.get("position"), int) else 0)
        found[text_id(poll.get("id"))] = tuple(str(o.get("label", "")) for o in options)
    return found


def remote_post(
    data: object, polls: Mapping[str, tuple[str, ...]] | None = None
) -> RemotePost | None:
    """Return the post in one object of X's answer, or None when it has no id.

    ``polls`` is what polls() found beside it.
    """
    if not isinstance(data, dict):
        return None
    post_id = text_id(data.get("id"))
    if not post_id:
        return None
    references = _list(data, "referenced_posts", "referenced_tweets")

    def named(kind: str) -> str:
        about = (r for r in references if isinstance(r, dict) and r.get("type") == kind)
        return next((text_id(r.get("id")) for r in about), "")

    attachments = _part(data, "attachments")
    poll_ids = [text_id(i) for i in _list(attachments, "poll_ids")]
    return RemotePost(
        id=post_id,
        text=written_text(data),
        created_at=_moment(data.get("created_at")) or snowflake_at(post_id) or _EPOCH,
        author_id=text_id(data.get("author_id")),
        reply_to_id=named("replied_to"),
        conversation_id=text_id(data.get("conversation_id")),
        media_count=len(_list(attachments, "media_keys")),
        poll_options=(polls or {}).get(poll_ids[0], ()) if poll_ids else (),
        edit_ids=tuple(
            text_id(i) for i in _list(data, "edit_history_post_ids", "edit_history_tweet_ids")
        ),
        reposts_id=named("retweeted") or named("reposted"),
        metrics=_metrics(_part(data, "public_metrics")),
    )


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _metrics(counts: Mapping[str, Any]) -> Metrics:
    def count(*names: str) -> int | None:
        for name in names:
            value = counts.get(name)
            if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
                return value
        return None

    return Metrics(
        impressions=count("impression_count"),
        likes=count("like_count"),
        reposts=count("repost_count", "retweet_count"),
        replies=count("reply_count"),
        quotes=count("quote_count"),
        bookmarks=count("bookmark_count"),
    )


def profile(data: object) -> Profile | None:
    """Return the profile in X's answer, or None when id or handle is missing."""
    if not isinstance(data, dict):
        return None
    user_id, handle = text_id(data.get("id")), data.get("username")
    if not user_id or not isinstance(handle, str) or not handle:
        return None
    name, avatar = data.get("name"), data.get("profile_image_url")
    return Profile(
        id=user_id,
        handle=handle[:50],
        name=(name if isinstance(name, str) and name else handle)[:100],
        avatar_url=avatar
        if isinstance(avatar, str)
        and avatar.startswith("https://")
        and len(avatar) <= _LONGEST_ADDRESS
        else "",
        premium=_is_premium(data),
    )


def _is_premium(data: Mapping[str, Any]) -> bool:
    # X names no limit of length anywhere; a paid subscription is the nearest sign.
    paid = data.get("subscription_type")
    if isinstance(paid, str) and paid:
        return paid.lower() != "none"
    return data.get("verified_type") in ("blue", "business")
