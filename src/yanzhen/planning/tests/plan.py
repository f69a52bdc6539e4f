"""Posts for planning's tests, made through the actions."""

from __future__ import annotations

from datetime import datetime

from yanzhen.activity.feed import events
from yanzhen.channels.models import Account
from yanzhen.people.models import Member
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.timing import mark, time_post
from yanzhen.planning.actions.writing import create_post, cut_version
from yanzhen.planning.models import Post

WALL = datetime.fromisoformat("2026-03-10T10:00")
BERLIN = "Europe/Berlin"


def make_post(account: Account, author: Member, *texts: str, title: str = "") -> Post:
    """Start a post with these segments."""
    texts = texts or ("Geese take turns at the lead.",)
    return create_post(account=account, by=author, texts=texts, title=title, now=NOW)


def copy_of(post: Post) -> Post:
    """Return the same row as another page would hold it."""
    return Post.objects.get(pk=post.pk)


def in_review(post: Post, by: Member) -> Post:
    """Move the post to review as the room above does, without a round."""
    cut_version(post, by=by, now=NOW)
    mark(post, "submit", now=NOW, levels_done=1)
    return post


def passed(post: Post, by: Member) -> Post:
    """Move the post past review without a round."""
    in_review(post, by)
    mark(post, "pass", now=NOW, levels_done=3)
    return post


def timed(post: Post, by: Member, wall: datetime = WALL, zone: str = BERLIN) -> Post:
    """Give the post a time."""
    return time_post(post, by=by, wall=wall, zone=zone, now=NOW)


def kinds_about(post: Post) -> list[str]:
    """Return the kinds recorded about the post, oldest first."""
    return list(
        events().objects.about("planning.post", str(post.pk)).values_list("kind", flat=True)
    )
