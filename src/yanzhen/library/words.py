"""Why a file was refused and what to do about it, and how its facts are said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop, pgettext, pgettext_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from yanzhen.library.decoding.sniffing import Format
from yanzhen.library.facts import MediaFacts, MediaKind
from yanzhen.library.models import Asset, SavedText
from yanzhen.library.refused import MediaRefused, Refusal
from yanzhen.library.windows import Standing

_SENTENCES: Mapping[Refusal, str | Promise] = {
    Refusal.VEILED: _("This file belongs to an embargoed post, so it cannot be used here."),
    Refusal.EMPTY: _("The file is empty. Choose another one."),
    Refusal.TOO_MANY_BYTES: _(
        "The file is larger than %(most)s MB, the most a %(format)s may have. "
        "Export it smaller and add it again."
    ),
    Refusal.UNKNOWN_TYPE: _(
        "This is no image or video that can be used here. Add JPEG, PNG, GIF, WEBP, MP4 or MOV."
    ),
    Refusal.WRONG_NAME: _(
        "The name ends in .%(ending)s, but the file is a %(format)s. "
        "Rename it to %(name)s if that is what it should be, and add it again."
    ),
    Refusal.TRUNCATED: _("The end of the file is missing. Copy or export it again, then add it."),
    Refusal.BROKEN: _(
        "The file is damaged: it cannot be read as a %(format)s. Export it again, then add it."
    ),
    Refusal.TOO_MANY_PIXELS: _(
        "The picture is %(width)s × %(height)s pixels, more than can be shown. "
        "Make it smaller than %(most)s megapixels and add it again."
    ),
    Refusal.TOO_MANY_FRAMES: _(
        "The GIF has %(frames)s frames, more than can be shown. "
        "Shorten it, make it smaller, or export it as MP4."
    ),
    Refusal.ANIMATED: _("A %(format)s that moves cannot be posted. Export it as GIF or MP4."),
    Refusal.HIDDEN_CONTENT: _(
        "Another file hangs behind the picture. Export the picture again, then add it."
    ),
    Refusal.NO_PICTURE: _("The video has no picture. Export it again with one, then add it."),
    Refusal.LOCATION_STAYS: _(
        "The video says where it was taken, in a way that cannot be removed here. Export it again "
        "without location, or add it with its location kept."
    ),
    Refusal.NOT_EDITABLE: _("Only still images can be edited here."),
    Refusal.BAD_CROP: _(
        "The crop reaches beyond the image. Stay within %(width)s × %(height)s pixels."
    ),
    Refusal.BAD_TURN: _("Turn by 90, 180 or 270 degrees."),
    Refusal.BAD_SIZE: _("Give a width and a height between 1 and %(most)s pixels."),
    Refusal.SAME_BYTES: _(
        "The very same file is in the library already, as “%(name)s”. Choose another one."
    ),
    Refusal.DOCUMENT: _(
        "A %(format)s document cannot go out with a post. Add it to the library and link to it."
    ),
    Refusal.MACROS: _("The document has macros. Save it without them, then add it."),
    Refusal.NOT_UTF8: _("The text is not UTF-8. Save it as UTF-8, then add it."),
    Refusal.OTHER_KIND: _(
        "A document and a picture or video are no versions of each other. Add it as a new file."
    ),
    Refusal.STORE_SILENT: _(
        "The store for files does not answer, so nothing was kept. Try again in a moment."
    ),
    Refusal.NO_CHANGE: _("Nothing would change. Crop, turn or resize the image first."),
    Refusal.ALT_TOO_LONG: _("The text has %(found)s characters. Shorten it to %(most)s."),
    Refusal.BAD_SUBTITLES: _(
        "Line %(line)s is not SRT. Each part needs a line such as 00:00:01,000 --> 00:00:04,000, "
        "words below it, and an empty line behind it, in the order of time."
    ),
    Refusal.BAD_LANGUAGE: _("Give the language as a short tag, such as en, de or zh-Hans."),
    Refusal.NOT_VIDEO: _("Only videos can have subtitles."),
}
_NO_SUBTITLES = _(
    "These are no subtitles. Add an SRT file: each part has a line such as "
    "00:00:01,000 --> 00:00:04,000 and words below it."
)
_NO_DOCUMENT = _(
    "This is no file that can be used here. Add JPEG, PNG, GIF, WEBP, MP4 or MOV, or a document as "
    "PDF, DOCX, PPTX or plain text."
)
_NAMED = _("This is %(found)s, which cannot be used here. Export it as JPEG, PNG, GIF or MP4.")
_OLD_OFFICE = _(
    "This is an old Office file, which cannot be used here. Save it as DOCX, PPTX or PDF."
)
#: What may be done to many files at once, in the order they are offered.
CHANGE_NAMES: Mapping[str, str | Promise] = {
    "tag": _("Add tags"),
    "untag": _("Take tags off"),
    "move": _("Move to a folder"),
    "expire": _("Set until when they may be used"),
    "archive": pgettext_lazy("library", "Archive"),
    "bring_back": pgettext_lazy("library", "Bring back"),
}
FOLDER_REFUSALS: Mapping[str, str | Promise] = {
    "no_name": _("Give the folder a name."),
    "taken": _("There is a folder of that name already. Choose another name."),
    "within_itself": _("A folder cannot lie within itself. Choose another place."),
    "too_deep": _("Folders lie six deep at most. Choose a place further up."),
}
_SIZES = (gettext_noop("%(number)s KB"), gettext_noop("%(number)s MB"))


def refusal(refused: MediaRefused) -> str:
    """Return what is wrong and what to do, in the reader's language."""
    sentence = _SENTENCES[refused.code]
    if refused.code is Refusal.UNKNOWN_TYPE:
        sentence = _unknown(refused)
    if refused.code is Refusal.BAD_SUBTITLES and not refused.details.get("line"):
        return str(refused.details.get("why") or _NO_SUBTITLES)
    return str(sentence) % refused.details


