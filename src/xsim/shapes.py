"""How posts and users look in answers, in either of the two dialects of field names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from xsim.accounts import User, user_by_id
from xsim.clock import iso
from xsim.metrics import growth
from xsim.posts import Post, by_id
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
    return View(dialect, fields, _listed(query, "user.fields"), expansions)


def post_json(world: World, post: Post, view: View, *, own: bool = False) -> dict[str, Any]:
    """Show one post.

    ``own`` is whether the caller wrote it: only then private numbers are given.
    """
    shown: dict[str, Any] = {
        "id": str(post.id),
        "text": post.brief,
        view.dialect.history: [str(post.id)],
    }
    every = {**_plain_fields(post, view), **_counted_fields(world, post, view)}
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
    within = len(post.brief)
    entities = post.entities
    if post.is_long:
        entities = {
            name: kept
            for name, found in entities.items()
            if (kept := [one for one in found if one["end"] <= within - 1])
        }
    return {
        "author_id": post.author_id,
        "created_at": iso(post.created_ms),
        "conversation_id": str(post.conversation_id),
        "in_reply_to_user_id": post.reply_to_user,
        view.dialect.referenced: references,
        "entities": entities,
        "reply_settings": post.reply_settings,
        "source": post.source,
        "lang": language(post.received),
        "possibly_sensitive": False,
        "display_text_range": [0, within],
        "attachments": {"poll_ids": [poll_id(post)]} if post.poll else None,
        view.dialect.note: {"text": post.shown, "entities": post.entities}
        if post.is_long
        else None,
        "paid_partnership": post.extras.get("paid_partnership"),
        "community_id": post.extras.get("community_id"),
        "edit_controls": {
            "edits_remaining": 5,
            "is_edit_eligible": not post.reply_to and not post.poll,
            "editable_until": iso(post.created_ms + 60 * 60 * 1000),
        },
    }


def _counted_fields(world: World, post: Post, view: View) -> dict[str, Any]:
    if "public_metrics" not in view.fields:
        return {}
    return {"public_metrics": public_numbers(world, post, reposts=view.dialect.reposts)}


def public_numbers(world: World, post: Post, *, reposts: str = "retweet_count") -> dict[str, int]:
    """Count what everybody sees.

    Replies and quotes are the stored ones, the rest grows with virtual time.
    """
    author = user_by_id(world, post.author_id)
    grown = growth(
        world.seed,
        post.id,
        age_ms=world.now_ms() - post.created_ms,
        followers=author.followers if author else 0,
    )
    count = "SELECT count(*) FROM posts WHERE deleted_ms IS NULL AND "
    return {
        reposts: grown["reposts"],
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


def poll_id(post: Post) -> str:
    """Name the poll of a post."""
    return str(post.id + 1)


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
    """Gather what the expansions ask for: users, posts and polls that the given posts point at."""
    user_ids: dict[str, None] = {}
    post_ids: dict[int, None] = {}
    polls: list[dict[str, Any]] = []
    for post in posts:
        _note_users(post, view.expansions, user_ids)
        if {"referenced_tweets.id", "referenced_posts", "referenced_posts.id"} & view.expansions:
            post_ids |= {found: None for found in (post.reply_to, post.quoted_id) if found}
        if "attachments.poll_ids" in view.expansions and post.poll:
            polls.append(poll_json(world, post))
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
    }
    return {name: value for name, value in gathered.items() if value}


def _note_users(post: Post, expansions: frozenset[str], user_ids: dict[str, None]) -> None:
    if "author_id" in expansions:
        user_ids[post.author_id] = None
    if "in_reply_to_user_id" in expansions and post.reply_to_user:
        user_ids[post.reply_to_user] = None
    if "entities.mentions.username" in expansions:
        user_ids |= {mention["id"]: None for mention in post.entities.get("mentions", [])}


def poll_json(world: World, post: Post) -> dict[str, Any]:
    """Show the poll of a post; nobody votes here."""
    poll = post.poll or {"options": [], "duration_minutes": 0}
    ends_ms = post.created_ms + poll["duration_minutes"] * 60_000
    return {
        "id": poll_id(post),
        "options": [
            {"position": number, "label": label, "votes": 0}
            for number, label in enumerate(poll["options"], start=1)
        ],
        "duration_minutes": poll["duration_minutes"],
        "end_datetime": iso(ends_ms),
        "voting_status": "closed" if world.now_ms() >= ends_ms else "open",
    }
