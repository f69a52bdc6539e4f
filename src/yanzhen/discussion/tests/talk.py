"""What this room's tests read of the log and of the notices."""

from __future__ import annotations

from yanzhen.activity.feed import events
from yanzhen.discussion.actions.talking import open_thread
from yanzhen.discussion.models import Comment, Thread
from yanzhen.notify.models import Notice
from yanzhen.people.models import Member
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.models import Post


def said(post: Post, by: Member, body: str = "Too long?", now=NOW, **about) -> Comment:
    """Begin a discussion of the post."""
    return open_thread(post, by=by, body=body, now=now, **about)


def fresh(thread: Thread) -> Thread:
    """Give the same row as another page would hold it."""
    return Thread.objects.get(pk=thread.pk)


def kinds_about(post: Post) -> list[str]:
    """Return what this room recorded about the post, oldest first, without the room's name."""
    found = events().objects.about("planning.post", str(post.pk)).values_list("kind", flat=True)
    mine = (kind for kind in found if kind.startswith("discussion."))
    return [kind.removeprefix("discussion.") for kind in mine]


def told(member: Member) -> list[str]:
    """Return the kinds of the member's notices, oldest first, without the room's name."""
    kinds = Notice.objects.visible_to(member).order_by("pk").values_list("kind", flat=True)
    return [kind.removeprefix("discussion.") for kind in kinds if kind.startswith("discussion.")]
