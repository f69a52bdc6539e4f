"""Embargoes: until when a post is for a few only, and the one veil that everybody else looks at.

The veil is by the database's clock, inside the query that reads: a machine whose clock is fast must
not lift it early.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from yanzhen.kernel import clock
from yanzhen.library.models import MediaFile
from yanzhen.people.models import Member, Workspace

REASON_LENGTH = 300


class EmbargoQuerySet(models.QuerySet["Embargo"]):
    """Named reads."""

    def standing(self) -> Self:
        """Those not lifted yet, by the database's clock."""
        return self.filter(lifts_at__gt=clock.database_moment())

    def against(self, member: Member) -> Self:
        """Those standing ones of the workspace that keep their post from the member."""
        rows = self.standing().filter(workspace_id=member.workspace_id)
        rows = rows.exclude(post__author_id=member.pk)
        return rows.exclude(post__writers=member.pk).exclude(readers=member.pk)


class Embargo(models.Model):
    """Until ``lifts_at`` (aware UTC) a post is for its writers and ``readers`` alone.

    The time is kept as posts keep theirs: ``lifts_wall`` ("YYYY-MM-DDTHH:MM") in ``lifts_zone``,
    ``lifts_fold`` and ``lifts_tzdata``. One that has lifted stays as a row and stops nothing.
    ``revision`` rises with every change: what was proposed about an older one is void.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    post = models.OneToOneField("planning.Post", on_delete=models.PROTECT, related_name="embargo")
    lifts_wall = models.CharField(max_length=16)
    lifts_zone = models.CharField(max_length=64)
    lifts_fold = models.PositiveSmallIntegerField(default=0)
    lifts_tzdata = models.CharField(max_length=20)
    lifts_at = models.DateTimeField()
    reason = models.CharField(_("Reason"), max_length=REASON_LENGTH, blank=True)
    readers = models.ManyToManyField(Member, related_name="+")
    set_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    objects = EmbargoQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["workspace", "lifts_at"], name="embargo_standing")]

    def __str__(self) -> str:
        return f"embargo on post {self.post_id} until {self.lifts_at:%Y-%m-%d %H:%M} UTC"

    @property
    def stands(self) -> bool:
        """Whether it has not lifted, for showing; what must be certain asks the database."""
        return self.lifts_at > clock.now()

    @property
    def lifts_local(self) -> datetime:
        """When it lifts, by the clocks of its zone."""
        return self.lifts_at.astimezone(ZoneInfo(self.lifts_zone))


class EmbargoWish(models.Model):
    """One member's wish to loosen an embargo; a second one on the list makes it so.

    ``lifts_at`` None is "at once"; else the five fields are what the embargo's are to be, and
    ``readers`` who is to be on the list. ``revision`` is the embargo's it was written for.
    """

    embargo = models.ForeignKey(Embargo, on_delete=models.PROTECT, related_name="wishes")
    revision = models.PositiveIntegerField()
    lifts_wall = models.CharField(max_length=16, blank=True)
    lifts_zone = models.CharField(max_length=64, blank=True)
    lifts_fold = models.PositiveSmallIntegerField(default=0)
    lifts_tzdata = models.CharField(max_length=20, blank=True)
    lifts_at = models.DateTimeField(null=True, blank=True)
    readers = models.ManyToManyField(Member, related_name="+")
    reason = models.CharField(_("Reason"), max_length=REASON_LENGTH)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["embargo"], condition=Q(closed_at=None), name="one_open_embargo_wish"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")),
                name="embargo_wish_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"wish about {self.embargo}"

    @property
    def lifts_local(self) -> datetime | None:
        """When it is to lift by the clocks of the wished zone; None for at once."""
        return self.lifts_at.astimezone(ZoneInfo(self.lifts_zone)) if self.lifts_at else None


class Carried(models.Model):
    """A post that carries a media file, or once did: what hung there for a minute is as secret."""

    post = models.ForeignKey("planning.Post", on_delete=models.CASCADE, related_name="+")
    media = models.ForeignKey(MediaFile, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name_plural = "carried"
        constraints = [
            models.UniqueConstraint(fields=["post", "media"], name="carried_once"),
        ]

    def __str__(self) -> str:
        return f"media {self.media_id} on post {self.post_id}"


def veiled_posts(member: Member) -> models.QuerySet[Embargo, int]:
    """Return the numbers of the posts an embargo keeps from the member, to stand in a query."""
    return Embargo.objects.against(member).values_list("post_id", flat=True)


def veiled_media(member: Member) -> models.QuerySet[MediaFile, int]:
    """Return the numbers of the files kept from the member, to stand in a query.

    Those only embargoed posts carry, what was made from them and what they were made from: a crop
    shows as much.
    """
    veiled = veiled_posts(member)
    secret = Carried.objects.filter(post_id__in=veiled)
    return _secret_files(secret, elsewhere=Carried.objects.exclude(post_id__in=veiled))


def secret_media(workspace_id: int) -> models.QuerySet[MediaFile, int]:
    """Return the numbers of the files that only posts under an embargo carry, whoever asks."""
    standing = Embargo.objects.standing().filter(workspace_id=workspace_id)
    embargoed = standing.values("post_id")
    secret = Carried.objects.filter(post_id__in=embargoed)
    return _secret_files(secret, elsewhere=Carried.objects.exclude(post_id__in=embargoed))


def _secret_files(
    secret: models.QuerySet[Carried], *, elsewhere: models.QuerySet[Carried]
) -> models.QuerySet[MediaFile, int]:
    carried = secret.values("media_id")
    originals = MediaFile.objects.filter(pk__in=carried, derived_from__isnull=False)
    kin = (
        Q(pk__in=carried)
        | Q(derived_from__in=carried)
        | Q(pk__in=originals.values("derived_from_id"))
    )
    open_use = elsewhere.filter(media_id=OuterRef("pk"))
    return MediaFile.objects.filter(kin).exclude(Exists(open_use)).values_list("pk", flat=True)
