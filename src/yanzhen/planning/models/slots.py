"""The plan of a day: places for posts that are not written yet, and the team's rules of spacing."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanzhen.activity.refs import Ref
from yanzhen.channels.models import Account
from yanzhen.kernel.machine import StatefulModel
from yanzhen.people.models import Member, Workspace
from yanzhen.planning.states import SlotState

GOAL_LENGTH = 80
#: The longest span of a slot.
MOST_MINUTES = 12 * 60
APART_MINUTES = 30
MOST_APART = 24 * 60


class SlotQuerySet(models.QuerySet["Slot"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Slots of the member's workspace; a slot says nothing of the posts that may fill it."""
        return self.filter(workspace_id=member.workspace_id)

    def planned(self) -> Self:
        """Everything but what was removed."""
        return self.filter(state=SlotState.PLANNED)

    def starting_between(self, start: datetime, end: datetime) -> Self:
        """Beginning at or after ``start`` and before ``end`` (aware), earliest first."""
        return self.filter(starts_at__gte=start, starts_at__lt=end).order_by("starts_at", "pk")


class Slot(StatefulModel):
    """A place in the plan for a post of ``account`` that may not exist yet.

    The beginning is kept as posts keep their time: ``wall`` ("YYYY-MM-DDTHH:MM") in ``zone``,
    ``fold``, and ``starts_at``, aware UTC. ``minutes`` is how long the span is in which the post
    may go out, 0 for that very minute. A slot is filled by whichever post of its account goes out
    within it, so nothing about that is kept and no move of a post can make it wrong.
    """

    class Format(models.TextChoices):
        TEXT = "text", pgettext_lazy("slot format", "Text")
        THREAD = "thread", pgettext_lazy("slot format", "Thread")
        PICTURE = "picture", pgettext_lazy("slot format", "Picture")
        VIDEO = "video", pgettext_lazy("slot format", "Video")
        POLL = "poll", pgettext_lazy("slot format", "Poll")

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="slots")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="slots")
    wall = models.CharField(max_length=16)
    zone = models.CharField(max_length=64)
    fold = models.PositiveSmallIntegerField(default=0)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=0)
    goal = models.CharField(_("Goal"), max_length=GOAL_LENGTH, blank=True)
    format = models.CharField(_("Format"), max_length=8, choices=Format, blank=True)
    owner = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(_("Note"), max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=SlotState, default=SlotState.PLANNED)

    objects = SlotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=SlotState.values), name="slot_state_known"
            ),
            models.CheckConstraint(
                condition=Q(minutes__lte=MOST_MINUTES), name="slot_span_bounded"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "state", "starts_at"], name="slot_start"),
        ]

    def __str__(self) -> str:
        return self.goal or f"{self.account} {self.wall[11:]}"

    @property
    def ref(self) -> Ref:
        """How the activity log names this slot; ``account`` must be loaded."""
        return Ref("planning.slot", str(self.pk), str(self))


class Spacing(models.Model):
    """How far apart two posts of one account should be, as the workspace wants it.

    A workspace without a row keeps APART_MINUTES; 0 lets posts be as near as they like.
    ``revision`` rises with every change.
    """

    workspace = models.OneToOneField(
        Workspace, on_delete=models.CASCADE, related_name="spacing", primary_key=True
    )
    apart_minutes = models.PositiveSmallIntegerField(default=APART_MINUTES)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(apart_minutes__lte=MOST_APART), name="spacing_within_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.apart_minutes} minutes"
