"""Creating and deleting posts, with the rules of the real service."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from xsim import text as words
from xsim.accounts import App, User, user_by_id, user_by_name
from xsim.ids import post_number, seeded_text
from xsim.problems import (
    duplicate_content,
    invalid_request,
    not_found,
    not_permitted,
    quote_gate,
    reply_gate,
)
from xsim.world import World

PLAIN_LIMIT = 280
PREMIUM_LIMIT = 25_000
# The real window is not published; a day is this server's choice.
DUPLICATE_WINDOW_MS = 24 * 60 * 60 * 1000
REPLY_SETTINGS = frozenset({"following", "mentionedUsers", "subscribers", "verified"})
POLL_CHOICES, POLL_CHOICE_LENGTH, POLL_MINUTES = range(2, 5), range(1, 26), range(5, 10_081)
PLAIN_FIELDS = {
    "text": str,
    "quote_tweet_id": str,
    "reply_settings": str,
    "card_uri": str,
    "community_id": str,
    "direct_message_deep_link": str,
    "for_super_followers_only": bool,
    "made_with_ai": bool,
    "nullcast": bool,
    "paid_partnership": bool,
    "share_with_followers": bool,
}
OBJECT_FIELDS = frozenset({"reply", "poll", "media", "geo", "edit_options"})
KEPT_EXTRAS = (
    "made_with_ai",
    "paid_partnership",
    "community_id",
    "nullcast",
    "for_super_followers_only",
)
REPLY_FIELDS = frozenset(
    {"in_reply_to_tweet_id", "exclude_reply_user_ids", "auto_populate_reply_metadata"}
)


@dataclass(frozen=True)
class Post:
    """One stored post.

    ``received`` is the text exactly as it came; ``shown`` is as the API returns it (NFC, short
    links, escaped); ``brief`` is the same cut to an ordinary post's length, and equal to ``shown``
    unless the post is a long one. Moments are milliseconds; ``visible_ms`` is when lookups begin to
    find it.
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


@dataclass
class Draft:
    """A create request that has been read and found well formed."""

    text: str
    reply_to: str | None = None
    quoted: str | None = None
    poll: dict[str, Any] | None = None
    reply_settings: str = "everyone"
    extras: dict[str, Any] = field(default_factory=dict)


def read_draft(body: dict[str, Any]) -> Draft:
    """Check the form of a create request. Raises Refused (400)."""
    for name, value in body.items():
        if name not in PLAIN_FIELDS and name not in OBJECT_FIELDS:
            raise invalid_request(f"[{name}] is not one of the known fields", **{name: value})
        if value is not None and not isinstance(value, PLAIN_FIELDS.get(name, dict)):
            raise invalid_request(f"[{name}] has the wrong type", **{name: value})
    body = {name: value for name, value in body.items() if value is not None}
    for name, why in (
        ("media", "media uploads are not kept by this server yet, so no media_ids are valid"),
        ("edit_options", "editing is not supported by this server yet"),
        ("direct_message_deep_link", "direct message links are not supported by this server yet"),
        ("card_uri", "cards are not supported by this server yet"),
    ):
        if name in body:
            raise invalid_request(why, **{name: body[name]})
    text = _clean_text(body.get("text", ""))
    if body.get("reply_settings", "following") not in REPLY_SETTINGS:
        raise invalid_request(
            "[reply_settings] is not one of the known values", reply_settings=body["reply_settings"]
        )
    if "poll" in body and "quote_tweet_id" in body:
        raise invalid_request("a post takes one of poll, quote and media", poll=body["poll"])
    return Draft(
        text=text,
        reply_to=_reply_target(body.get("reply")),
        quoted=body.get("quote_tweet_id"),
        poll=_poll(body.get("poll")),
        reply_settings=body.get("reply_settings", "everyone"),
        extras={name: body[name] for name in KEPT_EXTRAS if name in body},
    )


