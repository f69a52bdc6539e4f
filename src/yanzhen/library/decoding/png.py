"""PNG files as chunks (W3C PNG, third edition)."""

from __future__ import annotations

import struct
import zlib

from yanzhen.library.decoding.container import Broken, Container, Piece, Reader, Role

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: Chunks that say how pixels look, beside the critical ones.
_LOOKS = frozenset(
    {
        b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD",
        b"hIST", b"pHYs", b"sPLT",
    }
)  # fmt: skip
_ANIMATION = frozenset({b"acTL", b"fcTL", b"fdAT"})
_XMP = b"XML:com.adobe.xmp\x00"
_ANCILLARY_BIT = 0x20
_MOST = 0x7FFF_FFFF


def read(data: bytes) -> Container:
    """Take a PNG apart; an animated one has more than one frame. Raises Broken."""
    reader = Reader(data)
    pieces = [Piece(Role.PICTURE, reader.take(len(_SIGNATURE)))]
    size: tuple[int, int] | None = None
    frames = 1
    kind = b""
    while kind != b"IEND":
        kind, body, raw = _chunk(reader)
        if size is None:
            size = _size(kind, body)
        if kind == b"acTL":
            frames = max(2, *struct.unpack_from(">L", body.ljust(4, b"\x00")))
        pieces.append(_piece(kind, body, raw))
    if size is None:
        raise Broken
    return Container(tuple(pieces), *size, trailing=reader.rest(), frames=frames)


def put_together(pieces: list[Piece], tiff: bytes) -> bytes:
    """Join the pieces; ``tiff``, if any, comes in behind the head."""
    parts = [piece.raw for piece in pieces]
    if tiff:
        parts.insert(2, _raw(b"eXIf", tiff))
    return b"".join(parts)


def _chunk(reader: Reader) -> tuple[bytes, bytes, bytes]:
    (length,) = struct.unpack(">L", reader.take(4))
    kind = reader.take(4)
    if length > _MOST or not kind.isalpha():
        raise Broken
    body = reader.take(length)
    reader.take(4)
    raw = reader.data[reader.position - length - 12 : reader.position]
    if raw != _raw(kind, body):
        raise Broken
    return kind, body, raw


def _raw(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))


def _size(kind: bytes, body: bytes) -> tuple[int, int]:
    if kind != b"IHDR":
        raise Broken
    try:
        width, height = struct.unpack_from(">LL", body)
    except struct.error:
        raise Broken from None
    return width, height


def _piece(kind: bytes, body: bytes, raw: bytes) -> Piece:
    if kind == b"eXIf":
        return Piece(Role.EXIF, raw, body)
    if kind == b"iTXt" and body.startswith(_XMP):
        return Piece(Role.XMP, raw, body)
    critical = not kind[0] & _ANCILLARY_BIT
    stays = critical or kind in _LOOKS or kind in _ANIMATION
    return Piece(Role.PICTURE if stays else Role.NOISE, raw)
