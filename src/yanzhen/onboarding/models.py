"""How far the first hour of a workspace has come, and what each member has seen to."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from yanzhen.onboarding.states import StepState
from yanzhen.people.models import Member, Workspace

SLUG_LENGTH = 20


class StepMarkQuerySet(models.QuerySet["StepMark"]):
    """Named reads."""

    def visible_to(self, member: Member) -> Self:
        """Marks of the member's workspace."""
        return self.filter(workspace_id=member.workspace_id)


class StepMark(models.Model):
    """That a step of the first ten minutes was taken or left out, by whom and when.

    ``step`` is a slug of steps.STEPS. Without a row the step is open.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=SLUG_LENGTH)
    state = models.CharField(max_length=8, choices=StepState)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = StepMarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "step"], name="start_step_once"),
            models.CheckConstraint(
                condition=Q(state__in=[StepState.DONE, StepState.SKIPPED]), name="start_step_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step}: {self.state}"


class HiddenList(models.Model):
    """That a workspace wants its list of first steps out of sight."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"hidden by {self.by}"


class Tick(models.Model):
    """That a member has seen to a point of their own first list. ``point`` is a slug of points."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    point = models.CharField(max_length=SLUG_LENGTH)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "point"], name="start_tick_once"),
        ]

    def __str__(self) -> str:
        return self.point
