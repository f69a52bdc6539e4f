"""What X was asked about a delivery, and what members want done about it."""

from __future__ import annotations

from typing import Any, Never

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yanzhen.people.models import Member
from yanzhen.publishing.models.deliveries import Delivery


class LookUp(models.Model):
    """One time X was asked whether it shows a delivery, and what it showed. Never changes.

    ``by`` is the member who asked, None for the engine. ``proven`` tells that an empty ``found``
    means that it is not there; ``trouble`` says why not. ``found`` lists the ids that can only be
    this delivery. ``shown`` are the newest other posts of the account that are nobody's yet, as
    {"id", "text", "at"} (ISO 8601), newest first, for a person to choose from.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="look_ups")
    at = models.DateTimeField()
    by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proven = models.BooleanField()
    found = models.JSONField(default=list)
    shown = models.JSONField(default=list)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["delivery", "at"], name="look_up_at")]

    def __str__(self) -> str:
        return f"look-up for delivery {self.delivery_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; refuse to change what X showed."""
        if not self._state.adding:
            raise TypeError("look-ups never change")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refuse."""
        raise TypeError("look-ups never go")


class Resend(models.Model):
    """One member's wish to send again what may be on X already; a second one makes it so.

    ``alone``: what waits behind it in its thread stays held. One open wish for each delivery.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="resends")
    alone = models.BooleanField(default=False)
    reason = models.CharField(_("Reason"), max_length=300)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["delivery"], condition=Q(closed_at=None), name="one_open_resend"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")),
                name="resend_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"resend of delivery {self.delivery_id}"
