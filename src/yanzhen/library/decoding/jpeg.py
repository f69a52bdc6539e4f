"""JPEG files as segments (ITU T.81, annex B)."""

from __future__ import annotations

import re
import struct

from yanzhen.library.decoding.container import (
    Broken,
    Container,
    Piece,
    Reader,
    Role,
    Truncated,
)

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_APP0, _APP1, _APP2, _APP13, _APP14, _APP15, _COM = 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xEF, 0xFE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_EXIF = b"Exif\x00"
_EXIF_HEAD = 6
_XMP = (b"http://ns.adobe.com/xap/1.0/\x00", b"http://ns.adobe.com/xmp/extension/\x00")
#: A marker that ends coded data: FF followed by neither 00, a restart nor another FF.
_END_OF_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def read(data: bytes) -> Container:
    """Take a JPEG apart. Raises Broken."""
    reader = Reader(data)
    pieces = [Piece(Role.PICTURE, reader.take(2))]
    size: tuple[int, int] | None = None
    scanned = False
    while True:
        marker = _marker(reader)
        if marker == _EOI:
            pieces.append(Piece(Role.PICTURE, b"\xff\xd9"))
            break
        if marker in _ALONE or marker == _SOI:
            raise Broken
        body = _body(reader)
        if marker in _FRAMES:
            if size is not None:
                raise Broken
            size = _size(body)
        pieces.append(_piece(marker, body))
        if marker == _SOS:
            scanned = True
            pieces.append(Piece(Role.PICTURE, _scan(reader)))
    if size is None or not scanned:
        raise Broken
    return Container(tuple(pieces), *size, trailing=reader.rest())


def put_together(pieces: list[Piece], tiff: bytes) -> bytes:
    """Join the pieces; ``tiff``, if any, comes in as EXIF behind the JFIF head."""
    parts = [piece.raw for piece in pieces]
    if tiff:
        behind_head = 2 if len(parts) > 1 and parts[1][1] == _APP0 else 1
        parts.insert(behind_head, _segment(_APP1, b"Exif\x00\x00" + tiff))
    return b"".join(parts)


def _marker(reader: Reader) -> int:
    if reader.take(1) != b"\xff":
        raise Broken
    marker = 0xFF
    while marker == 0xFF:  # noqa: PLR2004 -- fill bytes
        marker = reader.take(1)[0]
    return marker


def _body(reader: Reader) -> bytes:
    (length,) = struct.unpack(">H", reader.take(2))
    if length < 2:  # noqa: PLR2004 -- the length counts itself
        raise Broken
    return reader.take(length - 2)


def _size(body: bytes) -> tuple[int, int]:
    try:
        _bits, height, width = struct.unpack_from(">BHH", body)
    except struct.error:
        raise Broken from None
    return width, height


def _scan(reader: Reader) -> bytes:
    end = _END_OF_SCAN.search(reader.data, reader.position)
    if end is None:
        raise Truncated
    return reader.take(end.start() - reader.position)


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _piece(marker: int, body: bytes) -> Piece:
    raw = _segment(marker, body)
    if marker == _APP1 and body.startswith(_EXIF):
        return Piece(Role.EXIF, raw, body[_EXIF_HEAD:])
    if marker == _APP1 and body.startswith(_XMP):
        return Piece(Role.XMP, raw, body)
    if marker == _APP13:
        return Piece(Role.IPTC, raw, body)
    if (
        (marker == _APP0 and body.startswith(b"JFIF\x00"))
        or (marker == _APP2 and body.startswith(b"ICC_PROFILE\x00"))
        or (marker == _APP14 and body.startswith(b"Adobe"))
    ):
        return Piece(Role.PICTURE, raw)
    if _APP0 <= marker <= _APP15 or marker == _COM:
        return Piece(Role.NOISE, raw)
    return Piece(Role.PICTURE, raw)
