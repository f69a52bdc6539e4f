"""Delegations: one member decides for another, for chosen decisions, until a given moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yanzhen.activity.refs import Ref
from yanzhen.people.rights import Actor

LONGEST = timedelta(days=31)
#: How long before its end both are told.
WARNING = timedelta(hours=1)


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Named reads."""

    def visible_to(self, member: Actor) -> Self:
        """Delegations of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)

    def not_over(self, *, now: datetime) -> Self:
        """Running or still to come at ``now`` (aware)."""
        return self.filter(ended_at=None, ends_at__gt=now)

    def running(self, *, now: datetime) -> Self:
        """Counting at ``now`` (aware)."""
        return self.not_over(now=now).filter(starts_at__lte=now)

    def begun_untold(self, *, now: datetime) -> Self:
        """Running at ``now`` (aware), and nobody was told that they began."""
        return self.running(now=now).filter(begun_at=None)

    def ending_untold(self, *, now: datetime) -> Self:
        """Running and in their last hour; those that last no longer than that are left out."""
        soon = self.running(now=now).filter(warned_at=None, ends_at__lte=now + WARNING)
        return soon.filter(ends_at__gt=F("starts_at") + WARNING)

    def over_untold(self, *, now: datetime) -> Self:
        """Ended by the clock, and nobody was told."""
        return self.filter(ended_at=None, over_at=None, ends_at__lte=now)

    def with_names(self) -> Self:
        """With both members and their users; enough to say who decides for whom."""
        return self.select_related("giver__user", "receiver__user")

    def with_people(self) -> Self:
        """With both members, their users, and the giver's roles, in two queries."""
        people = ("giver__user", "giver__primary_role", "receiver__user")
        return self.select_related(*people).prefetch_related("giver__further_roles")


class Delegation(models.Model):
    """``receiver`` decides for ``giver`` from ``starts_at`` until ``ends_at``, or until ended.

    ``decisions`` is a list of Decision slugs. It gives no more than the giver's own roles carry at
    the moment of the question. It ends by itself; the row stays. ``begun_at``, ``warned_at`` and
    ``over_at`` are when its beginning, its last hour and its end were told, which decides nothing.
    """

    workspace = models.ForeignKey("people.Workspace", on_delete=models.CASCADE, related_name="+")
    giver = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, related_name="delegations_given"
    )
    receiver = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, related_name="delegations_taken"
    )
    decisions = models.JSONField(default=list)
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="delegation_has_length"
            ),
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")), name="delegation_between_two"
            ),
        ]
        indexes = [
            models.Index(fields=["receiver", "ends_at"], name="delegation_of_receiver"),
            models.Index(
                fields=["ends_at"],
                condition=Q(over_at=None, ended_at=None),
                name="delegation_to_tell",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} to {self.receiver_id} until {self.ends_at:%Y-%m-%d %H:%M}"

    @property
    def ref(self) -> Ref:
        """How the activity log names this delegation: by who receives it; users loaded."""
        return Ref("people.delegation", str(self.pk), str(self.receiver))

    def runs(self, at: datetime) -> bool:
        """Tell whether it counts at that moment (aware); at ``ends_at`` it is over."""
        return self.ended_at is None and self.starts_at <= at < self.ends_at
