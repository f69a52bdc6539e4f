"""How a member wants to be told."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yanzhen.notify.states import PERSONAL, Level
from yanzhen.people.models import Member, Workspace


class Manner(models.Model):
    """A member's quiet hours, and when their digest comes, in their own wall time.

    ``quiet_from`` and ``quiet_until`` are both set or neither; a span that ends before it starts
    goes over midnight. ``digest_at`` None sends mails at once.
    """

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="manner")
    quiet_from = models.TimeField(_("Quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("Quiet until"), null=True, blank=True)
    digest_at = models.TimeField(_("Digest at"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="manner_quiet_both_or_neither",
            ),
        ]

    def __str__(self) -> str:
        return f"manner of member {self.member_id}"


class Preference(models.Model):
    """How much news of one topic a member wants one way. Without a row: only urgent."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="preferences")
    topic = models.CharField(max_length=40)
    way = models.CharField(max_length=8, choices=[(way.value, way.label) for way in PERSONAL])
    level = models.CharField(max_length=8, choices=Level)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "topic", "way"], name="preference_once"),
            models.CheckConstraint(
                condition=Q(level__in=Level.values), name="preference_level_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} by {self.way}: {self.level}"


class SlackLinkQuerySet(models.QuerySet["SlackLink"]):
    """Named reads."""

    def standing(self) -> Self:
        """Links that are not ended."""
        return self.filter(ended_at=None)


class SlackLink(models.Model):
    """A Slack user who acts as a member here. An ended link stays, so that it is known later.

    ``nonce`` is of the one-time link that made it.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="slack_links")
    slack_user = models.CharField(max_length=40)
    nonce = models.CharField(max_length=40, unique=True)
    linked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SlackLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "slack_user"],
                condition=Q(ended_at=None),
                name="slack_user_linked_once",
            ),
            models.UniqueConstraint(
                fields=["member"], condition=Q(ended_at=None), name="member_linked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slack_user} as member {self.member_id}"
