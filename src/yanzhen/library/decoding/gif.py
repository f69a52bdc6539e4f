"""GIF files as blocks (GIF89a)."""

from __future__ import annotations

import struct

from yanzhen.library.decoding.container import Broken, Container, Piece, Reader, Role

_EXTENSION, _IMAGE, _TRAILER = b"\x21", b"\x2c", b"\x3b"
_COMMENT, _APPLICATION = b"\xfe", b"\xff"
_TABLE_BIT, _TABLE_SIZE = 0x80, 0x07
#: Applications whose blocks change how the picture looks: loops and colours.
_LOOKS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
_XMP = b"XMP DataXMP"
_NAME = 11


def read(data: bytes) -> Container:
    """Take a GIF apart. Raises Broken."""
    reader = Reader(data)
    head = reader.take(13)
    width, height, flags = struct.unpack_from("<HHB", head, 6)
    pieces = [Piece(Role.PICTURE, head + _table(reader, flags))]
    frames = 0
    while True:
        kind = reader.take(1)
        if kind == _TRAILER:
            pieces.append(Piece(Role.PICTURE, kind))
            break
        if kind == _EXTENSION:
            pieces.append(_extension(reader))
        elif kind == _IMAGE:
            piece, right, bottom = _image(reader)
            pieces.append(piece)
            frames += 1
            width, height = max(width, right), max(height, bottom)
        else:
            raise Broken
    if not frames:
        raise Broken
    return Container(tuple(pieces), width, height, trailing=reader.rest(), frames=frames)


def put_together(pieces: list[Piece], tiff: bytes) -> bytes:
    """Join the pieces. A GIF has no place for an orientation, so ``tiff`` is empty."""
    del tiff
    return b"".join(piece.raw for piece in pieces)


def _table(reader: Reader, flags: int) -> bytes:
    return reader.take(3 << ((flags & _TABLE_SIZE) + 1)) if flags & _TABLE_BIT else b""


def _blocks(reader: Reader) -> list[bytes]:
    """Return the sub-blocks, each with its length in front, the empty last one included."""
    found = []
    while True:
        length = reader.take(1)
        found.append(length + reader.take(length[0]))
        if length == b"\x00":
            return found


def _extension(reader: Reader) -> Piece:
    label = reader.take(1)
    blocks = _blocks(reader)
    raw = _EXTENSION + label + b"".join(blocks)
    if label == _COMMENT:
        return Piece(Role.NOISE, raw)
    if label != _APPLICATION:
        return Piece(Role.PICTURE, raw)
    name = blocks[0][1 : _NAME + 1]
    if name == _XMP:
        return Piece(Role.XMP, raw, raw)
    return Piece(Role.PICTURE if name in _LOOKS else Role.NOISE, raw)


def _image(reader: Reader) -> tuple[Piece, int, int]:
    """Read one picture; return it with its right and bottom edge on the screen."""
    head = reader.take(9)
    left, top, width, height, flags = struct.unpack("<HHHHB", head)
    table = _table(reader, flags)
    code_size = reader.take(1)
    raw = _IMAGE + head + table + code_size + b"".join(_blocks(reader))
    return Piece(Role.PICTURE, raw), left + width, top + height
