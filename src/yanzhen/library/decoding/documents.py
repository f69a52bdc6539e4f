"""Documents: told apart, looked at from outside, and their words taken out for the search.

Nothing in them is carried out or drawn. The words of Word and PowerPoint files are cut out of their
XML with a pattern, so that no XML reader meets what strangers wrote.
"""

from __future__ import annotations

import html
import os
import re
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from yanzhen.library.decoding.sniffing import Format
from yanzhen.library.facts import MediaFacts, MediaKind
from yanzhen.library.models import MOST_SAID
from yanzhen.library.refused import MediaRefused, Refusal

_TAIL_BYTES = 2048
_MOST_PARTS = 5000
_MOST_XML_BYTES = 4 * 1024 * 1024
_MOST_SLIDES = 200
_ENCRYPTED = 0x1
_RUN = re.compile(r"<(?:w|a):t(?:\s[^<>]*)?>([^<]*)</(?:w|a):t>|</(?:w|a):p>")
_SLIDE = re.compile(r"ppt/slides/slide(\d{1,4})\.xml")
_MAIN = {"word/document.xml": Format.DOCX, "ppt/presentation.xml": Format.PPTX}
#: What zipfile raises on archives that are damaged, or of a kind nobody makes any more.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def open_xml(file: BinaryIO) -> Format | str:
    """Return what a ZIP archive is: a document of Word or PowerPoint, or "ZIP"."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist()[:_MOST_PARTS])
    except _UNREADABLE:
        return "ZIP"
    if "[Content_Types].xml" not in names:
        return "ZIP"
    return next((form for part, form in _MAIN.items() if part in names), "ZIP")


def reads_as_text(head: bytes, *, whole: bool) -> bool:
    """Tell whether bytes are UTF-8 without controls; if not ``whole``, the end may be cut off."""
    for cut in range(1 if whole else 4):
        try:
            said = head[: len(head) - cut].decode("utf-8-sig")
        except UnicodeDecodeError:
            continue
        return _CONTROLS.search(said) is None
    return False


def check_document(path: Path, form: Format) -> tuple[MediaFacts, str]:
    """Look at the document at ``path``; return its facts and what it says, as far as is known.

    Raises MediaRefused.
    """
    said = ""
    if form is Format.PDF:
        _check_pdf(path)
    elif form is Format.TEXT:
        said = _check_text(path)
    else:
        said = _check_open_xml(path, form)
    size = path.stat().st_size
    facts = MediaFacts(MediaKind.DOCUMENT, form.mime, size, width=0, height=0)
    # No database keeps a NUL, and nobody looks for the other controls.
    return facts, _CONTROLS.sub("", said)[:MOST_SAID]


def _check_pdf(path: Path) -> None:
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(0, end - _TAIL_BYTES))
        if b"%%EOF" not in file.read():
            raise MediaRefused(Refusal.TRUNCATED)


def _check_text(path: Path) -> str:
    data = path.read_bytes()
    if not reads_as_text(data, whole=True):
        raise MediaRefused(Refusal.NOT_UTF8)
    return data.decode("utf-8-sig")


def _check_open_xml(path: Path, form: Format) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS:
                raise MediaRefused(Refusal.BROKEN, format=form.called)
            if any(part.filename.endswith("vbaProject.bin") for part in parts):
                raise MediaRefused(Refusal.MACROS)
            wanted = _told_in(archive, form)
            return "\n".join(_words(archive, part) for part in wanted)
    except _UNREADABLE:
        raise MediaRefused(Refusal.BROKEN, format=form.called) from None


def _told_in(archive: zipfile.ZipFile, form: Format) -> list[zipfile.ZipInfo]:
    """Return the parts that hold words, in the order they are read."""
    if form is Format.DOCX:
        return [archive.getinfo("word/document.xml")]
    slides = [
        (int(found[1]), part)
        for part in archive.infolist()
        if (found := _SLIDE.fullmatch(part.filename))
    ]
    return [part for _number, part in sorted(slides, key=lambda each: each[0])[:_MOST_SLIDES]]


def _words(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> str:
    """Read the words of one part, at most so much of it as any honest one has."""
    if part.flag_bits & _ENCRYPTED:
        return ""
    with archive.open(part) as file:
        xml = file.read(_MOST_XML_BYTES).decode("utf-8", "replace")
    return "".join(
        html.unescape(found[1]) if found[1] is not None else "\n" for found in _RUN.finditer(xml)
    )
