"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from yanzhen.activity.spine import Kind, announce


@dataclass(frozen=True, slots=True)
class MediaStored:
    """``sha256`` of the stored bytes. ``location_removed`` when a place was taken out of them."""

    sha256: str
    kind: str
    location_removed: bool


@dataclass(frozen=True, slots=True)
class MediaEdited:
    """``sha256`` of the new bytes; ``original`` is the file's number they were made from."""

    sha256: str
    original: int


@dataclass(frozen=True, slots=True)
class MediaDescribed:
    """The alt text before and after."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SubtitlesSaved:
    """``language`` is a BCP 47 tag; ``sha256`` of the text."""

    language: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SubtitlesRemoved:
    """``language`` is a BCP 47 tag."""

    language: str


MEDIA_STORED = announce(
    Kind("library.media_stored", MediaStored, _("%(actor)s added the file %(subject)s"))
)
MEDIA_EDITED = announce(
    Kind("library.media_edited", MediaEdited, _("%(actor)s made %(subject)s from another image"))
)
MEDIA_DESCRIBED = announce(
    Kind("library.media_described", MediaDescribed, _("%(actor)s described %(subject)s"))
)
SUBTITLES_SAVED = announce(
    Kind(
        "library.subtitles_saved",
        SubtitlesSaved,
        _("%(actor)s saved %(language)s subtitles for %(subject)s"),
    )
)
SUBTITLES_REMOVED = announce(
    Kind(
        "library.subtitles_removed",
        SubtitlesRemoved,
        _("%(actor)s removed the %(language)s subtitles of %(subject)s"),
    )
)
