"""Handing over the ideas and briefs a leaving member looks after."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, QuerySet

from yanzhen.ideas.models import Idea
from yanzhen.ideas.states import LIVE
from yanzhen.people.models import Member


def ideas_of(member: Member, viewer: Member, now: datetime) -> QuerySet[Idea]:
    """Return the ideas and briefs the member looks after that are on the board."""
    return Idea.objects.visible_to(viewer).filter(owner=member, state__in=LIVE)


def hand_over_ideas(member: Member, to: Member, by: Member, now: datetime) -> int:
    """Let ``to`` look after them; for the transaction of people's hand_over."""
    seen = ideas_of(member, by, now).filter(pk__in=Idea.objects.visible_to(to).values("pk"))
    numbers = list(seen.values_list("pk", flat=True))
    rows = Idea.objects.filter(pk__in=numbers)
    return rows.update(owner=to, revision=F("revision") + 1, updated_at=now)
