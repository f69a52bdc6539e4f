"""What X lets an account do, and what that costs: windows, budgets, charges, pauses."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yanzhen.channels.models import Account
from yanzhen.people.models import Member, Workspace
from yanzhen.publishing.models.deliveries import Delivery


class Window(models.Model):
    """What X last said about one limit of one account; nothing is asked of X before it resets.

    ``route`` is a short word of ours: create, delete, repost, read, upload. ``bucket`` as in
    ports.RateWindow. ``resets_at`` is by X's clock, aware UTC.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="windows")
    route = models.CharField(max_length=20)
    bucket = models.CharField(max_length=10)
    limit = models.PositiveIntegerField(null=True)
    remaining = models.PositiveIntegerField(null=True)
    resets_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "route", "bucket"], name="window_once"),
        ]
        indexes = [models.Index(fields=["route", "resets_at"], name="window_resets")]

    def __str__(self) -> str:
        return f"{self.route} of account {self.account_id}"


class Budget(models.Model):
    """What one account may spend at X in a calendar month (UTC), in millionths of a US dollar.

    ``reserve_percent`` of it is kept for crises: only a member who may publish at once can use it.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="budget")
    monthly_micros = models.PositiveBigIntegerField()
    reserve_percent = models.PositiveSmallIntegerField(default=20)
    set_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reserve_percent__lte=90), name="budget_reserve_sensible"
            ),
        ]

    def __str__(self) -> str:
        return f"budget of account {self.account_id}"


class Spend(models.Model):
    """One charge of X by its price list, in millionths of a US dollar; written with the outcome.

    ``what``: post, link_post, reply, repost, delete, media, read. ``month`` is "2026-11" by UTC.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="spends")
    delivery = models.ForeignKey(
        Delivery, null=True, blank=True, on_delete=models.PROTECT, related_name="spends"
    )
    what = models.CharField(max_length=12)
    micros = models.PositiveBigIntegerField()
    month = models.CharField(max_length=7)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "month"], name="spend_month")]

    def __str__(self) -> str:
        return f"{self.what} of account {self.account_id}"


class Pause(models.Model):
    """An X app that has no money left: nothing is asked of X through it until that changes.

    ``app`` is channels' app_key. ``code``: no_credits or spend_cap; ``until_at`` is when X is
    asked again by itself, None while only a person can help. One open pause for each app.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="pauses")
    app = models.CharField(max_length=220)
    code = models.CharField(max_length=12)
    detail = models.CharField(max_length=300, blank=True)
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "app"], condition=Q(lifted_at=None), name="one_open_pause"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} since {self.since_at:%F}"
