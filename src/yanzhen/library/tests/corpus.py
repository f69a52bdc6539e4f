"""Files made to do harm, or to be taken for something else; each with the refusal it meets.

None stands for "taken, but as a harmless picture": what made it two things at once is gone.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

from yanzhen.library.refused import Refusal
from yanzhen.library.tests import makers

SCRIPT = b"<script>document.title='owned'</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!doctype html><html><body>" + SCRIPT
ELSEWHERE = b"\x00\x00\x00\x00http://169.254.169.254/latest\x00"


def _zip():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("evil.html", HTML)
    return out.getvalue()


def _packed(count):
    """Many letters in few bytes, as a text or a profile holds them."""
    return b"a\x00\x00" + zlib.compress(b"a" * count)


def _chunk(kind, body):
    return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))


def _png(width, height, rows=b"", *, more=b""):
    head = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    data = _chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + more + data + _chunk(b"IEND", b"")


def _bomb(width, height):
    """Say a huge size and hold millions of zeros in next to no bytes."""
    return _png(width, height, b"\x00" * 10**7)


def _jpeg_flood():
    """Change the size a small JPEG tells."""
    plain = makers.image("JPEG")
    at = plain.index(b"\xff\xc0") + 5
    return plain[:at] + struct.pack(">HH", 60_000, 60_000) + plain[at + 4 :]


def _gif_flood():
    plain = makers.gif(2)
    return plain[:6] + struct.pack("<HH", 65_000, 65_000) + plain[10:]


def _gif_of_many_frames():
    plain = makers.gif(2)
    first = plain.index(b"\x21\xf9")
    dot = b"\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00"
    frame = b"\x21\xf9\x04\x00\x0a\x00\x00\x00" + dot
    return plain[:first] + frame * 1500 + b"\x3b"


def _gif_script():
    """Be a script that begins with a picture's head: GIF89a/*...*/=1;alert(1)."""
    return b"GIF89a/*" + makers.gif(1)[8:-1] + b"*/=1;alert(1)//\x3b"


def _webp_flood():
    plain = makers.image("WEBP", lossless=True)
    inside = b"VP8X" + struct.pack("<L", 10) + b"\x00" * 4 + b"\xff" * 6 + plain[12:]
    return b"RIFF" + struct.pack("<L", len(inside) + 4) + b"WEBP" + inside


def _apng():
    return _png(1, 1, b"\x00\x00\x00\x00", more=_chunk(b"acTL", struct.pack(">LL", 3, 0)))


def _mp4_elsewhere():
    """Keep the picture in another file, at another address."""
    plain = makers.PLAIN_MP4
    at = plain.index(b"dref") + 12
    return plain[: at + 8] + b"\x00\x00\x00\x00" + plain[at + 12 :]


def _mp4_endless():
    """Nest boxes deeper than any reader likes."""
    inner = b""
    for _ in range(400):
        inner = makers.box(b"trak", inner)
    return makers.mp4_with(in_moov=inner)


def _with_comment(words):
    plain = makers.image("JPEG")
    return plain[:2] + b"\xff\xfe" + struct.pack(">H", len(words) + 2) + words + plain[2:]


JPEG, PNG, GIF, WEBP = (
    makers.image("JPEG"),
    makers.image("PNG"),
    makers.gif(1),
    makers.image("WEBP"),
)
MP4 = makers.PLAIN_MP4

