"""What is known of the team's files: where they lie, whose they are, how they may be used."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.activity.refs import Ref
from yanzhen.library.veils import veils
from yanzhen.library.windows import Standing, standing, window_whole
from yanzhen.people.models import Member, Workspace

MOST_WORDS = 8000


class Folder(models.Model):
    """A place for files, within another or at the top (``parent`` None). Never within itself."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="folders")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="folders"
    )
    name = models.CharField(_("Folder"), max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "parent", "name"],
                condition=Q(parent__isnull=False),
                name="folder_once_in_parent",
            ),
            models.UniqueConstraint(
                fields=["workspace", "name"], condition=Q(parent=None), name="folder_once_at_top"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        """How the activity log names this folder."""
        return Ref("library.folder", str(self.pk), self.name)


class Tag(models.Model):
    """A word put on files and texts. ``key`` is the name folded, so that case makes no second."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(_("Tag"), max_length=40)
    key = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="tag_once")]

    def __str__(self) -> str:
        return self.name


class Licence(models.TextChoices):
    """What lets the team use a file."""

    UNKNOWN = "", pgettext_lazy("licence", "Not said")
    OWN = "own", pgettext_lazy("licence", "Our own")
    LICENSED = "licensed", pgettext_lazy("licence", "Licensed")
    PERMISSION = "permission", pgettext_lazy("licence", "By permission")
    FREE = "free", pgettext_lazy("licence", "Free licence")


class Release(models.TextChoices):
    """Whether the people in a picture agreed to it."""

    UNKNOWN = "", pgettext_lazy("release", "Not said")
    NOBODY = "nobody", pgettext_lazy("release", "Nobody to be recognised")
    SIGNED = "signed", pgettext_lazy("release", "Signed")
    MISSING = "missing", pgettext_lazy("release", "Missing")


class AssetQuerySet(models.QuerySet["Asset"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Assets of the member's workspace of which no veil keeps any file from the member."""
        own = self.filter(workspace_id=member.workspace_id)
        for hidden in veils(member):
            own = own.exclude(files__in=hidden)
        return own


class Asset(models.Model):
    """One thing in the library. Its bytes are MediaFile rows: the newest is current, all are kept.

    ``available_at`` and ``expires_at`` (aware) bound when any of its files may go out.
    ``words`` is what a search looks through, see searching.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="assets")
    name = models.CharField(_("Name"), max_length=200)
    description = models.TextField(_("Description"), max_length=2000, blank=True)
    folder = models.ForeignKey(
        Folder, null=True, blank=True, on_delete=models.SET_NULL, related_name="assets"
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="assets")
    owner = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    licence = models.CharField(_("Licence"), max_length=12, choices=Licence, blank=True)
    release = models.CharField(_("Model release"), max_length=8, choices=Release, blank=True)
    territory = models.CharField(_("Where it may be used"), max_length=120, blank=True)
    credit = models.CharField(_("Source and credit"), max_length=200, blank=True)
    available_at = models.DateTimeField(_("May be used from"), null=True, blank=True)
    expires_at = models.DateTimeField(_("May be used until"), null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(max_length=MOST_WORDS, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects = AssetQuerySet.as_manager()

    class Meta:
        constraints = [window_whole("asset_window_whole")]
        indexes = [
            models.Index(fields=["workspace", "folder"], name="asset_folder"),
            models.Index(fields=["expires_at"], name="asset_expires"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        """How the activity log names this asset."""
        return Ref("library.asset", str(self.pk), self.name)

    def standing(self, at: datetime) -> Standing:
        """Tell whether it may be used at ``at`` (aware)."""
        return standing(self.available_at, self.expires_at, at)


class Use(models.Model):
    """One thing of a higher room that one file hangs on: ``subject_type`` and ``subject_id``.

    The room that owns the subject keeps these by actions.using and says what they are by ports.
    """

    media = models.ForeignKey("library.MediaFile", on_delete=models.CASCADE, related_name="uses")
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "media"], name="use_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}"
