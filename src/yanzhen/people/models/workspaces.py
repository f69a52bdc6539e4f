"""Workspaces: one brand team each, its settings, and who has its lead."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref


class Workspace(models.Model):
    """One brand team and all its data. ``zone`` is the team's home zone.

    ``alt_required``: no picture goes to review without words for those who cannot see it.
    ``second_factor``: everybody signs in with more than a password.
    ``lead`` is who has the lead. Nobody has it before a team names somebody; from then on exactly
    one member has it, and the database refuses nobody, see guards. ``lead_until_at`` is when it
    should be handed over: it stays where it is until somebody else has accepted it.
    ``revision`` rises with every change of settings or lead: a stale page overwrites nothing.
    """

    name = models.CharField(_("Name"), max_length=80)
    slug = models.SlugField(unique=True, max_length=50)
    zone = models.CharField(_("Home time zone"), max_length=64, default="UTC")
    alt_required = models.BooleanField(_("Pictures need alt text"), default=True)
    second_factor = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    lead = models.ForeignKey(
        "people.Member", null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    lead_until_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        """How the activity log names this workspace."""
        return Ref("people.workspace", str(self.pk), self.name)

    @property
    def tz(self) -> ZoneInfo:
        """The team's home zone."""
        return ZoneInfo(self.zone)

    def lead_overdue(self, now: datetime) -> bool:
        """Tell whether the lead should have been handed over before ``now`` (aware)."""
        return self.lead_until_at is not None and self.lead_until_at <= now
