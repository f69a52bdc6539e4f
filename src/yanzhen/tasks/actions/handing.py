"""Handing over what a leaving member had to do."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, QuerySet

from yanzhen.people.models import Member
from yanzhen.tasks.models import Task
from yanzhen.tasks.states import OPEN


def tasks_of(member: Member, viewer: Member, now: datetime) -> QuerySet[Task]:
    """Return the member's open tasks, as far as ``viewer`` may see."""
    return Task.objects.visible_to(viewer).filter(assignee=member, state__in=OPEN)


def hand_over_tasks(member: Member, to: Member, by: Member, now: datetime) -> int:
    """Give the member's open tasks to ``to``; for the transaction of people's hand_over."""
    seen = tasks_of(member, by, now).filter(pk__in=Task.objects.visible_to(to).values("pk"))
    numbers = list(seen.values_list("pk", flat=True))
    rows = Task.objects.filter(pk__in=numbers)
    return rows.update(assignee=to, revision=F("revision") + 1, updated_at=now)
