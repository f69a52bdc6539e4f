"""Themes, campaigns, posts, their drafts and their immutable versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Never, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.activity.refs import Ref
from yanzhen.channels.models import Account
from yanzhen.kernel.machine import StatefulModel
from yanzhen.people.models import Member, Workspace
from yanzhen.planning.content import Content, PostKind, SegmentContent, Terms, read_segments
from yanzhen.planning.embargoes import Embargo, veiled_posts
from yanzhen.planning.keeping import SavedView  # noqa: F401 -- makes its tables known
from yanzhen.planning.states import PostState

TITLE_LENGTH = 120


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


class Recurrence(models.Model):
    """A post that goes out again, stepping in local wall time of the post's own zone.

    ``step`` is day, week or month, ``every`` how many of them lie between; ``weekdays`` (0 is
    Monday) only for weeks. ``times`` counts all occurrences, the first included.
    """

    class Step(models.TextChoices):
        DAY = "day", pgettext_lazy("recurrence", "day")
        WEEK = "week", pgettext_lazy("recurrence", "week")
        MONTH = "month", pgettext_lazy("recurrence", "month")

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="recurrence")
    step = models.CharField(max_length=6, choices=Step)
    every = models.PositiveSmallIntegerField(default=1)
    weekdays = models.JSONField(default=list, blank=True)
    times = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(every__gte=1, every__lte=12, times__gte=2, times__lte=60),
                name="recurrence_bounded",
            ),
        ]

    def __str__(self) -> str:
        return f"every {self.every} {self.step}"


class Occurrence(models.Model):
    """One time a recurring post goes out. ``number`` counts from 0, which is the post's own time.

    Times as in Post. ``moved`` tells that the wall time does not exist on that day (clocks go
    forward) and the next that exists was taken.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="occurrences")
    number = models.PositiveSmallIntegerField()
    due_wall = models.CharField(max_length=16)
    due_fold = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    moved = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="occurrence_once"),
        ]

    def __str__(self) -> str:
        return f"occurrence {self.number} of post {self.post_id}"


class Draft(models.Model):
    """What is being written. Each save raises ``revision``; a save on an old one is refused.

    ``texts`` is a list of strings, one for each segment; ``extras`` lists beside each what else it
    holds (SegmentContent.extras) and may be shorter; ``terms`` is Terms.as_json. ``words`` are the
    texts as they are searched, see wording.words_of.
    """

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="draft")
    texts = models.JSONField(default=list)
    extras = models.JSONField(default=list, blank=True)
    terms = models.JSONField(default=dict, blank=True)
    words = models.TextField(default="", blank=True)
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"draft {self.revision} of post {self.post_id}"

    @property
    def content(self) -> Content:
        """All of it as values, empty segments included; reads the post for its kind."""
        return Content(
            segments=read_segments(self.texts, self.extras),
            terms=Terms.read(self.terms),
            kind=PostKind(self.post.kind),
            target=self.post.target_id,
        )


class Version(models.Model):
    """One state of the text, kept for ever; reviews and deliveries point here.

    ``digest`` is what an approval is for, see content.Content.digest. ``kind`` and ``target_id``
    are the post's.
    """

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    terms = models.JSONField(default=dict, blank=True)
    kind = models.CharField(
        max_length=8, choices=[(kind.value, kind.value) for kind in PostKind], default=PostKind.POST
    )
    target_id = models.CharField(max_length=40, blank=True)
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
    """One X post's worth; a thread has several. ``position`` counts from 0.

    ``extras`` is SegmentContent.extras: media and poll.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="segments")
    position = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    extras = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="segment_position_once"),
        ]

    def __str__(self) -> str:
        return self.text[:40]


def texts_of(version: Version) -> Sequence[str]:
    """Return the version's texts in order; one query unless segments are prefetched."""
    return [s.text for s in sorted(version.segments.all(), key=lambda s: s.position)]


def content_of(version: Version) -> Content:
    """Return all of the version as values; one query unless segments are prefetched."""
    rows = sorted(version.segments.all(), key=lambda s: s.position)
    return Content(
        segments=tuple(SegmentContent.read(row.text, row.extras) for row in rows),
        terms=Terms.read(version.terms),
        kind=PostKind(version.kind),
        target=version.target_id,
    )


def month_of(day: date) -> date:
    """Return the first day of the month, as themes are kept."""
    return day.replace(day=1)


class CalendarLinkQuerySet(models.QuerySet["CalendarLink"]):
    """Named reads."""

    def of(self, member: Member) -> Self:
        """The member's own links; nobody sees anybody else's."""
        return self.filter(member=member)

    def open(self) -> Self:
        """Links that answer: not revoked, of somebody who is still a member."""
        return self.filter(revoked_at=None, member__active=True, member__user__is_active=True)


class CalendarLink(models.Model):
    """An address under which other calendars read the plan. Only the secret's SHA-256 is kept.

    ``account`` is set for ONE_ACCOUNT only. ``titled`` False leaves working titles out. ``used_at``
    is precise to ten minutes.
    """

    class Shows(models.TextChoices):
        EVERYTHING = "everything", pgettext_lazy("calendar link", "All posts")
        OWN = "own", pgettext_lazy("calendar link", "My own posts")
        ONE_ACCOUNT = "account", pgettext_lazy("calendar link", "Posts of one account")

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="calendar_links")
    shows = models.CharField(max_length=10, choices=Shows)
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    titled = models.BooleanField(default=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(shows="account", account__isnull=False)
                | Q(shows__in=["everything", "own"], account=None),
                name="calendar_link_account",
            ),
        ]

    def __str__(self) -> str:
        return str(self.account) if self.account else str(self.get_shows_display())

    @property
    def ref(self) -> Ref:
        """How the activity log names this link, which is never by its secret."""
        return Ref("planning.calendar_link", str(self.pk), str(self))
