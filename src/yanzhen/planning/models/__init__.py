"""Themes, campaigns, slots, posts, drafts, immutable versions, and what is kept to write with."""

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
from yanzhen.planning.models.writing import (
    ENDING_TITLE,
    MOST_ENDING,
    MOST_VALUE,
    Ending,
    EndingKind,
    LinkRule,
)

__all__ = [
    "APART_MINUTES",
    "DAY_NAME_LENGTH",
    "ENDING_TITLE",
    "GOAL_LENGTH",
    "MOST_APART",
    "MOST_ENDING",
    "MOST_MINUTES",
    "MOST_VALUE",
    "NAME_LENGTH",
    "TITLE_LENGTH",
    "BulkRun",
    "CalendarLink",
    "CalendarLinkQuerySet",
    "Campaign",
    "Draft",
    "Ending",
    "EndingKind",
    "FirstView",
    "Focus",
    "HolidayCountry",
    "LinkRule",
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
