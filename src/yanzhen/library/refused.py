"""Why a file cannot be taken. The sentence for people is words.refusal()."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Every reason; words.py has a sentence for each."""

    EMPTY = "empty"
    TOO_MANY_BYTES = "too_many_bytes"
    UNKNOWN_TYPE = "unknown_type"
    WRONG_NAME = "wrong_name"
    TRUNCATED = "truncated"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_FRAMES = "too_many_frames"
    ANIMATED = "animated"
    HIDDEN_CONTENT = "hidden_content"
    NO_PICTURE = "no_picture"
    LOCATION_STAYS = "location_stays"
    NOT_EDITABLE = "not_editable"
    BAD_CROP = "bad_crop"
    BAD_TURN = "bad_turn"
    BAD_SIZE = "bad_size"
    NO_CHANGE = "no_change"
    ALT_TOO_LONG = "alt_too_long"
    BAD_SUBTITLES = "bad_subtitles"
    BAD_LANGUAGE = "bad_language"
    NOT_VIDEO = "not_video"
    VEILED = "veiled"
    SAME_BYTES = "same_bytes"
    DOCUMENT = "document"
    MACROS = "macros"
    NOT_UTF8 = "not_utf8"
    OTHER_KIND = "other_kind"
    STORE_SILENT = "store_silent"


class MediaRefused(Exception):
    """A file or a change to one was refused; nothing was kept.

    ``code`` is a Refusal; ``details`` are the figures and names its sentence needs.
    """

    def __init__(self, code: Refusal, **details: str | int) -> None:
        super().__init__(f"{code.value}: {details}" if details else code.value)
        self.code = code
        self.details = details
