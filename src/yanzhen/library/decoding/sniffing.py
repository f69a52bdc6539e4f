"""Telling what a file is by its first bytes. Names and headers are what somebody said."""

from __future__ import annotations

import re
from enum import Enum

HEAD_BYTES = 4096


class Format(Enum):
    """What can be taken in: the MIME type, the endings a name may have, and its own name."""

    JPEG = ("image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), "JPEG")
    PNG = ("image/png", ("png",), "PNG")
    GIF = ("image/gif", ("gif",), "GIF")
    WEBP = ("image/webp", ("webp",), "WEBP")
    MP4 = ("video/mp4", ("mp4", "m4v"), "MP4")
    MOV = ("video/quicktime", ("mov", "qt"), "MOV")
    WEBM = ("video/webm", ("webm",), "WebM")
    PDF = ("application/pdf", ("pdf",), "PDF")
    DOCX = (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ("docx",),
        "Word",
    )
    PPTX = (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ("pptx",),
        "PowerPoint",
    )
    TEXT = ("text/plain", ("txt", "md", "csv"), "TXT")

    def __init__(self, mime: str, endings: tuple[str, ...], called: str) -> None:
        self.mime = mime
        self.endings = endings
        self.called = called

    @property
    def is_video(self) -> bool:
        """Whether it moves by a codec."""
        return self in (Format.MP4, Format.MOV, Format.WEBM)

    @property
    def is_document(self) -> bool:
        """Whether it is there to be read, and never posted."""
        return self in (Format.PDF, Format.DOCX, Format.PPTX, Format.TEXT)


_STARTS = (
    (b"\xff\xd8\xff", Format.JPEG),
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"GIF87a", Format.GIF),
    (b"GIF89a", Format.GIF),
    (b"%PDF-", Format.PDF),
)
_MP4_BRANDS = frozenset(
    {
        b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9",
        b"mp41", b"mp42", b"avc1", b"M4V ", b"M4VH", b"M4VP", b"MSNV", b"XAVC", b"dash", b"cmfc",
        b"f4v ", b"mmp4", b"hvc1", b"av01",
    }
)  # fmt: skip
_OTHER_BRANDS = {
    b"heic": "HEIC", b"heix": "HEIC", b"hevc": "HEIC", b"mif1": "HEIC", b"msf1": "HEIC",
    b"avif": "AVIF", b"avis": "AVIF", b"M4A ": "M4A", b"M4B ": "M4A", b"crx ": "CR3",
}  # fmt: skip
#: What people try, so that the refusal can name it. Looked for in this order.
_KNOWN: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "DOC"),
    (re.compile(rb"PK\x03\x04"), "ZIP"),
    (re.compile(rb"\x1a\x45\xdf\xa3"), "WEBM"),
    (re.compile(rb"RIFF....AVI ", re.DOTALL), "AVI"),
    (re.compile(rb"BM"), "BMP"),
    (re.compile(rb"(?:II\*\x00|MM\x00\*)"), "TIFF"),
    (re.compile(rb"8BPS"), "PSD"),
    (re.compile(rb"\x00\x00\x00\x0cJXL |\xff\x0a"), "JPEG XL"),
    (re.compile(rb"(?:ID3|\xff[\xfb\xf3\xf2])"), "MP3"),
    (re.compile(rb"(?is)[\s\xef\xbb\xbf]*(?:<\?xml.{0,512})?.{0,256}<svg"), "SVG"),
    (re.compile(rb"(?is)[\s\xef\xbb\xbf]*<(?:!doctype html|html|head|body|script)"), "HTML"),
)


def sniff(head: bytes) -> Format | str:
    """Return the format that ``head``, the first bytes, belongs to, or what else it is ("" if not
    known).
    """
    for start, form in _STARTS:
        if head.startswith(start):
            return form
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Format.WEBP
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    return next((called for pattern, called in _KNOWN if pattern.match(head)), "")


def is_webm(head: bytes) -> bool:
    """Tell whether the first bytes are WebM's and not another Matroska's: it says so at the top."""
    return head.startswith(b"\x1a\x45\xdf\xa3") and b"\x42\x82\x84webm" in head[:64]


def _by_brand(head: bytes) -> Format | str:
    """Tell the members of the ISO base media family apart."""
    major = head[8:12]
    if major == b"qt  ":
        return Format.MOV
    if major in _OTHER_BRANDS:
        return _OTHER_BRANDS[major]
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[at : at + 4] for at in range(16, length - 3, 4)} | {major}
    if brands & _MP4_BRANDS:
        return Format.MP4
    return Format.MOV if b"qt  " in brands else ""
