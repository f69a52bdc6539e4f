"""The places a team works in: their hours, and the days they are closed."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref
from yanzhen.people.models import Member, Workspace


class SiteQuerySet(models.QuerySet["Site"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Sites of the member's workspace, by name."""
        return self.filter(workspace_id=member.workspace_id).order_by("name", "pk")


class Site(models.Model):
    """A place the team works in. ``hours`` are pairs of wall times, ["09:00", "18:00"].

    ``weekdays`` are ISO weekday numbers.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(_("Place"), max_length=60)
    zone = models.CharField(_("Time zone"), max_length=64)
    hours = models.JSONField(default=list)
    weekdays = models.JSONField(default=list)

    objects = SiteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="duty_site_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        """How the activity log names this place."""
        return Ref("duty.site", str(self.pk), self.name)


class Holiday(models.Model):
    """A day a site is closed; with ``made_up`` one it works on though its weekday is free."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="holidays")
    day_date = models.DateField()
    name = models.CharField(max_length=80, blank=True)
    made_up = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "day_date"], name="duty_holiday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day_date:%Y-%m-%d} {self.name}"