def _unknown(refused: MediaRefused) -> str | Promise:
    """Return the sentence for a type that is not taken, by its name where it has one."""
    found, documents = refused.details.get("found"), refused.details.get("documents")
    if found == "DOC" and documents:
        return _OLD_OFFICE
    if found:
        return _NAMED
    return _NO_DOCUMENT if documents else _SENTENCES[Refusal.UNKNOWN_TYPE]


def size_words(byte_count: int) -> str:
    """Return a size for people: 640 KB, 3.2 MB (of 1000 x 1000 bytes, as shops and X count)."""
    if byte_count < 1_000_000:  # noqa: PLR2004 -- a megabyte
        return _now(_SIZES[0]) % {"number": max(1, round(byte_count / 1000))}
    return _now(_SIZES[1]) % {"number": f"{byte_count / 1_000_000:.1f}"}


def window_words(row: Asset | SavedText, at: datetime) -> str:
    """Return what is to be said of when a row may be used, "" while it simply may."""
    start, end = row.available_at, row.expires_at
    found = row.standing(at)
    if found is Standing.EARLY and start is not None:
        return gettext("Not before %(day)s") % {"day": _day(start, row)}
    if end is None or found is Standing.OPEN:
        return ""
    last = _day(end - timedelta(microseconds=1), row)
    if found is Standing.OVER:
        return gettext("Ended %(day)s") % {"day": last}
    return gettext("Until %(day)s") % {"day": last}


def _day(moment: datetime, row: Asset | SavedText) -> str:
    """Say a day as the workspace counts it."""
    here = moment.astimezone(row.workspace.tz)
    return date_format(here, pgettext("date format", "j M Y"))


def why_not(asset: Asset, at: datetime) -> str:
    """Return why an asset may not go out at ``at`` and what to do, "" when it may."""
    words = {"name": asset.name}
    found = asset.standing(at)
    if found is Standing.OVER and asset.expires_at is not None:
        words["day"] = _day(asset.expires_at - timedelta(microseconds=1), asset)
        return (
            gettext(
                "“%(name)s” may be used until %(day)s only. Take another file, or ask for longer."
            )
            % words
        )
    if found is Standing.EARLY and asset.available_at is not None:
        words["day"] = _day(asset.available_at, asset)
        said = gettext("“%(name)s” may be used from %(day)s on. Take another file, or wait.")
        return said % words
    return ""


def duration_words(duration_ms: int) -> str:
    """Return a length as players show it: 0:07, 2:20."""
    minutes, seconds = divmod(max(1, round(duration_ms / 1000)), 60)
    return f"{minutes}:{seconds:02}"


def document_type(mime: str) -> str:
    """Return what people call such a document: PDF, Word, PowerPoint, or a text."""
    form = next(form for form in Format if form.mime == mime)
    return gettext("Text file") if form is Format.TEXT else form.called


def facts_words(facts: MediaFacts) -> str:
    """Return kind, pixels, length and size in one line."""
    if facts.kind == MediaKind.DOCUMENT:
        return " · ".join([document_type(facts.mime), size_words(facts.byte_count)])
    parts = [MediaKind(facts.kind).label, f"{facts.width} × {facts.height}"]
    if facts.duration_ms:
        parts.append(duration_words(facts.duration_ms))
    parts.append(size_words(facts.byte_count))
    return " · ".join(str(part) for part in parts)
