"""What kinds and sizes of media X takes, and for what they may be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xsim.accounts import User

MEGABYTE = 1024 * 1024
IMAGES = frozenset({"image/jpeg", "image/pjpeg", "image/png", "image/webp", "image/gif"})
VIDEOS = frozenset({"video/mp4", "video/quicktime"})
TEXTS = frozenset({"text/srt", "text/vtt"})
# Declared kinds that name the same bytes.
SAME = {"image/pjpeg": "image/jpeg"}
SEGMENT_MAX = 5 * MEGABYTE
SEGMENTS = range(1_000)
ALT_TEXT_MAX = 1_000
GIF_SIDES, GIF_FRAMES, GIF_PIXELS = (1280, 1080), 350, 300_000_000
VIDEO_SIDES, VIDEO_RATIO = range(32, 1281), 3.0
VIDEO_MS, PREMIUM_VIDEO_MS = range(500, 140_001), range(500, 600_001)


@dataclass(frozen=True)
class Category:
    """One use of media.

    ``kind`` is what it becomes in a post, None when it cannot be part of one; ``prefix`` begins
    its media keys; ``page`` is the word in its address.
    """

    mimes: frozenset[str]
    most_bytes: int
    kind: str | None
    prefix: int
    works: bool = False
    page: str = "photo"


# The prefixes of subtitles and of media for messages are not documented; these are ours.
CATEGORIES: dict[str, Category] = {
    "tweet_image": Category(IMAGES, 5 * MEGABYTE, "photo", 3),
    "tweet_gif": Category(frozenset({"image/gif"}), 15 * MEGABYTE, "animated_gif", 16, works=True),
    "tweet_video": Category(VIDEOS, 512 * MEGABYTE, "video", 7, works=True, page="video"),
    "amplify_video": Category(VIDEOS, 512 * MEGABYTE, "video", 13, works=True, page="video"),
    "subtitles": Category(TEXTS, MEGABYTE, None, 24),
    "dm_image": Category(IMAGES, 5 * MEGABYTE, None, 5),
    "dm_gif": Category(frozenset({"image/gif"}), 15 * MEGABYTE, None, 6, works=True),
    "dm_video": Category(VIDEOS, 512 * MEGABYTE, None, 8, works=True),
}


def category_for(mime: str) -> str | None:
    """Choose the category of media whose upload names none."""
    if mime in VIDEOS:
        return "tweet_video"
    return "tweet_image" if mime in IMAGES else None


def why_not(category: Category, mime: str, facts: dict[str, Any], owner: User) -> str | None:
    """Tell why X will not take these bytes for this use; None when it will."""
    if facts.get("mime") != SAME.get(mime, mime):
        return "Media type unrecognized."
    if "gif" in (category.kind or ""):
        return _gif_fault(facts)
    if category.mimes is VIDEOS:
        return _video_fault(facts, owner)
    return None


def _gif_fault(facts: dict[str, Any]) -> str | None:
    width, height, frames = facts["width"], facts["height"], facts["frames"]
    if width > GIF_SIDES[0] or height > GIF_SIDES[1]:
        return "GIF dimensions exceed 1280x1080"
    if frames > GIF_FRAMES or width * height * frames > GIF_PIXELS:
        return "GIF has too many frames"
    return None


def _video_fault(facts: dict[str, Any], owner: User) -> str | None:
    lasts = PREMIUM_VIDEO_MS if owner.premium else VIDEO_MS
    if "duration_ms" not in facts or "width" not in facts:
        return "Unsupported video format"
    if facts["duration_ms"] not in lasts:
        return f"Duration must be between {lasts[0] / 1000:g} and {lasts[-1] // 1000} seconds"
    width, height = facts["width"], facts["height"]
    if width not in VIDEO_SIDES or height not in VIDEO_SIDES:
        return "Video dimensions must be between 32x32 and 1280x1024"
    if not 1 / VIDEO_RATIO <= width / height <= VIDEO_RATIO:
        return "Aspect ratio must be between 1:3 and 3:1"
    return None
