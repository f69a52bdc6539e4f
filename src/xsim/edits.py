"""Edits: each makes a new post that takes the place of the one before."""

from __future__ import annotations

from typing import Any

from xsim.accounts import User
from xsim.clock import iso
from xsim.drafts import Draft
from xsim.posts import Post, by_id, expect, versions
from xsim.problems import Refused, invalid_request, not_permitted
from xsim.world import World

EDITS_MAX = 5
WINDOW_MS = 60 * 60 * 1000


def editable(world: World, author: User, draft: Draft) -> Post | None:
    """Find the post that a draft replaces; None for a draft that replaces none.

    Raises Refused: 404 when it is gone, 403 when it is another's or its author is not Premium,
    400 when it is too late, one edit too many, an older version, or of a kind that stays as it is.
    """
    if draft.edits is None:
        return None
    post = expect(world, draft.edits, "edit_options.previous_post_id")
    if post.author_id != author.id or not author.premium:
        raise not_permitted()
    history = versions(world, post.id)
    if post.id != history[-1]:
        raise _refused("is not the newest version", draft)
    if len(history) > EDITS_MAX:
        raise _refused("has been edited 5 times", draft)
    if world.now_ms() >= _until_ms(world, history[0], post):
        raise _refused("is older than 60 minutes", draft)
    if not may_ever_change(post) or draft.poll:
        raise _refused("is of a kind that cannot be edited", draft)
    if draft.reply_to is not None and draft.reply_to != str(post.reply_to):
        raise _refused("answers another post", draft)
    return post


def _refused(why: str, draft: Draft) -> Refused:
    return invalid_request(
        f"[edit_options.previous_post_id] {why}",
        **{"edit_options.previous_post_id": draft.edits},
    )


def _until_ms(world: World, first_id: int, post: Post) -> int:
    first = by_id(world, first_id) or post
    return first.created_ms + WINDOW_MS


def may_ever_change(post: Post) -> bool:
    """Tell whether a post is of a kind that can be edited: no poll, no repost, and no reply to
    another.
    """
    if post.poll or post.repost_of:
        return False
    return post.reply_to is None or post.reply_to_user == post.author_id


def link(world: World, previous: Post, post_id: int) -> None:
    """Note that a post takes the place of another."""
    first_id = versions(world, previous.id)[0]
    world.store.insert(
        "edits", {"post_id": post_id, "previous_id": previous.id, "first_id": first_id}
    )


def controls(world: World, post: Post, history: list[int]) -> dict[str, Any]:
    """Show what can still be edited, and until when."""
    return {
        "edits_remaining": EDITS_MAX - (len(history) - 1),
        "is_edit_eligible": may_ever_change(post),
        "editable_until": iso(_until_ms(world, history[0], post)),
    }
