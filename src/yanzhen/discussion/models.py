"""Discussions of a post, who has it open, and who is writing in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanzhen.discussion.states import ThreadState
from yanzhen.kernel.machine import StatefulModel
from yanzhen.people.models import Member, Workspace
from yanzhen.planning.embargoes import veiled_posts
from yanzhen.planning.models import Post

BODY_LENGTH = 4000
QUOTE_LENGTH = 500
#: That somebody is here is written down again after so long: most heartbeats only read.
SEEN_STEP = timedelta(seconds=30)
#: Whoever was not noted for so long has gone, and holds nothing any more: a minute of silence.
GONE_AFTER = timedelta(seconds=60) + SEEN_STEP
#: Whoever leaves a page keeps the pen for so long: loading it again is no leaving.
BACK_WITHIN = timedelta(seconds=5)
PAGE_LENGTH = 36
#: So long may a comment be changed by who wrote it.
CHANGE_WITHIN = timedelta(minutes=15)


class ThreadQuerySet(models.QuerySet["Thread"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Those about posts that the member may see."""
        own = self.filter(workspace_id=member.workspace_id)
        return own.exclude(post_id__in=veiled_posts(member))

    def standing(self) -> Self:
        """Those in which something is still said: a comment that nobody took back."""
        said = Comment.objects.filter(thread=OuterRef("pk"), removed_at=None)
        return self.filter(Exists(said))

    def open(self) -> Self:
        """Those that nobody resolved."""
        return self.filter(state=ThreadState.OPEN)


class Thread(StatefulModel):
    """Comments that answer each other, about a whole post or a passage of it.

    ``quote`` is the passage as it read ("" for the whole post), in the segment at ``position``
    (from 0) of version ``version`` (None while none was kept). ``moved_by`` resolved it, or opened
    it again, at ``state_since_at``.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="discussions")
    state = models.CharField(max_length=8, choices=ThreadState, default=ThreadState.OPEN)
    quote = models.CharField(max_length=QUOTE_LENGTH, blank=True)
    position = models.PositiveSmallIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(null=True, blank=True)
    moved_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ThreadState.values), name="discussion_state_known"
            ),
            models.CheckConstraint(
                condition=Q(quote="") | Q(position__isnull=False), name="discussion_quote_placed"
            ),
        ]
        indexes = [models.Index(fields=["post", "state"], name="discussion_post_state")]

    def __str__(self) -> str:
        return f"discussion {self.pk} of post {self.post_id}"

    @property
    def anchor(self) -> str:
        """Where the panel shows it, for addresses."""
        return f"thread-{self.pk}"


class DiscussionCommentQuerySet(models.QuerySet["Comment"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Those on posts that the member may see."""
        own = self.filter(thread__workspace_id=member.workspace_id)
        return own.exclude(thread__post_id__in=veiled_posts(member))

    def standing(self) -> Self:
        """Those nobody took back."""
        return self.filter(removed_at=None)


class Comment(models.Model):
    """What one member said. The words of one that was taken back stay for its undo alone."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(_("Comment"))
    mentioned = models.ManyToManyField(Member, related_name="+")
    at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = DiscussionCommentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["thread", "at"], name="discussion_comment_order")]

    def __str__(self) -> str:
        return f"comment {self.pk} by member {self.author_id}"

    @property
    def anchor(self) -> str:
        """Where the panel shows it, for addresses."""
        return f"comment-{self.pk}"

    @property
    def address(self) -> str:
        """Where it can be read with what it answers, and be answered. The thread must be loaded."""
        page = reverse("post-discussion", args=[self.thread.post_id])
        return f"{page}?show={self.thread.state}#{self.anchor}"

    def may_change(self, member_id: int, *, now: datetime) -> bool:
        """Tell whether the member may still put it into other words."""
        own = self.author_id == member_id and self.removed_at is None
        return own and now - self.at <= CHANGE_WITHIN


class PresenceQuerySet(models.QuerySet["Presence"]):
    """Named reads."""

    def here(self, *, now: datetime) -> Self:
        """Those heard of lately; ``now`` is aware."""
        return self.filter(seen_at__gt=now - GONE_AFTER)


class Presence(models.Model):
    """A page on which a member has the post open; ``page`` tells one's pages apart.

    ``unsaved``: words are typed that are not saved yet.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=PAGE_LENGTH, blank=True)
    seen_at = models.DateTimeField(db_index=True)
    unsaved = models.BooleanField(default=False)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "member", "page"], name="presence_once"),
        ]

    def __str__(self) -> str:
        return f"member {self.member_id} at post {self.post_id}"


class PenQuerySet(models.QuerySet["Pen"]):
    """Named reads."""

    def held(self, *, now: datetime) -> Self:
        """Those whose holder was heard of lately; ``now`` is aware."""
        return self.filter(seen_at__gt=now - GONE_AFTER)


class Pen(models.Model):
    """Who writes in a draft, ``since`` when, and when they were heard of last.

    ``taken_from`` held it before and was taken it from; None where it was free. It keeps nobody
    from saving: what two saved at once is for the composer's merge.
    """

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="+")
    holder = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    taken_from = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = PenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"pen of post {self.post_id} in the hand of member {self.holder_id}"
