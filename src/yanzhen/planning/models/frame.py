"""What the plan is about: themes of months, focuses of weeks, campaigns."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanzhen.people.models import Member, Workspace


class Theme(models.Model):
    """What a month is about. ``month_date`` is its first day."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="themes")
    month_date = models.DateField()
    name = models.CharField(_("Theme"), max_length=80)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    set_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "month_date"], name="theme_once_a_month"),
        ]

    def __str__(self) -> str:
        return self.name


class Focus(models.Model):
    """What a week is about. ``week_date`` is its Monday."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="focuses")
    week_date = models.DateField()
    name = models.CharField(_("Focus"), max_length=80)
    set_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "week_date"], name="focus_once_a_week"),
        ]

    def __str__(self) -> str:
        return self.name


class Campaign(models.Model):
    """A named effort that posts belong to. ``code`` is short and used in imports."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="campaigns")
    name = models.CharField(_("Campaign"), max_length=80)
    code = models.SlugField(max_length=40, allow_unicode=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "code"], name="campaign_code_once"),
        ]

    def __str__(self) -> str:
        return self.name


def month_of(day: date) -> date:
    """Return the first day of the month, as themes are kept."""
    return day.replace(day=1)
