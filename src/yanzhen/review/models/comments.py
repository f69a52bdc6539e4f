"""What members say of a post beside the verdicts."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanzhen.people.models import Member
from yanzhen.planning.embargoes import veiled_posts
from yanzhen.planning.models import Post, Version


class CommentQuerySet(models.QuerySet["Comment"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Comments on posts that the member may see."""
        own = self.filter(post__workspace_id=member.workspace_id)
        return own.exclude(post_id__in=veiled_posts(member))


class Comment(models.Model):
    """What a member said about a post, beside the verdicts."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="comments")
    version = models.ForeignKey(
        Version, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(_("Comment"))
    at = models.DateTimeField()

    objects = CommentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.body[:40]
