"""Whom this room tells, inside the transaction of what happened."""

from __future__ import annotations

from django.urls import reverse

from yanzhen.activity.feed import Told
from yanzhen.discussion.events import ANSWERED, COMMENTED, MENTIONED
from yanzhen.discussion.models import Comment
from yanzhen.discussion.queries import mentionable
from yanzhen.notify.actions.telling import tell
from yanzhen.notify.wiring import tells
from yanzhen.planning.models import Post


def _tell(event: Told, numbers: set[int]) -> None:
    """Tell those of them who may see the post, and never the one who spoke."""
    post = Post.objects.get(pk=int(event.subject_id))
    members = [
        member
        for member in mentionable(post)
        if member.pk in numbers and str(member.pk) != event.actor_id
    ]
    url = f"{reverse('post', args=[post.pk])}#thread-{event.data['thread']}"
    tell(event, members=members, url=url)


def _tell_mentioned(event: Told) -> None:
    """Whom a comment names hears that it does."""
    _tell(event, set(event.data["mentioned"]))


def _tell_involved(event: Told) -> None:
    """The author of the post and all who spoke in the discussion, unless it names them anyway."""
    thread = Comment.objects.filter(thread_id=event.data["thread"])
    spoke = set(thread.standing().values_list("author_id", flat=True))
    author = Post.objects.values_list("author_id", flat=True).get(pk=int(event.subject_id))
    _tell(event, (spoke | {author}) - set(event.data["mentioned"]))


tells(COMMENTED, ANSWERED, listener=_tell_involved)
tells(MENTIONED, listener=_tell_mentioned)
