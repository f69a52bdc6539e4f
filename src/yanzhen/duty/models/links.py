"""Addresses under which other calendars read who is on duty."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import pgettext_lazy

from yanzhen.activity.refs import Ref
from yanzhen.people.models import Member


class DutyLinkQuerySet(models.QuerySet["DutyLink"]):
    """Named reads."""

    def of(self, member: Member) -> Self:
        """The member's own links; nobody sees anybody else's."""
        return self.filter(member=member)

    def open(self) -> Self:
        """Links that answer: not revoked, of somebody who is still a member."""
        return self.filter(revoked_at=None, member__active=True, member__user__is_active=True)


class DutyLink(models.Model):
    """An address under which other calendars read the rota. Only the secret's SHA-256 is kept.

    ``used_at`` is precise to ten minutes.
    """

    class Shows(models.TextChoices):
        OWN = "own", pgettext_lazy("duty link", "My own turns")
        ROTA = "rota", pgettext_lazy("duty link", "Everybody’s turns")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="duty_links")
    shows = models.CharField(max_length=4, choices=Shows)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DutyLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.get_shows_display())

    @property
    def ref(self) -> Ref:
        """How the activity log names this link, which is never by its secret."""
        return Ref("duty.link", str(self.pk), str(self))
