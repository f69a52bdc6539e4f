"""Media on its way to X, and posts on their way from it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yanzhen.kernel.machine import StatefulModel
from yanzhen.library.models import MediaFile
from yanzhen.people.models import Member
from yanzhen.publishing.models.deliveries import Delivery
from yanzhen.publishing.states import RemovalState, UploadState


class Upload(models.Model):
    """One media file of one delivery on its way to X, begun shortly before the post is due.

    ``position`` is its place in the segment. ``epoch`` is the fence as in Delivery. ``remote_id``
    is X's media id, good until ``expires_at``; ``check_at`` is when X is asked again while it works
    on it. ``tries`` counts beginnings.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="uploads")
    media = models.ForeignKey(MediaFile, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.WAITING)
    remote_id = models.CharField(max_length=40, blank=True)
    subtitles_id = models.CharField(max_length=40, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    check_at = models.DateTimeField(null=True, blank=True)
    owner = models.CharField(max_length=80, blank=True)
    epoch = models.PositiveBigIntegerField(default=0)
    lease_until_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    bytes_sent = models.PositiveBigIntegerField(default=0)
    detail = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "position"], name="upload_place_once"),
            models.CheckConstraint(
                condition=~Q(state=UploadState.READY) | ~Q(remote_id=""), name="upload_ready_has_id"
            ),
        ]
        indexes = [models.Index(fields=["state", "check_at"], name="upload_check")]

    def __str__(self) -> str:
        return f"upload {self.position} of delivery {self.delivery_id}"


class Removal(StatefulModel):
    """A member's wish to delete a published post on X, carried out by a worker."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="removals")
    reason = models.CharField(_("Reason"), max_length=300)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=RemovalState, default=RemovalState.ASKED)
    owner = models.CharField(max_length=80, blank=True)
    lease_until_at = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    detail = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery"], name="removal_once"),
        ]

    def __str__(self) -> str:
        return f"removal of delivery {self.delivery_id}"
