"""How posts and users look in answers, in either of the two dialects of field names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from xsim import edits, media, reposts
from xsim.accounts import User, user_by_id
from xsim.clock import iso
from xsim.metrics import growth
from xsim.polls import poll_id, poll_json
from xsim.posts import CURRENT, Post, by_id, versions
from xsim.world import World


@dataclass(frozen=True)
class Dialect:
    """Names that differ between ``tweet.fields`` and ``post.fields``."""

    fields_parameter: str
    history: str
    referenced: str
    note: str
    included: str
    reposts: str
    # In the newer dialect these come by expansion only; as fields they are unknown, hence dropped.
    expansion_only: frozenset[str]


OLD = Dialect(
    "tweet.fields",
    "edit_history_tweet_ids",
    "referenced_tweets",
    "note_tweet",
    "tweets",
    "retweet_count",
    frozenset(),
)
NEW = Dialect(
    "post.fields",
    "edit_history_post_ids",
    "referenced_posts",
    "note_post",
    "posts",
    "repost_count",
    frozenset({"author_id", "in_reply_to_user_id", "referenced_posts"}),
)
NEW_EXPANSIONS = frozenset({"referenced_posts", "referenced_posts.id", "edit_history_post_ids"})


@dataclass(frozen=True)
class View:
    """What a request wants to see: the dialect, extra fields of posts and users, and expansions."""

    dialect: Dialect
    fields: frozenset[str]
    user_fields: frozenset[str]
    media_fields: frozenset[str]
    expansions: frozenset[str]


def _listed(query: dict[str, str], name: str) -> frozenset[str]:
    return frozenset(part.strip() for part in query.get(name, "").split(",") if part.strip())


def read_view(query: dict[str, str]) -> View:
    """Read the view from query parameters.

    Names that nobody knows are dropped without a word, as X does.
    """
    expansions = _listed(query, "expansions")
    newer = "post.fields" in query or (
        "tweet.fields" not in query and bool(expansions & NEW_EXPANSIONS)
    )
    dialect = NEW if newer else OLD
    fields = _listed(query, dialect.fields_parameter) - dialect.expansion_only
    if newer:
        fields |= {name.removesuffix(".id") for name in expansions} & dialect.expansion_only
    elif "author_id" in expansions:
        fields |= {"author_id"}
    if "attachments.media_keys" in expansions or "attachments.poll_ids" in expansions:
        fields |= {"attachments"}
    return View(
        dialect,
        fields,
        _listed(query, "user.fields"),
        _listed(query, "media.fields"),
        expansions,
    )


def post_json(world: World, post: Post, view: View, *, own: bool = False) -> dict[str, Any]:
    """Show one post.

    ``own`` is whether the caller wrote it: only then private numbers are given.
    """
    history = versions(world, post.id)
    shown: dict[str, Any] = {
        "id": str(post.id),
        "text": post.brief,
        view.dialect.history: [str(one) for one in history],
    }
    every = {**_plain_fields(post, view), **_counted_fields(world, post, view)}
    if "attachments" in view.fields:
        every["attachments"] = _attachments(world, post)
    if "edit_controls" in view.fields:
        every["edit_controls"] = edits.controls(world, post, history)
    for name in view.fields & every.keys():
        value = every[name]
        if value not in (None, {}, []):
            shown[name] = value
    if own and "non_public_metrics" in view.fields:
        shown["non_public_metrics"] = _private_numbers(world, post)
    return shown


def _plain_fields(post: Post, view: View) -> dict[str, Any]:
    references = []
    if post.reply_to:
        references.append({"type": "replied_to", "id": str(post.reply_to)})
    if post.quoted_id:
        references.append({"type": "quoted", "id": str(post.quoted_id)})
    if post.repost_of:
        references.append({"type": "retweeted", "id": str(post.repost_of)})
    return {
        "author_id": post.author_id,
        "created_at": iso(post.created_ms),
        "conversation_id": str(post.conversation_id),
        "in_reply_to_user_id": post.reply_to_user,
        view.dialect.referenced: references,
        "entities": _brief_entities(post),
        "reply_settings": post.reply_settings,
        "source": post.source,
        "lang": language(post.received),
        "possibly_sensitive": False,
        "display_text_range": [0, len(post.brief)],
        view.dialect.note: {"text": post.shown, "entities": post.entities}
        if post.is_long
        else None,
        "made_with_ai": post.extras.get("made_with_ai"),
        "paid_partnership": post.extras.get("paid_partnership"),
        "community_id": post.extras.get("community_id"),
    }


def _brief_entities(post: Post) -> dict[str, Any]:
    """Give the entities that the brief text still shows; the link of media stands at its end."""
    if not post.is_long:
        return post.entities
    shift = len(post.shown) - len(post.brief)
    kept: dict[str, Any] = {}
    for name, found in post.entities.items():
        links = [
            {**one, "start": one["start"] - shift, "end": one["end"] - shift}
            for one in found
            if "media_key" in one
        ]
        until = links[0]["start"] - 1 if links else len(post.brief)
        texts = [one for one in found if "media_key" not in one and one["end"] < until]
        if texts or links:
            kept[name] = texts + links
    return kept


def _attachments(world: World, post: Post) -> dict[str, Any]:
    """Point at the poll or the media of a post."""
    if post.poll:
        return {"poll_ids": [poll_id(post)]}
    keys = [one.key for one in media.attached(world, post.id)]
    return {"media_keys": keys} if keys else {}


def media_json(world: World, one: media.Media, fields: frozenset[str]) -> dict[str, Any]:
    """Show one picture or video."""
    address = f"{world.base}/media/{one.key}"
    still = one.use.kind == "photo"
    every: dict[str, Any] = {
        "width": one.facts.get("width"),
        "height": one.facts.get("height"),
        "alt_text": one.alt_text,
        "duration_ms": one.facts.get("duration_ms"),
        "url": address if still else None,
        "preview_image_url": None if still else f"{address}/preview",
        "variants": None if still else [{"content_type": one.mime, "url": address}],
        "public_metrics": {"view_count": 0} if one.use.kind == "video" else None,
    }
    shown = {"media_key": one.key, "type": one.use.kind}
    return shown | {
        name: every[name] for name in every if name in fields and every[name] is not None
    }


def _counted_fields(world: World, post: Post, view: View) -> dict[str, Any]:
    if "public_metrics" not in view.fields:
        return {}
    return {"public_metrics": public_numbers(world, post, name=view.dialect.reposts)}


def public_numbers(world: World, post: Post, *, name: str = "retweet_count") -> dict[str, int]:
    """Count what everybody sees.

    Replies and quotes are the stored ones, the rest grows with virtual time; ``name`` is that of
    the reposts.
    """
    author = user_by_id(world, post.author_id)
    grown = growth(
        world.seed,
        post.id,
        age_ms=world.now_ms() - post.created_ms,
        followers=author.followers if author else 0,
    )
    count = f"SELECT count(*) FROM posts WHERE deleted_ms IS NULL AND {CURRENT} AND "  # noqa: S608 -- literals of this package
    return {
        name: grown["reposts"] + reposts.count(world, post.id),
        "reply_count": world.store.number(count + "reply_to = ?", (post.id,)),
        "like_count": grown["likes"],
        "quote_count": world.store.number(count + "quoted_id = ?", (post.id,)),
        "bookmark_count": grown["bookmarks"],
        "impression_count": grown["impressions"],
    }


def _private_numbers(world: World, post: Post) -> dict[str, int]:
    public = public_numbers(world, post)
    return {
        "impression_count": public["impression_count"],
        "engagements": public["like_count"] + public["reply_count"] + public["retweet_count"],
        "user_profile_clicks": public["impression_count"] // 90,
    }


def language(text: str) -> str:
    """Guess a language from the script alone: zh, ja, ko, or en; und when there are no letters."""
    if any("\u3040" <= char <= "\u30ff" for char in text):
        return "ja"
    if any("\uac00" <= char <= "\ud7af" for char in text):
        return "ko"
    if any("\u4e00" <= char <= "\u9fff" for char in text):
        return "zh"
    return "en" if any(char.isalpha() for char in text) else "und"


def user_json(
    world: World, user: User, fields: Iterable[str], *, own: bool = False
) -> dict[str, Any]:
    """Show one user.

    ``own`` is whether the caller is that user: only then the subscription is given.
    """
    every: dict[str, Any] = {
        "created_at": iso(user.created_ms),
        "description": user.description,
        "location": user.location,
        "protected": user.protected,
        "verified": user.verified_type != "none",
        "verified_type": user.verified_type,
        "profile_image_url": f"https://abs.twimg.com/sticky/default_profile_images/{user.username}_normal.png",
        "url": "",
    }
    if own:
        every["subscription_type"] = "Premium" if user.premium else "None"
    if "public_metrics" in fields:
        every["public_metrics"] = _user_numbers(world, user)
    shown = {"id": user.id, "name": user.name, "username": user.username}
    return shown | {name: every[name] for name in fields if name in every}


def _user_numbers(world: World, user: User) -> dict[str, int]:
    """Count what everybody sees of a user; posts are counted under the older and the newer name."""
    posted = world.store.number(
        "SELECT count(*) FROM posts WHERE author_id = ? AND deleted_ms IS NULL", (user.id,)
    )
    return {
        "followers_count": user.followers,
        "following_count": user.followers // 3,
        "tweet_count": posted,
        "post_count": posted,
        "listed_count": user.followers // 100,
        "like_count": 0,
        "media_count": 0,
    }


def includes(
    world: World, posts: list[Post], view: View, *, caller_id: str | None
) -> dict[str, Any]:
    """Gather what the expansions ask for: users, posts, polls and media of the given posts."""
    user_ids: dict[str, None] = {}
    post_ids: dict[int, None] = {}
    polls: list[dict[str, Any]] = []
    pictures: dict[str, dict[str, Any]] = {}
    for post in posts:
        _note_users(post, view.expansions, user_ids)
        _note_posts(world, post, view.expansions, post_ids)
        if "attachments.poll_ids" in view.expansions and post.poll:
            polls.append(poll_json(world, post))
        if "attachments.media_keys" in view.expansions:
            for one in media.attached(world, post.id):
                pictures[one.key] = media_json(world, one, view.media_fields)
    found_posts = [found for post_id in post_ids if (found := by_id(world, post_id)) is not None]
    if "referenced_tweets.id.author_id" in view.expansions:
        user_ids |= {post.author_id: None for post in found_posts}
    found_users = [user for user_id in user_ids if (user := user_by_id(world, user_id)) is not None]
    gathered: dict[str, Any] = {
        "users": [
            user_json(world, user, view.user_fields, own=user.id == caller_id)
            for user in found_users
        ],
        view.dialect.included: [
            post_json(world, post, view, own=post.author_id == caller_id) for post in found_posts
        ],
        "polls": polls,
        "media": list(pictures.values()),
    }
    return {name: value for name, value in gathered.items() if value}


def _note_posts(
    world: World, post: Post, expansions: frozenset[str], post_ids: dict[int, None]
) -> None:
    if {"referenced_tweets.id", "referenced_posts", "referenced_posts.id"} & expansions:
        found = (post.reply_to, post.quoted_id, post.repost_of)
        post_ids |= {one: None for one in found if one}
    if {"edit_history_tweet_ids", "edit_history_post_ids"} & expansions:
        post_ids |= {one: None for one in versions(world, post.id) if one != post.id}


def _note_users(post: Post, expansions: frozenset[str], user_ids: dict[str, None]) -> None:
    if "author_id" in expansions:
        user_ids[post.author_id] = None
    if "in_reply_to_user_id" in expansions and post.reply_to_user:
        user_ids[post.reply_to_user] = None
    if "entities.mentions.username" in expansions:
        user_ids |= {mention["id"]: None for mention in post.entities.get("mentions", [])}
