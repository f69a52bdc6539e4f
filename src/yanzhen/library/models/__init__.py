"""The library's tables: files, what is known of them, and texts to use again."""

from yanzhen.library.models.assets import MOST_WORDS, Asset, Folder, Tag, Use
from yanzhen.library.models.media import (
    MOST_ALT,
    MOST_NAME,
    MOST_SAID,
    MediaFile,
    MediaQuerySet,
    Subtitles,
)
from yanzhen.library.models.texts import MOST_BODY, MOST_TITLE, SavedText

__all__ = [
    "MOST_ALT",
    "MOST_BODY",
    "MOST_NAME",
    "MOST_SAID",
    "MOST_TITLE",
    "MOST_WORDS",
    "Asset",
    "Folder",
    "MediaFile",
    "MediaQuerySet",
    "SavedText",
    "Subtitles",
    "Tag",
    "Use",
]
