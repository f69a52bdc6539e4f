"""From the bytes somebody sent to a file as it will be kept, whatever its format."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from yanzhen.library import limits
from yanzhen.library.decoding.documents import check_document, open_xml, reads_as_text
from yanzhen.library.decoding.images import Thumbnail, check_image
from yanzhen.library.decoding.incoming import Incoming, TooLarge, incoming, seal
from yanzhen.library.decoding.sniffing import HEAD_BYTES, Format, is_webm, sniff
from yanzhen.library.decoding.videos import check_video
from yanzhen.library.facts import MediaFacts
from yanzhen.library.models import MOST_NAME
from yanzhen.library.refused import MediaRefused, Refusal

_LONGEST_ENDING = 5
#: What a text may look like by its first letters: BMW, ID3, or nothing known.
_MAY_BE_WORDS = ("", "BMP", "MP3")


@dataclass(frozen=True, slots=True)
class Taken:
    """A checked file. ``content`` lies on disk as long as the block it was made in lasts.

    ``said`` are the words of a document, as far as they can be read.
    """

    content: Incoming
    sha256: str
    facts: MediaFacts
    has_location: bool
    location_removed: bool
    thumbnail: Thumbnail | None
    said: str = ""


def clean_name(name: str, form: Format) -> str:
    """Return a name for people to read: no folders, no control characters, the right ending.

    Raises MediaRefused when the ending belongs to another kind of file.
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(c for c in unicodedata.normalize("NFC", last) if _is_said(c)).strip(" .")
    stem, dot, ending = shown.rpartition(".")
    if not dot or not stem or len(ending) > _LONGEST_ENDING:
        return f"{shown[: MOST_NAME - 6] or form.called.lower()}.{form.endings[0]}"
    if ending.lower() not in form.endings:
        raise MediaRefused(
            Refusal.WRONG_NAME,
            format=form.called,
            ending=ending,
            name=f"{stem[:60]}.{form.endings[0]}",
        )
    return f"{stem[: MOST_NAME - len(ending) - 1]}.{ending}"


def _is_said(character: str) -> bool:
    """Tell whether a character is seen; what reverses text can make a name lie."""
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def recognise(file: BinaryIO, *, documents: bool = False, recordings: bool = False) -> Format:
    """Return what the file is by its bytes. Raises MediaRefused.

    ``documents`` may be among it; ``recordings``: what browsers record is no reason to refuse.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if not head:
        raise MediaRefused(Refusal.EMPTY)
    found = sniff(head)
    if recordings and is_webm(head):
        found = Format.WEBM
    if found == "ZIP":
        found = open_xml(file)
    elif documents and found in _MAY_BE_WORDS and reads_as_text(head, whole=len(head) < HEAD_BYTES):
        found = Format.TEXT
    if isinstance(found, str):
        raise MediaRefused(Refusal.UNKNOWN_TYPE, found=found, documents=int(documents))
    if found.is_document and not documents:
        raise MediaRefused(Refusal.DOCUMENT, format=found.called)
    return found


def _whole(file: BinaryIO, most: int) -> bytes:
    file.seek(0)
    data = file.read(most + 1)
    if len(data) > most:
        raise TooLarge
    return data


@contextmanager
def taking(file: BinaryIO, form: Format, *, keep_location: bool) -> Iterator[Taken]:
    """Check ``file`` and yield it as it will be kept. Raises MediaRefused."""
    most = limits.MOST_VIDEO_BYTES if form.is_video else limits.MOST_IMAGE_BYTES
    if form.is_document:
        most = limits.MOST_TEXT_BYTES if form is Format.TEXT else limits.MOST_DOCUMENT_BYTES
    try:
        if form.is_video:
            with incoming(file, most=most) as copy:
                facts, has, removed = check_video(copy.path, form, keep_location=keep_location)
                yield Taken(copy, seal(copy), facts, has, removed, None)
            return
        if form.is_document:
            with incoming(file, most=most) as copy:
                facts, said = check_document(copy.path, form)
                yield Taken(copy, seal(copy), facts, False, False, None, said)
            return
        image = check_image(_whole(file, most), form, keep_location=keep_location)
        with incoming(BytesIO(image.content), most=most + HEAD_BYTES) as copy:
            yield Taken(
                copy,
                seal(copy),
                image.facts,
                image.has_location,
                image.location_removed,
                image.thumbnail,
            )
    except TooLarge:
        raise MediaRefused(
            Refusal.TOO_MANY_BYTES, format=form.called, most=most // limits.MEGABYTE
        ) from None
