"""Themes, campaigns, slots, posts, their drafts and immutable versions, and what members keep."""

from yanzhen.planning.models.days import (
    DAY_NAME_LENGTH,
    HolidayCountry,
    TeamDay,
    TeamDayQuerySet,
)
from yanzhen.planning.models.frame import Campaign, Focus, Theme, month_of
from yanzhen.planning.models.keeping import NAME_LENGTH, BulkRun, FirstView, SavedView
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
    "DAY_NAME_LENGTH",
    "GOAL_LENGTH",
    "MOST_APART",
    "MOST_MINUTES",
    "NAME_LENGTH",
    "TITLE_LENGTH",
    "BulkRun",
    "CalendarLink",
    "CalendarLinkQuerySet",
    "Campaign",
    "Draft",
    "FirstView",
    "Focus",
    "HolidayCountry",
    "Occurrence",
    "Post",
    "PostQuerySet",
    "Recurrence",
    "SavedView",
    "Segment",
    "Slot",
    "SlotQuerySet",
    "Spacing",
    "TeamDay",
    "TeamDayQuerySet",
    "Theme",
    "Version",
    "content_of",
    "month_of",
    "texts_of",
]
