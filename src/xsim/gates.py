"""The rules that may refuse a post: who may answer whom, how much, how long, and nothing twice."""

from __future__ import annotations

from xsim import text as words
from xsim.accounts import App, User, user_by_id
from xsim.drafts import Draft
from xsim.ids import Snowflakes
from xsim.posts import Post, by_id
from xsim.problems import (
    Refused,
    daily_cap,
    duplicate_content,
    invalid_request,
    quote_gate,
    reply_gate,
)
from xsim.world import World

PLAIN_LIMIT = 280
PREMIUM_LIMIT = 25_000
DAY_MS = 24 * 60 * 60 * 1000
# The real window is not published; a day is this server's choice.
DUPLICATE_WINDOW_MS = DAY_MS
# Posts of one account in 24 hours, all its clients together.
CAP_OF_ALL, CAP_OF_ORIGINALS, CAP_OF_REPLIES = 2_400, 50, 200


def pass_gates(
    world: World, author: User, *, parent: Post | None, quoted: Post | None, app: App | None
) -> None:
    """Refuse replies and quotes that the author may not write.

    ``app`` None is the author's own hand: what binds apps alone does not apply.
    """
    bound = app is not None and not app.enterprise
    if parent and bound and not may_answer_by_app(world, author, parent):
        raise reply_gate()
    if parent and not _lets_answer(world, author, parent):
        raise reply_gate()
    if quoted and bound:
        raise quote_gate()


def may_answer_by_app(world: World, author: User, target: Post) -> bool:
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


def _lets_answer(world: World, author: User, target: Post) -> bool:
    """Apply the reply settings of the post that began the conversation.

    Whoever is named in it may always answer. Nobody subscribes to anybody here.
    """
    root = by_id(world, target.conversation_id) or target
    if root.reply_settings == "everyone" or root.author_id == author.id:
        return True
    if any(one["id"] == author.id for one in root.entities.get("mentions", [])):
        return True
    if root.reply_settings == "verified":
        return author.verified_type != "none"
    if root.reply_settings == "following":
        found = world.store.row(
            "SELECT 1 FROM follows WHERE follower_id = ? AND followed_id = ?",
            (root.author_id, author.id),
        )
        return found is not None
    return False


def judge_text(world: World, author: User, text: str, parent: Post | None) -> int:
    """Refuse a text that is too long or has two cashtags; gives its weight."""
    counted = words.counted_part(text, _conversation_handles(world, parent)) if parent else text
    weight = words.weight(counted)
    if weight > (PREMIUM_LIMIT if author.premium else PLAIN_LIMIT):
        raise too_long(weight, text)
    if sum(span.kind == "cashtag" for span in words.spans(text)) > 1:
        raise invalid_request("[text] holds more than one cashtag", text=text[:100])
    return weight


def too_long(weight: int, text: str) -> Refused:
    """Word the refusal of a text that is longer than its account may post."""
    return invalid_request(
        f"[text] weighs {weight}, more than this account may post", text=text[:100]
    )


def _conversation_handles(world: World, parent: Post) -> frozenset[str]:
    author = user_by_id(world, parent.author_id)
    named = [mention["username"] for mention in parent.entities.get("mentions", [])]
    return frozenset(name.lower() for name in [*named, *([author.username] if author else [])])


def likeness(text: str, parent: Post | None, draft: Draft) -> str:
    """Make the key by which two posts count as the same; polls, media and edits always differ."""
    if draft.poll or draft.media_ids or draft.edits:
        return ""
    addressee = parent.author_id if parent else ""
    return f"{addressee}:{draft.quoted or ''}:{' '.join(text.split())}"


def refuse_duplicate(world: World, author: User, likeness_: str) -> None:
    """Refuse what the author has posted within the window and not deleted."""
    since = world.now_ms() - DUPLICATE_WINDOW_MS
    same = likeness_ and world.store.row(
        "SELECT 1 FROM posts WHERE author_id = ? AND likeness = ? AND deleted_ms IS NULL "
        "AND created_ms > ?",
        (author.id, likeness_, since),
    )
    if same:
        raise duplicate_content()


def refuse_over_cap(world: World, author: User, *, is_reply: bool) -> None:
    """Refuse the post that would be one too many for its account within 24 hours.

    All its posts count, by app or by hand, deleted ones too.
    """
    if not (world.limits.enabled and world.limits.daily_caps):
        return
    since = Snowflakes.floor(world.now_ms() - DAY_MS)
    full = world.store.row(
        "SELECT 1 FROM posts WHERE author_id = ? AND id > ? LIMIT 1 OFFSET ?",
        (author.id, since, CAP_OF_ALL - 1),
    )
    if full is None and author.verified_type == "none":
        which = "NOT NULL" if is_reply else "NULL"
        full = world.store.row(
            f"SELECT 1 FROM posts WHERE author_id = ? AND id > ? AND reply_to IS {which} "  # noqa: S608 -- literals of this package
            "LIMIT 1 OFFSET ?",
            (author.id, since, (CAP_OF_REPLIES if is_reply else CAP_OF_ORIGINALS) - 1),
        )
    if full is not None:
        raise daily_cap()
