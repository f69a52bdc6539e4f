"""Themes, campaigns, posts, their drafts and their immutable versions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Never, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref
from yanzhen.channels.models import Account
from yanzhen.kernel.machine import StatefulModel
from yanzhen.people.models import Member, Workspace
from yanzhen.planning.states import PostState

TITLE_LENGTH = 120


def digest_of(account_id: int, texts: Iterable[str]) -> str:
    """Return the hex SHA-256 of what an approval is for: these texts, in order, to this account."""
    body = json.dumps(
        {"account": account_id, "segments": [{"text": text} for text in texts]},
        ensure_ascii=True,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(body.encode()).hexdigest()


class Theme(models.Model):
    """What a month is about. ``month_date`` is its first day."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="themes")
    month_date = models.DateField()
    name = models.CharField(_("Theme"), max_length=80)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    set_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "month_date"], name="theme_once_a_month"),
        ]

    def __str__(self) -> str:
        return self.name


class Focus(models.Model):
    """What a week is about. ``week_date`` is its Monday."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="focuses")
    week_date = models.DateField()
    name = models.CharField(_("Focus"), max_length=80)
    set_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "week_date"], name="focus_once_a_week"),
        ]

    def __str__(self) -> str:
        return self.name


class Campaign(models.Model):
    """A named effort that posts belong to. ``code`` is short and used in imports."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="campaigns")
    name = models.CharField(_("Campaign"), max_length=80)
    code = models.SlugField(max_length=40, allow_unicode=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "code"], name="campaign_code_once"),
        ]

    def __str__(self) -> str:
        return self.name


class PostQuerySet(models.QuerySet["Post"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Posts of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)

    def with_names(self) -> Self:
        """With account, author and campaign loaded, so that a list costs one query."""
        return self.select_related("account", "author__user", "campaign")

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
    ``state`` and ``levels_done`` are moved by review and publishing; see states.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="posts")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="posts")
    #: Everyone who ever saved its text, the author included; none of them may pass it.
    writers = models.ManyToManyField(Member, related_name="+")
    title = models.CharField(_("Working title"), max_length=TITLE_LENGTH, blank=True)
    excerpt = models.CharField(max_length=TITLE_LENGTH, blank=True)
    language = models.CharField(max_length=10, blank=True)
    segment_count = models.PositiveSmallIntegerField(default=1)
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
    def shown_title(self) -> str:
        """The working title, else how the text begins, else "Untitled" in the reader's language."""
        return self.title or self.excerpt or str(_("Untitled"))


class Draft(models.Model):
    """The text being written. Each save raises ``revision``; a save on an old one is refused.

    ``texts`` is a list of strings, one for each segment.
    """

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="draft")
    texts = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"draft {self.revision} of post {self.post_id}"


class Version(models.Model):
    """One state of the text, kept for ever; reviews and deliveries point here.

    ``digest`` is what an approval is for, see digest_of.
    """

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    cut_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    cut_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="version_number_once"),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; refuse to change a version."""
        if not self._state.adding:
            raise TypeError("versions never change")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refuse."""
        raise TypeError("versions never go")

    @property
    def ref(self) -> Ref:
        """How the activity log names this version."""
        return Ref("planning.version", str(self.pk), str(self))


class Segment(models.Model):
    """One X post's worth of text; a thread has several. ``position`` counts from 0."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="segments")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="segment_position_once"),
        ]

    def __str__(self) -> str:
        return self.text[:40]


def texts_of(version: Version) -> Sequence[str]:
    """Return the version's texts in order; one query unless segments are prefetched."""
    return [s.text for s in sorted(version.segments.all(), key=lambda s: s.position)]


def month_of(day: date) -> date:
    """Return the first day of the month, as themes are kept."""
    return day.replace(day=1)
