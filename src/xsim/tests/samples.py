"""The smallest files of each kind of media, made by hand."""

from __future__ import annotations

import struct
import zlib


def png(width=4, height=3, *, padding=0):
    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = b"".join(b"\x00" + b"\x22\x66\xaa" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    note = chunk(b"tEXt", b"pad\x00" + b"x" * padding) if padding else b""
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + note
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def jpeg(width=4, height=3):
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    sof = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\x01\x11\x00" * 3
    return b"\xff\xd8" + app0 + sof + b"\xff\xd9"


def webp(width=4, height=3):
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x00" * 4 + sizes
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif(width=4, height=3, frames=2):
    head = (
        b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\x00\x00\x00\xff\xff\xff"
    )
    frame = (
        b"\x21\xf9\x04\x04\x0a\x00\x00\x00"
        b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\x00"
    )
    return head + frame * frames + b"\x3b"


def _box(kind, data):
    return struct.pack(">I", len(data) + 8) + kind + data


def mp4(width=640, height=360, seconds=2.0, *, brand=b"isom", padding=0):
    mvhd = struct.pack(">IIIII", 0, 0, 0, 1000, round(seconds * 1000)) + b"\x00" * 80
    tkhd = b"\x00" * 76 + struct.pack(">II", width << 16, height << 16)
    moov = _box(b"mvhd", mvhd) + _box(b"trak", _box(b"tkhd", tkhd))
    return (
        _box(b"ftyp", brand + b"\x00\x00\x02\x00" + brand)
        + _box(b"mdat", b"\x00" * padding)
        + _box(b"moov", moov)
    )


SRT = b"1\n00:00:00,000 --> 00:00:02,000\nHello\n"
