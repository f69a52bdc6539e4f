"""Posts: what is to be said, and when."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref
from yanzhen.channels.models import Account
from yanzhen.kernel.machine import StatefulModel
from yanzhen.people.models import Member, Workspace
from yanzhen.planning.content import PostKind
from yanzhen.planning.embargoes import Embargo, veiled_posts
from yanzhen.planning.models.frame import Campaign
from yanzhen.planning.states import PostState

TITLE_LENGTH = 120


class PostQuerySet(models.QuerySet["Post"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Posts of the member's workspace, but for what an embargo keeps from the member.

        The single veil: every other reader of posts comes through here, or through veiled_posts.
        """
        own = self.filter(workspace_id=member.workspace_id)
        return own.exclude(pk__in=veiled_posts(member))

    def with_names(self) -> Self:
        """With account, author, campaign and embargo loaded, so that a list costs one query."""
        return self.select_related("account", "author__user", "campaign", "embargo")

    def live(self) -> Self:
        """Everything but what was dropped."""
        return self.exclude(state=PostState.DROPPED)

    def due_between(self, start: datetime, end: datetime) -> Self:
        """Due at or after ``start`` and before ``end`` (aware), earliest first."""
        return self.filter(due_at__gte=start, due_at__lt=end).order_by("due_at", "pk")

    def without_time(self) -> Self:
        """Not on the calendar yet, newest first."""
        return self.filter(due_at=None).order_by("-updated_at", "-pk")


class Post(StatefulModel):
    """What is to be said: one post or a thread, to one account.

    The time is kept as people said it (``due_wall``, "YYYY-MM-DDTHH:MM" in ``due_zone``, and
    ``due_fold`` for a repeated hour) and as ``due_at``, aware UTC, resolved with ``due_tzdata``.
    ``state`` and ``levels_done`` are moved by review and publishing; see states. ``kind`` says what
    it does on X; an edit or repost names the id there (``target_id``) and, where that post is one
    of ours, the post (``source``).
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="posts")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="posts")
    #: Everyone who ever saved its text, the author included; none of them may pass it.
    writers = models.ManyToManyField(Member, related_name="+")
    kind = models.CharField(
        max_length=8, choices=[(kind.value, kind.value) for kind in PostKind], default=PostKind.POST
    )
    target_id = models.CharField(max_length=40, blank=True)
    source = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="made_from_it"
    )
    title = models.CharField(_("Working title"), max_length=TITLE_LENGTH, blank=True)
    excerpt = models.CharField(max_length=TITLE_LENGTH, blank=True)
    language = models.CharField(max_length=10, blank=True)
    segment_count = models.PositiveSmallIntegerField(default=1)
    #: likeness.fingerprint of the draft's texts: narrows down what is worth comparing.
    fingerprint = models.BinaryField(default=bytes, blank=True)
    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="posts"
    )
    state = models.CharField(max_length=12, choices=PostState, default=PostState.DRAFT)
    levels_done = models.PositiveSmallIntegerField(default=0)
    version = models.ForeignKey(
        "planning.Version", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_wall = models.CharField(max_length=16, blank=True)
    due_zone = models.CharField(max_length=64, blank=True)
    due_fold = models.PositiveSmallIntegerField(default=0)
    due_tzdata = models.CharField(max_length=20, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=PostState.values), name="post_state_known"
            ),
            models.CheckConstraint(
                condition=Q(due_at=None, due_wall="") | Q(due_at__isnull=False, due_wall__gt=""),
                name="post_due_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=PostState.SCHEDULED) | Q(due_at__isnull=False),
                name="post_scheduled_has_time",
            ),
            models.CheckConstraint(
                condition=Q(kind=PostKind.POST, target_id="")
                | Q(kind__in=[PostKind.EDIT, PostKind.REPOST], target_id__gt=""),
                name="post_target_with_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "due_at"], name="post_due"),
            models.Index(fields=["workspace", "state", "due_at"], name="post_state_due"),
            models.Index(fields=["workspace", "updated_at"], name="post_updated"),
        ]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def ref(self) -> Ref:
        """How the activity log names this post."""
        return Ref("planning.post", str(self.pk), self.shown_title)

    @property
    def standing_embargo(self) -> Embargo | None:
        """The embargo that has not lifted, for showing; loaded by with_names()."""
        found: Embargo | None = getattr(self, "embargo", None)
        return found if found is not None and found.stands else None

    @property
    def shown_title(self) -> str:
        """The working title, else how the text begins, else "Untitled" in the reader's language."""
        return self.title or self.excerpt or str(_("Untitled"))