def _clean_text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise invalid_request("[text] holds half a surrogate pair", text="") from None
    if "\x00" in text or words.FORBIDDEN & set(text):
        raise invalid_request("[text] holds characters that cannot be posted", text=text)
    if not text.strip():
        raise invalid_request("[text] is needed when there is no media", text=text)
    return text


def _reply_target(reply: dict[str, Any] | None) -> str | None:
    if reply is None:
        return None
    target = reply.get("in_reply_to_tweet_id")
    if set(reply) - REPLY_FIELDS or not isinstance(target, str) or not target.isdigit():
        raise invalid_request("[reply] needs in_reply_to_tweet_id, a string of digits", reply=reply)
    return target


def _poll(poll: dict[str, Any] | None) -> dict[str, Any] | None:
    if poll is None:
        return None
    options, minutes = poll.get("options"), poll.get("duration_minutes")
    if not isinstance(options, list) or len(options) not in POLL_CHOICES:
        raise invalid_request("[poll.options] needs 2 to 4 choices", poll=poll)
    if not all(isinstance(option, str) and len(option) in POLL_CHOICE_LENGTH for option in options):
        raise invalid_request("[poll.options] needs choices of 1 to 25 characters", poll=poll)
    if not isinstance(minutes, int) or minutes not in POLL_MINUTES:
        raise invalid_request("[poll.duration_minutes] needs 5 to 10,080", poll=poll)
    return {"options": options, "duration_minutes": minutes}


def create(
    world: World, author: User, draft: Draft, *, app: App | None, lag_seconds: float = 0
) -> Post:
    """Store a post. Raises Refused for every rule it breaks.

    ``app`` None posts from the author's own hand: the gates for replies and quotes, which bind
    apps, do not apply. With ``lag_seconds`` lookups and timelines do not see it for that long.
    """
    with world.lock, world.store.transaction():
        parent = _find(world, draft.reply_to, "reply.in_reply_to_tweet_id")
        quoted = _find(world, draft.quoted, "quote_tweet_id")
        bound = app is not None and not app.enterprise
        if parent and bound and not _may_reply(world, author, parent):
            raise reply_gate()
        if quoted and bound:
            raise quote_gate()
        text = words.composed(draft.text).strip()
        weight = _judge_text(world, author, text, parent)
        likeness = _likeness(text, parent, draft)
        _refuse_duplicate(world, author, likeness)
        return _store(
            world,
            author,
            draft=draft,
            text=text,
            weight=weight,
            likeness=likeness,
            parent=parent,
            quoted=quoted,
            app=app,
            lag_seconds=lag_seconds,
        )


def _find(world: World, post_id: str | None, parameter: str) -> Post | None:
    if post_id is None:
        return None
    found = by_id(world, post_id)
    if found is None:
        raise not_found("tweet", post_id, parameter)
    return found


def _may_reply(world: World, author: User, target: Post) -> bool:
    """Apply the rule for apps: own post, or one whose author mentioned, answered or quoted us
    there.
    """
    if target.author_id == author.id:
        return True
    if world.store.row(
        "SELECT 1 FROM mentions WHERE user_id = ? AND post_id = ?", (author.id, target.id)
    ):
        return True
    quoted = by_id(world, target.quoted_id) if target.quoted_id else None
    return quoted is not None and quoted.author_id == author.id


def _judge_text(world: World, author: User, text: str, parent: Post | None) -> int:
    counted = words.counted_part(text, _conversation_handles(world, parent)) if parent else text
    weight = words.weight(counted)
    if weight > (PREMIUM_LIMIT if author.premium else PLAIN_LIMIT):
        raise invalid_request(
            f"[text] weighs {weight}, more than this account may post", text=text[:100]
        )
    if sum(span.kind == "cashtag" for span in words.spans(text)) > 1:
        raise invalid_request("[text] holds more than one cashtag", text=text[:100])
    return weight


def _conversation_handles(world: World, parent: Post) -> frozenset[str]:
    author = user_by_id(world, parent.author_id)
    named = [mention["username"] for mention in parent.entities.get("mentions", [])]
    return frozenset(name.lower() for name in [*named, *([author.username] if author else [])])


