"""What this room announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True)
class VersionAdded:
    """``number`` counts the asset's versions from 1; ``sha256`` of the new bytes."""

    number: int
    sha256: str


@dataclass(frozen=True, slots=True)
class AssetDetailed:
    """``expires`` is when it may no longer be used, ISO 8601, "" for never."""

    expires: str


@dataclass(frozen=True, slots=True)
class AssetsChanged:
    """One change to ``count`` assets. ``before`` is what each was, to be put back."""

    what: str
    count: int
    before: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class AssetsRestored:
    """A change to ``count`` assets was taken back."""

    count: int


@dataclass(frozen=True, slots=True)
class FolderMade:
    """``parent`` is the folder it lies in, "" at the top."""

    parent: str


@dataclass(frozen=True, slots=True)
class FolderMoved:
    """``before`` is its earlier name; ``parent`` the folder it lies in now, "" at the top."""

    before: str
    parent: str


@dataclass(frozen=True, slots=True)
class FolderRemoved:
    """``parent`` is where its contents went, "" at the top."""

    parent: str


@dataclass(frozen=True, slots=True)
class TextSaved:
    """``kind`` is "line" or "template"; ``revision`` the one that was written."""

    kind: str
    revision: int


@dataclass(frozen=True, slots=True)
class TextTouched:
    """``kind`` is "line" or "template"."""

    kind: str


VERSION_ADDED = announce(
    Kind(
        "library.version_added",
        VersionAdded,
        _("%(actor)s added version %(number)s of %(subject)s"),
    )
)
ASSET_DETAILED = announce(
    Kind("library.asset_detailed", AssetDetailed, _("%(actor)s changed the details of %(subject)s"))
)
ASSETS_CHANGED = announce(
    Kind("library.assets_changed", AssetsChanged, _("%(actor)s changed %(count)s files at once"))
)
ASSETS_RESTORED = announce(
    Kind(
        "library.assets_restored", AssetsRestored, _("%(actor)s undid a change to %(count)s files")
    )
)
FOLDER_MADE = announce(
    Kind("library.folder_made", FolderMade, _("%(actor)s made the folder %(subject)s"))
)
FOLDER_MOVED = announce(
    Kind(
        "library.folder_moved", FolderMoved, _("%(actor)s moved or renamed the folder %(subject)s")
    )
)
FOLDER_REMOVED = announce(
    Kind("library.folder_removed", FolderRemoved, _("%(actor)s removed the folder %(subject)s"))
)
TEXT_SAVED = announce(
    Kind("library.text_saved", TextSaved, _("%(actor)s saved the text %(subject)s"))
)
LINE_AGREED = announce(
    Kind("library.line_agreed", TextTouched, _("%(actor)s agreed on the line %(subject)s"))
)
LINE_WITHDRAWN = announce(
    Kind("library.line_withdrawn", TextTouched, _("%(actor)s withdrew the line %(subject)s"))
)
TEXT_ARCHIVED = announce(
    Kind("library.text_archived", TextTouched, _("%(actor)s archived the text %(subject)s"))
)
TEXT_BROUGHT_BACK = announce(
    Kind("library.text_brought_back", TextTouched, _("%(actor)s brought the text %(subject)s back"))
)
