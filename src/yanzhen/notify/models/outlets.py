"""Where a team's news goes besides the app: Slack, Teams and programs of others."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref
from yanzhen.channels.vault import Place
from yanzhen.notify.states import Level, OutletKind
from yanzhen.people.models import Member, Workspace


class SlackTeam(models.Model):
    """The Slack app of a workspace: how we write there, and how we know that it is Slack who asks.

    ``key`` stands in the address that Slack calls. ``sealed_token`` is for the worker only.
    ``locked_secret`` (the signing secret) is locked with the site's own key: the site needs it for
    every request, and it opens nothing at Slack.
    """

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="slack")
    key = models.CharField(max_length=40, unique=True)
    sealed_token = models.BinaryField()
    locked_secret = models.TextField()
    connected_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    connected_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Slack of workspace {self.workspace_id}"

    @property
    def place(self) -> Place:
        """Where the token belongs."""
        return Place(self.workspace_id, self.key, "bot_token", "slack")


class OutletQuerySet(models.QuerySet["Outlet"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Outlets of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)

    def in_order(self) -> Self:
        """By name."""
        return self.order_by("name", "pk")

    def for_news(self, workspace_id: int) -> Self:
        """Those that are told what happens in a workspace."""
        return self.filter(workspace_id=workspace_id, active=True)


class Outlet(models.Model):
    """A place that is told the team's news: a Slack channel, a Teams workflow, a webhook.

    ``address`` is a Slack channel or a webhook's URL, and empty for Teams, whose whole URL is a
    secret; ``shown`` is what people may see of it. ``sealed`` is the signing secret of a webhook or
    the URL of a workflow. After a change of secret ``sealed_before`` signs too until
    ``before_until_at``. ``topics`` are slugs of news; empty means all.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="outlets")
    key = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=8, choices=OutletKind)
    name = models.CharField(_("Name"), max_length=60)
    address = models.CharField(max_length=500, blank=True)
    shown = models.CharField(max_length=200, blank=True)
    sealed = models.BinaryField(default=b"")
    sealed_before = models.BinaryField(default=b"")
    before_until_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(_("Language"), max_length=10, default="en")
    level = models.CharField(_("How much"), max_length=8, choices=Level, default=Level.ALL)
    topics = models.JSONField(default=list)
    active = models.BooleanField(_("Tells news"), default=True)
    created_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects = OutletQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OutletKind.values), name="outlet_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        """How the activity log names this outlet."""
        return Ref("notify.outlet", str(self.pk), self.name)

    @property
    def place(self) -> Place:
        """Where its secrets belong."""
        return Place(self.workspace_id, self.key, "secret", "outlet")

    def takes(self, topic: str, *, urgent: bool) -> bool:
        """Tell whether it is told news of a topic."""
        return (not self.topics or topic in self.topics) and Level(self.level).takes(urgent=urgent)

    def changes_secret(self, now: datetime) -> bool:
        """Tell whether the secret before still signs at ``now``."""
        return self.before_until_at is not None and self.before_until_at > now


class Knock(models.Model):
    """One press in an outside system, by the key it comes with, and what it was answered.

    Outside systems send the same press again when they are unsure: it is answered again and does
    nothing more.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="knock_once"),
        ]
        indexes = [models.Index(fields=["at"], name="knock_age")]

    def __str__(self) -> str:
        return self.key
