"""Why a file was refused and what to do about it, and how its facts are said."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from yanzhen.library.facts import MediaFacts, MediaKind
from yanzhen.library.refused import MediaRefused, Refusal

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
_NAMED = _("This is %(found)s, which cannot be used here. Export it as JPEG, PNG, GIF or MP4.")
_SIZES = (gettext_noop("%(number)s KB"), gettext_noop("%(number)s MB"))


def refusal(refused: MediaRefused) -> str:
    """Return what is wrong and what to do, in the reader's language."""
    sentence = _SENTENCES[refused.code]
    if refused.code is Refusal.UNKNOWN_TYPE and refused.details.get("found"):
        sentence = _NAMED
    if refused.code is Refusal.BAD_SUBTITLES and not refused.details.get("line"):
        return str(refused.details.get("why") or _NO_SUBTITLES)
    return str(sentence) % refused.details


def size_words(byte_count: int) -> str:
    """Return a size for people: 640 KB, 3.2 MB (of 1000 x 1000 bytes, as shops and X count)."""
    if byte_count < 1_000_000:  # noqa: PLR2004 -- a megabyte
        return _now(_SIZES[0]) % {"number": max(1, round(byte_count / 1000))}
    return _now(_SIZES[1]) % {"number": f"{byte_count / 1_000_000:.1f}"}


def duration_words(duration_ms: int) -> str:
    """Return a length as players show it: 0:07, 2:20."""
    minutes, seconds = divmod(max(1, round(duration_ms / 1000)), 60)
    return f"{minutes}:{seconds:02}"


def facts_words(facts: MediaFacts) -> str:
    """Return kind, pixels, length and size in one line."""
    parts = [MediaKind(facts.kind).label, f"{facts.width} × {facts.height}"]
    if facts.duration_ms:
        parts.append(duration_words(facts.duration_ms))
    parts.append(size_words(facts.byte_count))
    return " · ".join(str(part) for part in parts)
