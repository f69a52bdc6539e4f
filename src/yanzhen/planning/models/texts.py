"""What posts say: the draft that is written, and the versions that never change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Never

from django.db import models

from yanzhen.activity.refs import Ref
from yanzhen.channels.models import Account
from yanzhen.people.models import Member
from yanzhen.planning.content import Content, PostKind, SegmentContent, Terms, read_segments
from yanzhen.planning.models.posts import Post


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
