"""Media files, and what a video says in letters."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref
from yanzhen.library.facts import MediaFacts, MediaKind
from yanzhen.library.models.assets import Asset
from yanzhen.library.veils import veils
from yanzhen.people.models import Member, Workspace

MOST_ALT = 1000
MOST_NAME = 200
MOST_SAID = 6000


class MediaQuerySet(models.QuerySet["MediaFile"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Files of the member's workspace that no veil keeps from the member."""
        own = self.filter(workspace_id=member.workspace_id)
        for hidden in veils(member):
            own = own.exclude(pk__in=hidden)
        return own

    def shelved(self) -> Self:
        """What the library shows: the current file of everything that is not archived."""
        return self.filter(current=True, asset__archived_at=None)

    def postable(self) -> Self:
        """What can hang on a post: all but documents and what a browser recorded."""
        return self.exclude(kind=MediaKind.DOCUMENT).exclude(mime="video/webm")

    def newest_first(self) -> Self:
        """What came last, first; with its uploader."""
        rows = self.select_related("uploaded_by__user", "asset__owner__user")
        return rows.order_by("-uploaded_at", "-pk")


class MediaFile(models.Model):
    """One media file of a workspace, as its bytes lie in the store; they never change.

    ``sha256`` is the hex digest of the stored bytes and names them there. ``width`` and ``height``
    are pixels as shown, 0 for a document. ``said`` are a document's words, for the search. ``name``
    is what the uploader called it, for reading only. ``derived_from`` is the file an edit started
    from. ``has_location`` tells of the stored bytes; ``location_removed`` whether some was taken
    out on the way in. A ``thumbnail_sha256`` of "" says that there is no small picture: a video's
    is made by the browser. ``number`` counts the versions of its asset from 1, of which one is
    ``current``. ``likeness`` (decoding.likeness) of a still image, "" for all else.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="media")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="files")
    number = models.PositiveIntegerField(default=1)
    current = models.BooleanField(default=True)
    likeness = models.CharField(max_length=16, blank=True)
    kind = models.CharField(max_length=10, choices=MediaKind.choices)
    sha256 = models.CharField(max_length=64)
    mime = models.CharField(max_length=100)
    byte_count = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    duration_ms = models.PositiveBigIntegerField(null=True, blank=True)
    frame_count = models.PositiveIntegerField(null=True, blank=True)
    fps = models.FloatField(null=True, blank=True)
    video_codec = models.CharField(max_length=40, blank=True)
    audio_codec = models.CharField(max_length=40, blank=True)
    name = models.CharField(_("File name"), max_length=MOST_NAME)
    said = models.TextField(max_length=MOST_SAID, blank=True)
    alt = models.CharField(_("Alt text"), max_length=MOST_ALT, blank=True)
    uploaded_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    derived_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="derived"
    )
    has_location = models.BooleanField(default=False)
    location_removed = models.BooleanField(default=False)
    thumbnail_sha256 = models.CharField(max_length=64, blank=True)
    thumbnail_width = models.PositiveIntegerField(null=True, blank=True)
    thumbnail_height = models.PositiveIntegerField(null=True, blank=True)

    objects = MediaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "sha256"], name="media_once"),
            models.UniqueConstraint(
                fields=["asset"], condition=Q(current=True), name="media_one_current"
            ),
            models.UniqueConstraint(fields=["asset", "number"], name="media_number_once"),
            models.CheckConstraint(condition=Q(kind__in=MediaKind.values), name="media_kind_known"),
            models.CheckConstraint(
                condition=Q(byte_count__gt=0)
                & (
                    Q(kind=MediaKind.DOCUMENT, width=0, height=0)
                    | (~Q(kind=MediaKind.DOCUMENT) & Q(width__gt=0, height__gt=0))
                ),
                name="media_has_a_size",
            ),
            models.CheckConstraint(
                condition=Q(thumbnail_sha256="", thumbnail_width=None, thumbnail_height=None)
                | (
                    ~Q(thumbnail_sha256="")
                    & Q(thumbnail_width__isnull=False, thumbnail_height__isnull=False)
                ),
                name="media_thumbnail_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-uploaded_at", "-id"], name="media_newest_first"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        """How the activity log names this file."""
        return Ref("library.mediafile", str(self.pk), self.name)

    @property
    def facts(self) -> MediaFacts:
        """What the bytes are, as plain values."""
        return MediaFacts(
            kind=MediaKind(self.kind),
            mime=self.mime,
            byte_count=self.byte_count,
            width=self.width,
            height=self.height,
            duration_ms=self.duration_ms,
            frame_count=self.frame_count,
            fps=self.fps,
            video_codec=self.video_codec,
            audio_codec=self.audio_codec,
        )


class Subtitles(models.Model):
    """What is said in a video, as SRT, in one language (BCP 47 tag). ``sha256`` is of the text."""

    media = models.ForeignKey(MediaFile, on_delete=models.CASCADE, related_name="subtitles")
    language = models.CharField(_("Language"), max_length=35)
    label = models.CharField(_("Label"), max_length=80)
    text = models.TextField(_("Subtitles"))
    sha256 = models.CharField(max_length=64)
    saved_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "subtitles"
        constraints = [
            models.UniqueConstraint(fields=["media", "language"], name="subtitles_once"),
        ]

    def __str__(self) -> str:
        return f"{self.language} for {self.media_id}"
