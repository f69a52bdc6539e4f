"""The places a team works in: their hours, and the days they are closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref
from yanzhen.kernel.holidays import holidays_of
from yanzhen.people.models import Member, Workspace


class SiteQuerySet(models.QuerySet["Site"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Sites of the member's workspace, by name."""
        return self.filter(workspace_id=member.workspace_id).order_by("name", "pk")


class Site(models.Model):
    """A place the team works in. ``hours`` are pairs of wall times, ["09:00", "18:00"].

    ``weekdays`` are ISO weekday numbers. ``calendar`` is the country, or part of one, whose public
    holidays it keeps ("DE", "DE-BY", "" for none); they are laid up to ``calendar_until_date`` as
    version ``calendar_by`` of their source knows them.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(_("Place"), max_length=60)
    zone = models.CharField(_("Time zone"), max_length=64)
    hours = models.JSONField(default=list)
    weekdays = models.JSONField(default=list)
    calendar = models.CharField(_("Public holidays of"), max_length=20, blank=True)
    calendar_until_date = models.DateField(null=True, blank=True)
    calendar_by = models.CharField(max_length=20, blank=True)

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
    """A day a site is closed; with ``made_up`` one it works on though its weekday is free.

    ``public`` ones come from the site's calendar and are named in English; the others are its own,
    and count instead of a public one of the same day.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="holidays")
    day_date = models.DateField()
    name = models.CharField(max_length=80, blank=True)
    made_up = models.BooleanField(default=False)
    public = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "day_date"], name="duty_holiday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day_date:%Y-%m-%d} {self.name}"

    def named(self, calendar: str) -> str:
        """Return its name in the reader's language; ``calendar`` is that of its site."""
        if not self.public:
            return self.name
        day = self.day_date
        known = holidays_of([calendar], day, day + timedelta(days=1)).get(day, ())
        names = [each.name for each in known if each.working == self.made_up]
        return " · ".join(names) or self.name
