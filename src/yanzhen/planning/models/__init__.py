"""Themes, campaigns, slots, posts, their drafts and their immutable versions."""

from yanzhen.planning.models.frame import Campaign, Focus, Theme, month_of
from yanzhen.planning.models.links import CalendarLink, CalendarLinkQuerySet
from yanzhen.planning.models.posts import TITLE_LENGTH, Post, PostQuerySet
from yanzhen.planning.models.recurring import Occurrence, Recurrence
from yanzhen.planning.models.slots import (
    APART_MINUTES,
    GOAL_LENGTH,
    MOST_APART,
    MOST_MINUTES,
    Slot,
    SlotQuerySet,
    Spacing,
)
from yanzhen.planning.models.texts import Draft, Segment, Version, content_of, texts_of

__all__ = [
    "APART_MINUTES",
    "GOAL_LENGTH",
    "MOST_APART",
    "MOST_MINUTES",
    "TITLE_LENGTH",
    "CalendarLink",
    "CalendarLinkQuerySet",
    "Campaign",
    "Draft",
    "Focus",
    "Occurrence",
    "Post",
    "PostQuerySet",
    "Recurrence",
    "Segment",
    "Slot",
    "SlotQuerySet",
    "Spacing",
    "Theme",
    "Version",
    "content_of",
    "month_of",
    "texts_of",
]
