"""The turns a leaving member may have ahead."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from yanzhen.duty.models import Turn
from yanzhen.people.holdings import Holding, holds
from yanzhen.people.models import Member


def turns_of(member: Member, viewer: Member, now: datetime) -> QuerySet[Turn]:
    """Return the member's turns that are not over at ``now``."""
    return Turn.objects.visible_to(viewer).filter(member=member, end_at__gt=now)


holds(
    Holding(
        "duty.turns",
        _("Turns on duty"),
        turns_of,
        note=_("The rota deals them to the others as soon as the member leaves."),
        named=False,
        order=80,
    )
)
