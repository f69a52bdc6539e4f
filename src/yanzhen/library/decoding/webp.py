"""WEBP files as RIFF chunks (RFC 9649)."""

from __future__ import annotations

import struct

from yanzhen.library.decoding.container import Broken, Container, Piece, Reader, Role, Truncated

_PICTURE = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF"})
_EXIF_BIT, _XMP_BIT = 0x08, 0x04
_HEAD = 12
_START_OF_FRAME = b"\x9d\x01\x2a"
_LOSSLESS = 0x2F


def read(data: bytes) -> Container:
    """Take a WEBP apart; an animated one has more than one frame. Raises Broken."""
    (length,) = struct.unpack_from("<L", data, 4)
    end = 8 + length
    if end > len(data):
        raise Truncated
    reader = Reader(data[:end], _HEAD)
    pieces = []
    size: tuple[int, int] | None = None
    frames = 0
    while reader.position < end:
        kind, body, raw = _chunk(reader)
        size = size or _size(kind, body)
        if kind == b"ANIM":
            frames = 2
        pieces.append(_piece(kind, body, raw))
    if size is None:
        raise Broken
    return Container(tuple(pieces), *size, trailing=data[end:], frames=max(frames, 1))


def put_together(pieces: list[Piece], tiff: bytes) -> bytes:
    """Join the pieces; ``tiff``, if any, comes in behind the picture."""
    parts = [piece.raw for piece in pieces]
    if tiff:
        parts.append(_raw(b"EXIF", tiff))
    if parts[0].startswith(b"VP8X"):
        parts[0] = _with_flags(parts[0], {part[:4] for part in parts})
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<L", len(body)) + body


def _chunk(reader: Reader) -> tuple[bytes, bytes, bytes]:
    kind = reader.take(4)
    (length,) = struct.unpack("<L", reader.take(4))
    body = reader.take(length)
    if length % 2:
        reader.take(1)
    return kind, body, _raw(kind, body)


def _raw(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<L", len(body)) + body + b"\x00" * (len(body) % 2)


def _with_flags(head: bytes, kinds: set[bytes]) -> bytes:
    """Return the VP8X chunk with the bits of EXIF and XMP as they now are."""
    flags = head[8] & ~(_EXIF_BIT | _XMP_BIT)
    flags |= _EXIF_BIT if b"EXIF" in kinds else 0
    flags |= _XMP_BIT if b"XMP " in kinds else 0
    return head[:8] + bytes([flags]) + head[9:]


def _size(kind: bytes, body: bytes) -> tuple[int, int] | None:
    """Read the size where this chunk tells it."""
    try:
        if kind == b"VP8X":
            wide, high = body[4:7], body[7:10]
            return int.from_bytes(wide, "little") + 1, int.from_bytes(high, "little") + 1
        if kind == b"VP8 ":
            if body[3:6] != _START_OF_FRAME:
                raise Broken
            width, height = struct.unpack_from("<HH", body, 6)
            return width & 0x3FFF, height & 0x3FFF
        if kind == b"VP8L":
            signature, bits = struct.unpack_from("<BL", body)
            if signature != _LOSSLESS:
                raise Broken
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    except struct.error:
        raise Broken from None
    return None


def _piece(kind: bytes, body: bytes, raw: bytes) -> Piece:
    if kind == b"EXIF":
        return Piece(Role.EXIF, raw, body.removeprefix(b"Exif\x00\x00"))
    if kind == b"XMP ":
        return Piece(Role.XMP, raw, body)
    return Piece(Role.PICTURE if kind in _PICTURE else Role.NOISE, raw)
