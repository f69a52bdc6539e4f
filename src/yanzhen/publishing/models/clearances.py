"""The lead's last look at what is about to go out."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from yanzhen.people.models import Member
from yanzhen.publishing.models.deliveries import Delivery


class ClearanceQuerySet(models.QuerySet["Clearance"]):
    """Named reads."""

    def standing(self) -> Self:
        """Those nobody took back; whether one still fits its delivery is asked by engine.looks."""
        return self.filter(ended_at=None)


class Clearance(models.Model):
    """That who had the lead looked at one delivery and let it go; one that stands for each.

    ``digest`` is of exactly what was looked at, ``by`` had the lead at that moment. It holds while
    the delivery's time lies from ``good_from_at`` to ``good_until_at``, and until somebody took it
    back or looked anew at ``ended_at``. It outlives the lead of who gave it.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="clearances")
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    good_from_at = models.DateTimeField()
    good_until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ClearanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["delivery"], condition=Q(ended_at=None), name="one_standing_clearance"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="clearance_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"clearance of delivery {self.delivery_id}"
