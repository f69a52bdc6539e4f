"""The gates every send must pass, the wishes to open them, and which installation this is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.channels.models import Account
from yanzhen.people.models import Member, Workspace
from yanzhen.planning.models import Campaign
from yanzhen.publishing.states import GateCause, ThawOutcome


class GateScope(models.TextChoices):
    """What a gate closes."""

    INSTALLATION = "installation", pgettext_lazy("gate", "Everything")
    WORKSPACE = "workspace", pgettext_lazy("gate", "Workspace")
    ACCOUNT = "account", pgettext_lazy("gate", "Account")
    CAMPAIGN = "campaign", pgettext_lazy("gate", "Campaign")


class Gate(models.Model):
    """A row that every send locks before it goes; freezing is updating it.

    ``key`` is "installation", "workspace:3", "account:5" or "campaign:7"; ``epoch`` rises with each
    change. Rows are made at the first send or freeze. ``cause`` says why it is closed, ``left`` are
    the numbers of the deliveries that had left before it closed. ``reconciled_at`` says when a
    restored copy had compared itself with X; it opens only afterwards.
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
    left = models.JSONField(default=list, blank=True)
    reconciled_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.scope} gate {'frozen' if self.frozen else 'open'}"


class Thaw(models.Model):
    """One party's wish to lift a freeze; a second one makes it so. One open wish for each gate.

    ``by_shell`` stands for the operator where no member is signed in. ``plan`` maps delivery
    numbers to what is to become of what came due: "drop", "hold", or an ISO 8601 time in UTC.
    ``closed_by`` is who decided about it (None: the operator), ``note`` in their words.
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
    closed_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=ThawOutcome, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gate"], condition=Q(closed_at=None), name="one_open_thaw"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="thaw_closed_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"thaw of {self.gate_id}"


class Installation(models.Model):
    """Which database this is; a worker that finds itself on a copy freezes everything first.

    The last row is this database, the ones before it are what it was copied from, as long as they
    are known. ``identity`` was drawn at random once, ``place`` is where it lives (see
    engine.whereabouts), ``seen_at`` when a worker last found both unchanged, and in older rows when
    the copy was noticed.
    """

    identity = models.CharField(max_length=40)
    place = models.CharField(max_length=200)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.identity


class Comparison(models.Model):
    """How far one account of a restored copy has been compared with what X shows of it.

    For one closing of ``gate`` (its ``epoch``). ``asked_at`` is X's last whole answer, ``found``
    counts the posts that turned out to be on X, ``trouble`` says why the last try failed.
    """

    gate = models.ForeignKey(Gate, on_delete=models.CASCADE, related_name="comparisons")
    epoch = models.PositiveBigIntegerField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    tried_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    found = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gate", "epoch", "account"], name="comparison_once"),
        ]

    def __str__(self) -> str:
        return f"comparison of account {self.account_id}"
