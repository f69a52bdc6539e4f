"""Themes, campaigns, posts, their drafts and their immutable versions."""

from yanzhen.planning.models.frame import Campaign, Focus, Theme, month_of
from yanzhen.planning.models.links import CalendarLink, CalendarLinkQuerySet
from yanzhen.planning.models.posts import TITLE_LENGTH, Post, PostQuerySet
from yanzhen.planning.models.recurring import Occurrence, Recurrence
from yanzhen.planning.models.texts import Draft, Segment, Version, content_of, texts_of

__all__ = [
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
    "Theme",
    "Version",
    "content_of",
    "month_of",
    "texts_of",
]
