"""The rota itself: its layers, who takes them in which order, and what was dealt."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.activity.refs import Ref
from yanzhen.duty.models.sites import Site
from yanzhen.duty.rules.layers import Change
from yanzhen.people.models import Member, Role, Workspace


class Place(models.TextChoices):
    """What somebody on duty is: the one who has it, or the one who stands behind."""

    PRIMARY = "primary", pgettext_lazy("duty", "On duty")
    BACKUP = "backup", pgettext_lazy("duty", "Backup")


class RotaQuerySet(models.QuerySet["Rota"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """The rota of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)


class Rota(models.Model):
    """A workspace's rota. Everything before ``settled_at`` is past and stands for good.

    Turns are laid up to ``laid_until_at`` by the rules of time zones ``tzdata``. ``always``: every
    moment needs somebody, else only the hours of the layers do. Only members with ``role`` may be
    on duty; None lets every active member be.
    """

    workspace = models.OneToOneField(Workspace, on_delete=models.PROTECT, related_name="rota")
    role = models.ForeignKey(
        Role, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    always = models.BooleanField(_("Somebody round the clock"), default=True)
    settled_at = models.DateTimeField()
    laid_until_at = models.DateTimeField()
    tzdata = models.CharField(max_length=20, blank=True)

    objects = RotaQuerySet.as_manager()

    def __str__(self) -> str:
        return f"rota of workspace {self.workspace_id}"


class LayerQuerySet(models.QuerySet["Layer"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Layers of the member's workspace."""
        return self.filter(rota__workspace_id=member.workspace_id)

    def in_order(self) -> Self:
        """Primaries first, the highest rank on top."""
        return self.order_by(F("place").desc(), F("rank").desc(), "pk")


class Layer(models.Model):
    """Hours that come back, and who takes them; see ``rules.layers.Layer`` for the words.

    ``holidays_of`` is the site whose holidays it keeps. A layer is never changed, only ended by
    ``last_date`` and followed by another, so that the past can always be explained.
    """

    class Every(models.TextChoices):
        SHIFT = Change.SHIFT.value, pgettext_lazy("rotation", "Every shift")
        DAY = Change.DAY.value, pgettext_lazy("rotation", "Every day")
        WEEK = Change.WEEK.value, pgettext_lazy("rotation", "Every week")

    rota = models.ForeignKey(Rota, on_delete=models.PROTECT, related_name="layers")
    name = models.CharField(_("Name"), max_length=60)
    place = models.CharField(max_length=8, choices=Place, default=Place.PRIMARY)
    rank = models.SmallIntegerField(default=0)
    zone = models.CharField(_("Time zone"), max_length=64)
    hours = models.JSONField()
    weekdays = models.JSONField()
    change = models.CharField(max_length=5, choices=Every)
    every = models.PositiveSmallIntegerField(default=1)
    hand_over = models.PositiveSmallIntegerField(default=1)
    first_date = models.DateField()
    last_date = models.DateField(null=True, blank=True)
    holidays_of = models.ForeignKey(
        Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = LayerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(place__in=Place.values), name="duty_layer_place"),
            models.CheckConstraint(
                condition=Q(change__in=[c.value for c in Change]), name="duty_layer_change"
            ),
            models.CheckConstraint(
                condition=Q(every__gte=1, hand_over__gte=1, hand_over__lte=7),
                name="duty_layer_every",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        """How the activity log names this layer."""
        return Ref("duty.layer", str(self.pk), self.name)


class LayerMember(models.Model):
    """A member's place in a layer's order, from 0."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="order")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["layer", "member"], name="duty_in_layer_once"),
            models.UniqueConstraint(fields=["layer", "position"], name="duty_layer_position"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: member {self.member_id}"


class DealtTurn(models.Model):
    """Who a turn of a layer went to, by its number; None where everybody was away.

    Those that have started stand, so that what is said later does not change the order before it.
    """

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="dealt")
    turn = models.PositiveIntegerField()
    start_at = models.DateTimeField()
    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["layer", "turn"], name="duty_turn_dealt_once"),
        ]

    def __str__(self) -> str:
        return f"turn {self.turn} of layer {self.layer_id}"
