"""A file taken apart into its pieces, so that it can be put together again without some of them."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from typing import Final

from PIL import Image

ORIENTATION_TAG: Final = 0x0112
GPS_TAG: Final = 0x8825
UPRIGHT: Final = 1
#: Orientations from here on lie on their side: width and height change places.
FIRST_LYING: Final = 5
LAST_ORIENTATION: Final = 8

_XMP_PLACE = re.compile(rb"GPS|:(?:City|Country|State|Location)|Location(?:Created|Shown)")
#: IPTC data sets that name a place, and Photoshop's own copies of EXIF and XMP.
_IPTC_PLACE = re.compile(rb"\x1c\x02[\x1a\x1b\x5a\x5c\x5f\x64\x65]|8BIM\x04[\x22\x24]")
#: What begins another kind of document or program than a picture.
_ANOTHER_FILE = re.compile(
    rb"PK\x03\x04|PK\x05\x06|%PDF-|<!doctype|<html|<script|<svg|<\?php|<\?xml|Rar!\x1a|7z\xbc\xaf"
    rb"|\x7fELF|MZ\x90|#!/",
    re.IGNORECASE,
)


class Role(Enum):
    """What a piece is for. PICTURE stays always, NOISE never."""

    PICTURE = "picture"
    EXIF = "exif"
    XMP = "xmp"
    IPTC = "iptc"
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class Piece:
    """One segment, chunk or block. ``raw`` is all of it, ``payload`` what metadata says."""

    role: Role
    raw: bytes
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Container:
    """An image file in pieces.

    ``width`` and ``height`` are pixels as stored. ``trailing`` is what lies behind the end of the
    image. ``frames`` counts the pictures in it.
    """

    pieces: tuple[Piece, ...]
    width: int
    height: int
    trailing: bytes = b""
    frames: int = 1

    @property
    def exif(self) -> bytes:
        """The first EXIF block as TIFF, b"" for none."""
        return next((p.payload for p in self.pieces if p.role is Role.EXIF), b"")

    @property
    def has_place(self) -> bool:
        """Whether any metadata tells where it was taken; what cannot be read counts as yes."""
        return any(_tells_place(piece) for piece in self.pieces)

    @property
    def hides_another_file(self) -> bool:
        """Whether a document or a program hangs behind the image."""
        return _ANOTHER_FILE.search(self.trailing) is not None


def _tells_place(piece: Piece) -> bool:
    if piece.role is Role.EXIF:
        return _exif_place(piece.payload)
    if piece.role is Role.XMP:
        return _XMP_PLACE.search(piece.payload) is not None
    return piece.role is Role.IPTC and _IPTC_PLACE.search(piece.payload) is not None


def _loaded(tiff: bytes) -> Image.Exif:
    exif = Image.Exif()
    exif.load(tiff)
    return exif


def _exif_place(tiff: bytes) -> bool:
    try:
        return bool(_loaded(tiff).get_ifd(GPS_TAG)) or _XMP_PLACE.search(tiff) is not None
    except Exception:  # noqa: BLE001 -- hostile TIFF fails in too many ways to name them
        return True


def orientation(tiff: bytes) -> int:
    """Return how the picture is to be turned when shown (EXIF 1 to 8); 1 when it cannot be read."""
    if not tiff:
        return UPRIGHT
    try:
        value = _loaded(tiff).get(ORIENTATION_TAG, UPRIGHT)
    except Exception:  # noqa: BLE001 -- hostile TIFF fails in too many ways to name them
        return UPRIGHT
    return value if isinstance(value, int) and UPRIGHT <= value <= LAST_ORIENTATION else UPRIGHT


def orientation_tiff(value: int) -> bytes:
    """Return the smallest EXIF there is: the orientation and nothing else."""
    return struct.pack(">2sHLHHHLHHL", b"MM", 42, 8, 1, ORIENTATION_TAG, 3, 1, value, 0, 0)


class Broken(Exception):
    """The bytes do not follow their format."""


class Truncated(Broken):
    """The bytes end before the picture does."""


class Reader:
    """Reads a file's bytes forward; Truncated where they end."""

    def __init__(self, data: bytes, position: int = 0) -> None:
        self.data = data
        self.position = position

    def take(self, count: int) -> bytes:
        """Return the next ``count`` bytes."""
        found = self.data[self.position : self.position + count]
        if len(found) < count:
            raise Truncated
        self.position += count
        return found

    def rest(self) -> bytes:
        """Return what was not read."""
        return self.data[self.position :]


def as_file(data: bytes) -> BytesIO:
    """Return the bytes as a file."""
    return BytesIO(data)
