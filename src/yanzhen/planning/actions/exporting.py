"""Taking posts out of the workspace, which its log remembers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.people.models import Member
from yanzhen.planning.events import POSTS_EXPORTED, PostsExported
from yanzhen.planning.models import PostQuerySet


@transaction.atomic
def export_posts(posts: PostQuerySet, *, kind: str, by: Member, now: datetime) -> PostQuerySet:
    """Record that the member takes ``posts`` with them and return them. Every member may read them.

    ``kind`` is "CSV" or "XLSX".
    """
    record(
        POSTS_EXPORTED,
        PostsExported(count=posts.count(), format=kind),
        actor=by.ref,
        subject=by.workspace.ref,
        workspace_id=by.workspace_id,
        at=now,
    )
    return posts
