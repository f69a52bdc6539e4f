"""When something may be used: from a moment on, until a moment, or without an end."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from django.db import models
from django.db.models import Q

#: What ends within this time is said beforehand.
ENDS_SOON = timedelta(days=30)


class Standing(StrEnum):
    """How a window stands to a moment."""

    OPEN = "open"
    SOON = "soon"
    """Open, and ends within ENDS_SOON."""
    EARLY = "early"
    OVER = "over"


def standing(available_at: datetime | None, expires_at: datetime | None, at: datetime) -> Standing:
    """Tell how the window stands at ``at`` (aware). None means without a beginning or an end."""
    if available_at is not None and at < available_at:
        return Standing.EARLY
    if expires_at is None:
        return Standing.OPEN
    if at >= expires_at:
        return Standing.OVER
    return Standing.SOON if expires_at - at <= ENDS_SOON else Standing.OPEN


def usable_at(at: datetime, prefix: str = "") -> Q:
    """Return the condition for rows that may be used at ``at``; ``prefix`` is the way to them."""
    begun = Q(**{f"{prefix}available_at": None}) | Q(**{f"{prefix}available_at__lte": at})
    lasts = Q(**{f"{prefix}expires_at": None}) | Q(**{f"{prefix}expires_at__gt": at})
    return begun & lasts


def window_whole(name: str) -> models.CheckConstraint:
    """Hold in the database that a window ends after it begins."""
    condition = Q(available_at=None) | Q(expires_at=None)
    condition |= Q(expires_at__gt=models.F("available_at"))
    return models.CheckConstraint(condition=condition, name=name)