def _likeness(text: str, parent: Post | None, draft: Draft) -> str:
    """Make the key by which two posts count as the same; polls always differ."""
    if draft.poll:
        return ""
    addressee = parent.author_id if parent else ""
    return f"{addressee}:{draft.quoted or ''}:{' '.join(text.split())}"


def _refuse_duplicate(world: World, author: User, likeness: str) -> None:
    since = world.now_ms() - DUPLICATE_WINDOW_MS
    same = likeness and world.store.row(
        "SELECT 1 FROM posts WHERE author_id = ? AND likeness = ? AND deleted_ms IS NULL "
        "AND created_ms > ?",
        (author.id, likeness, since),
    )
    if same:
        raise duplicate_content()


def _store(
    world: World,
    author: User,
    *,
    draft: Draft,
    text: str,
    weight: int,
    likeness: str,
    parent: Post | None,
    quoted: Post | None,
    app: App | None,
    lag_seconds: float,
) -> Post:
    post_id, now = world.next_post_id(), world.now_ms()
    shaped, brief, named = _shape(world, text, post_id)
    world.store.insert(
        "posts",
        {
            "id": post_id,
            "author_id": author.id,
            "received": draft.text,
            "shown": shaped.text,
            "brief": brief,
            "entities": json.dumps(shaped.entities),
            "weight": weight,
            "likeness": likeness,
            "created_ms": now,
            "visible_ms": now + round(lag_seconds * 1000),
            "reply_to": parent.id if parent else None,
            "reply_to_user": parent.author_id if parent else None,
            "conversation_id": parent.conversation_id if parent else post_id,
            "quoted_id": quoted.id if quoted else None,
            "poll": json.dumps(draft.poll) if draft.poll else None,
            "reply_settings": draft.reply_settings,
            "extras": json.dumps(draft.extras),
            "source": app.name if app else "X Web App",
        },
    )
    told = named | ({parent.author_id} if parent else set())
    for user_id in told - {author.id}:
        world.store.insert("mentions", {"user_id": user_id, "post_id": post_id})
    stored = by_id(world, post_id)
    if stored is None:
        raise LookupError(post_id)
    return stored


def _shape(world: World, text: str, post_id: int) -> tuple[words.Shaped, str, set[str]]:
    """Shape a text; gives it whole, its brief form, and the ids of the users it mentions."""
    found = words.spans(text)
    short = [
        "https://t.co/" + seeded_text(world.seed, f"link:{post_id}", number, 10)
        for number in range(sum(span.kind == "link" for span in found))
    ]
    known: dict[str, str] = {}
    for span in found:
        if span.kind == "mention" and (user := user_by_name(world, span.value)):
            known[span.value.lower()] = user.id
    whole = words.shape(text, short, known)
    if words.weight(text) <= PLAIN_LIMIT:
        return whole, whole.text, set(known.values())
    cut = words.fit(text, PLAIN_LIMIT)
    return whole, words.shape(cut, short, known).text, set(known.values())


def delete(world: World, caller: User, post_id: str) -> None:
    """Delete an own post. Raises Refused: 404 when it is gone, 403 when it is another's."""
    with world.lock:
        post = by_id(world, post_id)
        if post is None:
            raise not_found("tweet", post_id, "id")
        if post.author_id != caller.id:
            raise not_permitted()
        world.store.write("UPDATE posts SET deleted_ms = ? WHERE id = ?", (world.now_ms(), post.id))


def ledger(world: World, *, author_id: str | None = None, after: int = 0) -> list[Post]:
    """List every post ever stored, deleted ones too, in the order of creation."""
    if author_id is None:
        rows = world.store.rows("SELECT * FROM posts WHERE seq > ? ORDER BY seq", (after,))
    else:
        rows = world.store.rows(
            "SELECT * FROM posts WHERE author_id = ? AND seq > ? ORDER BY seq", (author_id, after)
        )
    return [from_row(row) for row in rows]
