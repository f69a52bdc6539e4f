"""Accounts, the developer app they were connected with, and sealed tokens."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref
from yanzhen.channels.states import AccountState
from yanzhen.kernel.machine import StatefulModel
from yanzhen.people.models import Member, Workspace


class AccountQuerySet(models.QuerySet["Account"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Accounts of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)

    def in_order(self) -> Self:
        """In the order the team arranged them."""
        return self.order_by("position", "pk")


class Account(StatefulModel):
    """One X account a workspace publishes to.

    ``remote_id`` is the platform's stable id; the handle may change, the id may not.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="accounts")
    platform = models.CharField(max_length=20, default="x")
    handle = models.CharField(_("Handle"), max_length=50)
    name = models.CharField(_("Name"), max_length=100)
    remote_id = models.CharField(max_length=40)
    avatar_url = models.URLField(max_length=500, blank=True)
    premium = models.BooleanField(_("Premium"), default=False)
    zone = models.CharField(_("Time zone"), max_length=64, default="UTC")
    language = models.CharField(_("Language"), max_length=10, blank=True)
    colour = models.CharField(max_length=10, default="main")
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(
        max_length=20, choices=AccountState, default=AccountState.DISCONNECTED
    )
    #: The platform's host these ids belong to; ids of the practice server mean nothing at X.
    origin = models.CharField(max_length=200)
    connected_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "origin", "remote_id"], name="account_once_per_workspace"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AccountState.values), name="account_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"

    @property
    def ref(self) -> Ref:
        """How the activity log names this account."""
        return Ref("channels.account", str(self.pk), str(self))

    @property
    def text_limit(self) -> int:
        """Weighted characters one post may have."""
        return 25_000 if self.premium else 280


class DeveloperApp(models.Model):
    """The workspace's own X developer app; secrets are sealed (see vault)."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="x_apps")
    platform = models.CharField(max_length=20, default="x")
    origin = models.CharField(max_length=200)
    client_id = models.CharField(max_length=200, blank=True)
    consumer_key = models.CharField(max_length=200, blank=True)
    sealed = models.BinaryField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "platform", "origin"], name="developer_app_once"
            ),
        ]

    def __str__(self) -> str:
        return self.client_id or self.consumer_key


class Credential(models.Model):
    """An account's tokens, sealed. One row; the account row is locked while it is refreshed.

    ``sealed`` is bound to workspace, account, field and origin: copied elsewhere it cannot be
    opened. ``generation`` rises with every new pair, so that a slow refresh cannot put back old ones.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="credential")
    kind = models.CharField(max_length=10)
    sealed = models.BinaryField()
    scopes = models.CharField(max_length=300, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    generation = models.PositiveIntegerField(default=1)
    refreshing_until_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} for {self.account_id}"


class Connecting(models.Model):
    """A member is away at X to approve the connection; good for ten minutes and one use."""

    state = models.CharField(max_length=64, unique=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    sealed_verifier = models.BinaryField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"connecting by {self.member_id}"
