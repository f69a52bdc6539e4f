"""What the bytes of a picture or video say about themselves: kind, size, frames and length.

Read from the published file formats alone, and only as far as limits need it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

Facts = dict[str, Any]

# JPEG frame markers that carry the size: all SOF but DHT, JPG and DAC.
SIZED = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
MARK = 0xFF
STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
MP4_BRANDS = frozenset({b"qt  "})
GIF_TRAILER, GIF_IMAGE, GIF_EXTENSION = 0x3B, 0x2C, 0x21
BOX_HEAD, LONG_BOX_HEAD = 8, 16


def read_facts(data: bytes) -> Facts:
    """Tell ``mime`` and, as far as they can be read, width, height, frames and duration_ms.

    Bytes of an unknown kind give nothing.
    """
    for starts, read in (
        (data.startswith(b"\x89PNG\r\n\x1a\n"), _png),
        (data.startswith(b"\xff\xd8"), _jpeg),
        (data[:6] in (b"GIF87a", b"GIF89a"), _gif),
        (data[:4] == b"RIFF" and data[8:12] == b"WEBP", _webp),
        (data[4:8] == b"ftyp", _mp4),
    ):
        if starts:
            try:
                return read(data)
            except (IndexError, struct.error):
                return {}
    return _text(data)


def _text(data: bytes) -> Facts:
    head = data.lstrip(b"\xef\xbb\xbf \r\n")[:400]
    if head.startswith(b"WEBVTT"):
        return {"mime": "text/vtt"}
    return {"mime": "text/srt"} if b"-->" in head else {}


def _png(data: bytes) -> Facts:
    width, height = struct.unpack(">II", data[16:24])
    return {"mime": "image/png", "width": width, "height": height}


def _jpeg(data: bytes) -> Facts:
    at = 2
    while data[at] == MARK:
        marker = data[at + 1]
        if marker in SIZED:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return {"mime": "image/jpeg", "width": width, "height": height}
        if marker in STANDALONE or marker == MARK:
            at += 1 if marker == MARK else 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return {}


def _gif(data: bytes) -> Facts:
    width, height, packed = struct.unpack("<HHB", data[6:11])
    at = 13 + _gif_colours(packed)
    frames = 0
    while data[at] != GIF_TRAILER:
        if data[at] == GIF_IMAGE:
            frames += 1
            at += 10 + _gif_colours(data[at + 9]) + 1
        elif data[at] == GIF_EXTENSION:
            at += 2
        else:
            return {}
        while data[at]:
            at += data[at] + 1
        at += 1
    return {"mime": "image/gif", "width": width, "height": height, "frames": frames}


def _gif_colours(packed: int) -> int:
    """Tell the length of a colour table that a packed field announces."""
    return 3 * (2 << (packed & 7)) if packed & 0x80 else 0


def _webp(data: bytes) -> Facts:
    kind = data[12:16]
    if kind == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
    elif kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    elif kind == b"VP8 ":
        width, height = (one & 0x3FFF for one in struct.unpack("<HH", data[26:30]))
    else:
        return {}
    return {"mime": "image/webp", "width": width, "height": height}


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Walk the boxes between two places; gives the kind, and where its content lies."""
    at = start
    while at + BOX_HEAD <= end:
        size, kind = struct.unpack(">I4s", data[at : at + BOX_HEAD])
        head = BOX_HEAD
        if size == 1:
            head, size = LONG_BOX_HEAD, int.from_bytes(data[at + 8 : at + 16], "big")
        size = size or end - at
        if size < head:
            return
        yield kind, at + head, min(at + size, end)
        at += size


def _mp4(data: bytes) -> Facts:
    facts: Facts = {
        "mime": "video/quicktime" if data[8:12] in MP4_BRANDS else "video/mp4",
    }
    for kind, start, end in _boxes(data, 0, len(data)):
        if kind == b"moov":
            for inner, begin, stop in _boxes(data, start, end):
                if inner == b"mvhd":
                    facts["duration_ms"] = _duration_ms(data[begin:stop])
                elif inner == b"trak":
                    facts |= _track_size(data, begin, stop)
    return facts


def _duration_ms(mvhd: bytes) -> int:
    if mvhd[0] == 1:
        scale, length = struct.unpack(">IQ", mvhd[20:32])
    else:
        scale, length = struct.unpack(">II", mvhd[12:20])
    return round(length * 1000 / scale) if scale else 0


def _track_size(data: bytes, start: int, end: int) -> Facts:
    """Read the size of a picture track; a sound track has none."""
    for kind, _, stop in _boxes(data, start, end):
        if kind == b"tkhd":
            width, height = struct.unpack(">II", data[stop - 8 : stop])
            if width and height:
                return {"width": width >> 16, "height": height >> 16}
    return {}
