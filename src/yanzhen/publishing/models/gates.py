"""The gates every send must pass, the wishes to open them, and which installation this is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.channels.models import Account
from yanzhen.people.models import Member, Workspace
from yanzhen.planning.models import Campaign
from yanzhen.publishing.states import GateCause


class GateScope(models.TextChoices):
    """What a gate closes."""

    INSTALLATION = "installation", pgettext_lazy("gate", "Everything")
    WORKSPACE = "workspace", pgettext_lazy("gate", "Workspace")
    ACCOUNT = "account", pgettext_lazy("gate", "Account")
    CAMPAIGN = "campaign", pgettext_lazy("gate", "Campaign")


class Gate(models.Model):
    """A row that every send locks before it goes; freezing is updating it.

    ``key`` is "installation", "workspace:3", "account:5" or "campaign:7"; ``epoch`` rises with each
    change. Rows are made at the first send or freeze. ``cause`` says why it is closed,
    ``reconciled_at`` when a restored copy had compared itself with X; it opens only afterwards.
    """

    key = models.CharField(max_length=40, unique=True)
    scope = models.CharField(max_length=12, choices=GateScope)
    cause = models.CharField(max_length=10, choices=GateCause, blank=True)
    workspace = models.ForeignKey(
        Workspace, null=True, blank=True, on_delete=models.CASCADE, related_name="gates"
    )
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.CASCADE, related_name="gates"
    )
    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.CASCADE, related_name="gates"
    )
    frozen = models.BooleanField(default=False)
    epoch = models.PositiveBigIntegerField(default=0)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    reconciled_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.scope} gate {'frozen' if self.frozen else 'open'}"


class Thaw(models.Model):
    """One person's wish to lift a freeze; a second one makes it so. One open wish for each gate.

    ``by_shell`` stands for the operator where no member is signed in. ``plan`` maps delivery
    numbers to what is to become of what came due: "drop", "hold", or an ISO 8601 time in UTC.
    """

    gate = models.ForeignKey(Gate, on_delete=models.CASCADE, related_name="thaws")
    reason = models.CharField(_("Reason"), max_length=300)
    plan = models.JSONField(default=dict)
    asked_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_shell = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gate"], condition=Q(closed_at=None), name="one_open_thaw"
            ),
        ]

    def __str__(self) -> str:
        return f"thaw of {self.gate_id}"


class Installation(models.Model):
    """Which database this is; a worker that finds itself on a copy freezes everything first.

    One row. ``identity`` was drawn at random once, ``place`` is where it lives (see
    engine.whereabouts), ``seen_at`` when a worker last found both unchanged.
    """

    identity = models.CharField(max_length=40)
    place = models.CharField(max_length=200)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.identity
