"""Creating posts, by an app or by their author's own hand."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from xsim import edits, gates, media
from xsim import text as words
from xsim.accounts import App, User, user_by_name
from xsim.drafts import Draft
from xsim.ids import seeded_text
from xsim.posts import Post, by_id, delay, expect
from xsim.world import World

# Short links of a post are numbered; this number is for the link of its media.
MEDIA_LINK = 1_000_000


@dataclass(frozen=True)
class Piece:
    """All that a new post is made of, found and judged."""

    author: User
    draft: Draft
    text: str
    weight: int
    likeness: str
    app: App | None
    parent: Post | None = None
    quoted: Post | None = None
    previous: Post | None = None
    attached: list[media.Media] = field(default_factory=list)


def create(
    world: World,
    author: User,
    draft: Draft,
    *,
    app: App | None,
    lag_seconds: float = 0,
    lag_place: str = "everywhere",
) -> Post:
    """Store a post. Raises Refused for every rule it breaks.

    ``app`` None posts from the author's own hand: the gates and caps, which bind apps, do not
    apply. With ``lag_seconds`` it is not seen at a place, or anywhere, for that long.
    """
    with world.lock, world.store.transaction():
        post = _store(world, _gather(world, author, draft, app))
        if lag_seconds:
            delay(world, post.id, seconds=lag_seconds, place=lag_place)
    world.tell("post.create", post)
    return post


def _gather(world: World, author: User, draft: Draft, app: App | None) -> Piece:
    previous = edits.editable(world, author, draft)
    parent = _target(world, draft.reply_to, "reply.in_reply_to_tweet_id")
    if previous and previous.reply_to:
        parent = by_id(world, previous.reply_to)
    quoted = _target(world, draft.quoted, "quote_tweet_id")
    if previous is None:
        gates.pass_gates(world, author, parent=parent, quoted=quoted, app=app)
    text = words.composed(draft.text).strip()
    weight = gates.judge_text(world, author, text, parent)
    attached = media.attachable(world, author, draft.media_ids)
    likeness = gates.likeness(text, parent, draft)
    gates.refuse_duplicate(world, author, likeness)
    if app is not None and previous is None:
        gates.refuse_over_cap(world, author, is_reply=parent is not None)
    return Piece(author, draft, text, weight, likeness, app, parent, quoted, previous, attached)


def _target(world: World, post_id: str | None, parameter: str) -> Post | None:
    return None if post_id is None else expect(world, post_id, parameter)


def _store(world: World, piece: Piece) -> Post:
    post_id, now = world.next_post_id(), world.now_ms()
    shaped, brief, named = _shape(world, piece, post_id)
    parent, quoted, draft = piece.parent, piece.quoted, piece.draft
    conversation = parent.conversation_id if parent else post_id
    if piece.previous:
        conversation = piece.previous.conversation_id
    world.store.insert(
        "posts",
        {
            "id": post_id,
            "author_id": piece.author.id,
            "received": draft.text,
            "shown": shaped.text,
            "brief": brief,
            "entities": json.dumps(shaped.entities),
            "weight": piece.weight,
            "likeness": piece.likeness,
            "created_ms": now,
            "visible_ms": now,
            "reply_to": parent.id if parent else None,
            "reply_to_user": parent.author_id if parent else None,
            "conversation_id": conversation,
            "quoted_id": quoted.id if quoted else None,
            "poll": json.dumps(draft.poll) if draft.poll else None,
            "reply_settings": draft.reply_settings,
            "extras": json.dumps(draft.extras),
            "source": piece.app.name if piece.app else "X Web App",
        },
    )
    told = named | ({parent.author_id} if parent else set())
    for user_id in told - {piece.author.id}:
        world.store.insert("mentions", {"user_id": user_id, "post_id": post_id})
    media.attach(world, post_id, piece.attached)
    if piece.previous:
        edits.link(world, piece.previous, post_id)
    stored = by_id(world, post_id)
    if stored is None:
        raise LookupError(post_id)
    return stored


def _shape(world: World, piece: Piece, post_id: int) -> tuple[words.Shaped, str, set[str]]:
    """Shape a text; gives it whole, its brief form, and the ids of the users it mentions."""
    text = piece.text
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
    brief = whole.text
    if words.weight(text) > gates.PLAIN_LIMIT:
        brief = words.shape(words.fit(text, gates.PLAIN_LIMIT), short, known).text
    if piece.attached:
        link = "https://t.co/" + seeded_text(world.seed, f"link:{post_id}", MEDIA_LINK, 10)
        keys = [one.key for one in piece.attached]
        page = f"https://x.com/{piece.author.username}/status/{post_id}/{piece.attached[0].page}/1"
        brief = words.with_media_link(words.Shaped(brief), link, page, keys).text
        whole = words.with_media_link(whole, link, page, keys)
    return whole, brief, set(known.values())
