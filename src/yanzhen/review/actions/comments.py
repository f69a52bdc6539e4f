"""Saying something about a post without deciding."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.kernel.text import clean_text
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, NotAllowed
from yanzhen.planning.models import Post
from yanzhen.review.events import COMMENTED, Commented
from yanzhen.review.models import Comment

LONGEST = 4000


class EmptyComment(Exception):
    """There is nothing to say, or it is longer than LONGEST characters."""


@transaction.atomic
def comment_on(post: Post, *, by: Member, body: str, now: datetime) -> Comment:
    """Add a comment; every member may. Raises EmptyComment, TextRefused, NotAllowed (elsewhere)."""
    if by.workspace_id != post.workspace_id:
        raise NotAllowed(Decision.POST_WRITE, "elsewhere")
    body = clean_text(body).strip()
    if not body or len(body) > LONGEST:
        raise EmptyComment
    comment = Comment.objects.create(
        post=post, version_id=post.version_id, author=by, body=body, at=now
    )
    record(
        COMMENTED,
        Commented(post=post.pk, body=body[:200]),
        actor=by.ref,
        subject=post.ref,
        workspace_id=post.workspace_id,
        at=now,
    )
    return comment