#: name, bytes, refusal
HOSTILE: dict[str, tuple[str, bytes, Refusal | None]] = {
    # another kind of file
    "svg": ("a.svg", SVG, Refusal.UNKNOWN_TYPE),
    "svg called png": ("a.png", SVG, Refusal.UNKNOWN_TYPE),
    "svg behind a prolog": ("a.jpg", b'<?xml version="1.0"?>' + SVG, Refusal.UNKNOWN_TYPE),
    "html called jpg": ("a.jpg", HTML, Refusal.UNKNOWN_TYPE),
    "html behind spaces": ("a.gif", b" \n\t" + HTML, Refusal.UNKNOWN_TYPE),
    "script called gif": ("a.gif", b"alert(1)", Refusal.UNKNOWN_TYPE),
    "pdf called jpg": ("a.jpg", b"%PDF-1.7\n" + JPEG, Refusal.DOCUMENT),
    "zip called png": ("a.png", _zip(), Refusal.UNKNOWN_TYPE),
    "program called png": ("a.png", b"MZ\x90\x00" + PNG, Refusal.UNKNOWN_TYPE),
    "elf called mp4": ("a.mp4", b"\x7fELF" + MP4, Refusal.UNKNOWN_TYPE),
    "bmp": ("a.png", b"BM" + b"\x00" * 60, Refusal.UNKNOWN_TYPE),
    "tiff": ("a.jpg", b"II*\x00" + b"\x00" * 60, Refusal.UNKNOWN_TYPE),
    "heic": ("a.jpg", makers.box(b"ftyp", b"heic", b"\x00" * 8), Refusal.UNKNOWN_TYPE),
    "avif": ("a.webp", makers.box(b"ftyp", b"avif", b"\x00" * 8), Refusal.UNKNOWN_TYPE),
    "webm": ("a.mp4", b"\x1a\x45\xdf\xa3" + b"\x00" * 60, Refusal.UNKNOWN_TYPE),
    "sound": ("a.mp4", makers.box(b"ftyp", b"M4A ", b"\x00" * 8), Refusal.UNKNOWN_TYPE),
    "eps": ("a.png", b"%!PS-Adobe-3.0", Refusal.UNKNOWN_TYPE),
    "playlist": ("a.mp4", b"#EXTM3U\nfile:///etc/passwd\n", Refusal.UNKNOWN_TYPE),
    "nothing": ("a.png", b"", Refusal.EMPTY),
    "zeros": ("a.png", b"\x00" * 2000, Refusal.UNKNOWN_TYPE),
    # a name that lies
    "png called jpg": ("a.jpg", PNG, Refusal.WRONG_NAME),
    "jpeg called html": ("a.html", JPEG, Refusal.WRONG_NAME),
    "jpeg called svg": ("a.svg", JPEG, Refusal.WRONG_NAME),
    "gif called js": ("a.js", GIF, Refusal.WRONG_NAME),
    "mp4 called gif": ("a.gif", MP4, Refusal.WRONG_NAME),
    "jpeg called exe": ("a.jpg.exe", JPEG, Refusal.WRONG_NAME),
    "webp called php": ("a.php", WEBP, Refusal.WRONG_NAME),
    # two files in one
    "jpeg and zip": ("a.jpg", JPEG + _zip(), Refusal.HIDDEN_CONTENT),
    "jpeg and html": ("a.jpg", JPEG + HTML, Refusal.HIDDEN_CONTENT),
    "jpeg and php": ("a.jpg", JPEG + b"<?php system('id');", Refusal.HIDDEN_CONTENT),
    "jpeg and pdf": ("a.jpg", JPEG + b"%PDF-1.7", Refusal.HIDDEN_CONTENT),
    "png and zip": ("a.png", PNG + _zip(), Refusal.HIDDEN_CONTENT),
    "png and svg": ("a.png", PNG + SVG, Refusal.HIDDEN_CONTENT),
    "gif and html": ("a.gif", GIF + HTML, Refusal.HIDDEN_CONTENT),
    "gif and program": ("a.gif", GIF + b"\x7fELF\x02", Refusal.HIDDEN_CONTENT),
    "webp and zip": ("a.webp", WEBP + _zip(), Refusal.HIDDEN_CONTENT),
    "mp4 and zip": ("a.mp4", MP4 + _zip(), Refusal.TRUNCATED),
    "mp4 and html": ("a.mp4", MP4 + HTML, Refusal.TRUNCATED),
    "gif that is a script": ("a.gif", _gif_script(), Refusal.BROKEN),
    "jpeg with html in a comment": ("a.jpg", _with_comment(HTML), None),
    "png with html in a text": (
        "a.png",
        _png(1, 1, b"\x00\x01\x02\x03", more=_chunk(b"tEXt", b"Comment\x00" + HTML)),
        None,
    ),
    "png with html in a chunk of its own": (
        "a.png",
        _png(1, 1, b"\x00\x01\x02\x03", more=_chunk(b"evIl", HTML)),
        None,
    ),
    "gif with html in a comment": (
        "a.gif",
        GIF[:-1] + b"\x21\xfe" + bytes([len(HTML)]) + HTML + b"\x00\x3b",
        None,
    ),
    "mp4 with html in free space": ("a.mp4", MP4 + makers.box(b"html", HTML), None),
    "jpeg and noise": ("a.jpg", JPEG + b"\x00noise" * 30, None),
    # larger inside than outside
    "png bomb": ("a.png", _bomb(9000, 9000), Refusal.TOO_MANY_PIXELS),
    "png flood": ("a.png", _png(60_000, 60_000), Refusal.TOO_MANY_PIXELS),
    "png of the largest size": ("a.png", _png(2**31 - 1, 2**31 - 1), Refusal.TOO_MANY_PIXELS),
    "png one line high": ("a.png", _png(60_000, 1), Refusal.TOO_MANY_PIXELS),
    "png without a size": ("a.png", _png(0, 0), Refusal.BROKEN),
    "jpeg flood": ("a.jpg", _jpeg_flood(), Refusal.TOO_MANY_PIXELS),
    "gif flood": ("a.gif", _gif_flood(), Refusal.TOO_MANY_PIXELS),
    "gif of many frames": ("a.gif", _gif_of_many_frames(), Refusal.TOO_MANY_FRAMES),
    "webp flood": ("a.webp", _webp_flood(), Refusal.TOO_MANY_PIXELS),
    "png with a text bomb": (
        "a.png",
        _png(1, 1, b"\x00\x01\x02\x03", more=_chunk(b"zTXt", _packed(10**7))),
        None,
    ),
    "png with a profile bomb": (
        "a.png",
        _png(1, 1, b"\x00\x01\x02\x03", more=_chunk(b"iCCP", _packed(10**8))),
        Refusal.BROKEN,
    ),
    # not whole
    "half a jpeg": ("a.jpg", JPEG[: len(JPEG) // 2], Refusal.TRUNCATED),
    "half a png": ("a.png", PNG[: len(PNG) // 2], Refusal.TRUNCATED),
    "half a gif": ("a.gif", GIF[: len(GIF) // 2], Refusal.TRUNCATED),
    "half a webp": ("a.webp", WEBP[: len(WEBP) // 2], Refusal.TRUNCATED),
    "half an mp4": ("a.mp4", MP4[: len(MP4) // 2], Refusal.TRUNCATED),
    "head of a jpeg": ("a.jpg", JPEG[:3], Refusal.TRUNCATED),
    "head of a png": ("a.png", PNG[:8], Refusal.TRUNCATED),
    "head of a webp": ("a.webp", WEBP[:12], Refusal.TRUNCATED),
    "png with a wrong sum": ("a.png", PNG[:40] + b"\xff" + PNG[41:], Refusal.BROKEN),
    "png without pixels": ("a.png", _png(10, 10), Refusal.TRUNCATED),
    "png with other pixels": (
        "a.png",
        PNG[:33] + _chunk(b"IDAT", b"no") + PNG[-12:],
        Refusal.BROKEN,
    ),
    "jpeg of two sizes": (
        "a.jpg",
        JPEG[:2] + JPEG[JPEG.index(b"\xff\xc0") :][:19] + JPEG[2:],
        Refusal.BROKEN,
    ),
    # what is not posted
    "png that moves": ("a.png", _apng(), Refusal.ANIMATED),
    "mp4 without a head": ("a.mp4", MP4[: MP4.index(b"moov") - 4], Refusal.BROKEN),
    "mp4 of two heads": ("a.mp4", MP4 + makers.box(b"moov"), Refusal.BROKEN),
    "mp4 elsewhere": ("a.mp4", _mp4_elsewhere(), Refusal.BROKEN),
    "mp4 nested": ("a.mp4", _mp4_endless(), Refusal.BROKEN),
    "mp4 that refers": (
        "a.mp4",
        makers.mp4_with(in_moov=makers.box(b"rmra", ELSEWHERE)),
        Refusal.BROKEN,
    ),
    "mp4 of no tracks": (
        "a.mp4",
        MP4[:32] + makers.box(b"moov", makers.box(b"mvhd", b"\x00" * 100)),
        Refusal.NO_PICTURE,
    ),
    "mp4 of a lying box": (
        "a.mp4",
        MP4.replace(b"\x00\x00\x00\x14vmhd", b"\x7f\x00\x00\x14vmhd"),
        Refusal.BROKEN,
    ),
}

#: Names that mean to lead somewhere else; each comes with a true PNG.
NAMES = [
    "../../../../etc/passwd.png",
    "..%2f..%2f..%2fkeys%2fsession.png",
    "..\\..\\windows\\system.png",
    "/etc/cron.d/evil.png",
    "....//....//evil.png",
    "%2e%2e%2fevil.png",
    "..%252f..%252fevil.png",
    "..%c0%af..%c0%afevil.png",
    "file:///etc/passwd.png",
    "C:\\Windows\\evil.png",
    "\\\\server\\share\\evil.png",
    "evil\r\nSet-Cookie: a=b.png",
    'evil";x=".png',
    "<img src=x onerror=alert(1)>.png",
    "~root/.ssh/authorized_keys.png",
    "a/b/c/d.png",
    ".htaccess.png",
    "con.png",
    "x" * 5000 + ".png",
    "evil.png/..",
    "${HOME}.png",
    "`id`.png",
    "{{ settings.SECRET_KEY }}.png",
]
