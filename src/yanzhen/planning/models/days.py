"""Days that differ: countries whose holidays the calendar shows, and the team's own days."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanzhen.people.models import Member, Workspace

DAY_NAME_LENGTH = 80
#: The type, under a name that no field hides.
_Day = date


class HolidayCountry(models.Model):
    """A country or region whose holidays the workspace sees. ``code`` is ISO 3166, "DE"."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "code"], name="holiday_country_once"),
        ]

    def __str__(self) -> str:
        return self.code


class TeamDayQuerySet(models.QuerySet["TeamDay"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Days of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)


class TeamDay(models.Model):
    """A day the team has marked itself: on ``date``, and with ``yearly`` in every year after it.

    With ``free`` nobody works on it, so that the calendar points at posts which go out then.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    date = models.DateField(_("Date"))
    name = models.CharField(_("Name"), max_length=DAY_NAME_LENGTH)
    yearly = models.BooleanField(default=False)
    free = models.BooleanField(default=True)

    objects = TeamDayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "date", "name"], name="team_day_once"),
        ]

    def __str__(self) -> str:
        return self.name

    def falls_in(self, year: int) -> _Day | None:
        """Return its date in a year, None where it has none; 29 February is the 28th in most."""
        if year == self.date.year:
            return self.date
        if not self.yearly or year < self.date.year:
            return None
        try:
            return self.date.replace(year=year)
        except ValueError:
            return date(year, 2, 28)
