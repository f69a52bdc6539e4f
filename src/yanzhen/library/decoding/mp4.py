"""MP4 and MOV files as boxes (ISO/IEC 14496-12): metadata overwritten in place, nothing moved.

A file may be half a gigabyte, so it stays on disk: only its head (``moov``) is read into memory.
What has to go is turned into a ``free`` box of the same length and filled with zeros; no offset in
the file changes, and no picture or sound is encoded again.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from yanzhen.library.decoding.container import Broken, Truncated

_MOST_HEAD = 64 * 1024 * 1024
_MOST_BOXES = 100_000
_DEEPEST = 8
_ZEROS = b"\x00" * 65_536
_TOP = frozenset(
    {
        b"ftyp", b"styp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"ssix", b"free", b"skip",
        b"wide", b"pdin", b"prft", b"emsg",
    }
)  # fmt: skip
#: Boxes made of boxes, on the way to tracks and their samples.
_NESTED = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"dinf", b"moof", b"traf"})
#: What programs and people write about a video, wherever it lies.
_METADATA = frozenset({b"udta", b"meta", b"uuid"})
#: Tracks that stay: pictures, sound and the clock they share.
_TRACKS = frozenset({b"vide", b"soun", b"tmcd"})
_PLACE = re.compile(
    rb"\xa9xyz|loci|ISO6709|[Ll]ocation|GPS|gpmd|camm|[Ll]atitude|:(?:City|Country)"
)
#: A reference to another file, a head that is packed, an encrypted track.
_REFUSED = frozenset({b"cmov", b"rmra", b"encv", b"enca"})
_SELF_CONTAINED = 1


@dataclass(frozen=True, slots=True)
class Box:
    """One box: where it begins in the file, how long it and its head are, and what is around it."""

    kind: bytes
    start: int
    size: int
    head: int
    around: tuple[bytes, ...]

    @property
    def end(self) -> int:
        """Where the next box begins."""
        return self.start + self.size


@dataclass(frozen=True, slots=True)
class Outline:
    """What a file is made of. ``metadata`` and ``strangers`` are boxes that can go."""

    metadata: tuple[Box, ...]
    strangers: tuple[Box, ...]
    tracks: tuple[Track, ...]
    fragmented: bool


@dataclass(frozen=True, slots=True)
class Track:
    """A track's box, its handler (b"vide", b"soun"), and the boxes below it by name."""

    box: Box
    handler: bytes
    boxes: dict[bytes, Box]


def outline(file: BinaryIO) -> Outline:
    """Read what the file is made of. Raises Broken."""
    end = file.seek(0, 2)
    boxes = list(_walk(file, 0, end, ()))
    kinds = [box.kind for box in boxes if not box.around]
    if kinds[:1] != [b"ftyp"] or kinds.count(b"moov") != 1:
        raise Broken
    if any(box.kind in _REFUSED for box in boxes):
        raise Broken
    for box in boxes:
        if box.kind == b"dref":
            _check_references(file, box)
    return Outline(
        metadata=tuple(box for box in boxes if box.kind in _METADATA),
        strangers=tuple(b for b in boxes if not b.around and b.kind not in _TOP | _METADATA),
        tracks=tuple(_track(file, box, boxes) for box in boxes if box.kind == b"trak"),
        fragmented=b"moof" in kinds,
    )


def tells_place(file: BinaryIO, found: Outline) -> bool:
    """Tell whether metadata or a track says where the video was taken."""
    written = (*found.metadata, *found.strangers)
    if any(_PLACE.search(_content(file, box)) for box in written):
        return True
    return any(
        _PLACE.search(_content(file, track.boxes[b"stsd"]))
        for track in found.tracks
        if track.handler not in _TRACKS and b"stsd" in track.boxes
    )


def remove_metadata(file: BinaryIO, found: Outline) -> bool:
    """Overwrite metadata and the tracks that are neither picture nor sound; tell if all is gone.

    In a fragmented file a track's samples cannot be found from its head, so such tracks stay.
    """
    for box in (*found.metadata, *found.strangers):
        _blank(file, box)
    others = [track for track in found.tracks if track.handler not in _TRACKS]
    if others and found.fragmented:
        return False
    end = file.seek(0, 2)
    for track in others:
        for start, size in _samples(file, track):
            if start + size > end:
                raise Broken
            _zero(file, start, size)
    for track in others:
        _blank(file, track.box)
    return True


def remove_strangers(file: BinaryIO, found: Outline) -> None:
    """Overwrite what no such file needs: boxes at the top that are not known."""
    for box in found.strangers:
        _blank(file, box)


def _walk(file: BinaryIO, start: int, end: int, around: tuple[bytes, ...]) -> Iterator[Box]:
    """Give every box between two places, outer ones first."""
    if len(around) > _DEEPEST:
        raise Broken
    count = 0
    while start < end:
        box = _box(file, start, end, around)
        count += 1
        if count > _MOST_BOXES:
            raise Broken
        if box.kind == b"moov" and box.size > _MOST_HEAD:
            raise Broken
        yield box
        if box.kind in _NESTED:
            yield from _walk(file, box.start + box.head, box.end, (*around, box.kind))
        elif box.kind == b"stsd":
            yield from _entries(file, box, around)
        start = box.end


def _entries(file: BinaryIO, box: Box, around: tuple[bytes, ...]) -> Iterator[Box]:
    """Give the sample descriptions, whose names are codecs."""
    start = box.start + box.head + 8
    while start < box.end:
        entry = _box(file, start, box.end, (*around, box.kind))
        yield entry
        start = entry.end


def _box(file: BinaryIO, start: int, end: int, around: tuple[bytes, ...]) -> Box:
    file.seek(start)
    head = file.read(16)
    # QuickTime may end a list of boxes with four zeros.
    if around and end - start == 4 and head[:4] == b"\x00" * 4:  # noqa: PLR2004 -- see above
        return Box(b"free", start, 4, 4, around)
    if len(head) < 8 or start + 8 > end:  # noqa: PLR2004 -- length and name
        raise Truncated
    size, kind = struct.unpack_from(">L4s", head)
    length = 8
    if size == 1:
        if len(head) < 16:  # noqa: PLR2004 -- a length of 64 bits follows
            raise Truncated
        (size,) = struct.unpack_from(">Q", head, 8)
        length = 16
    elif size == 0 and not around:
        size = end - start
    if size < length:
        raise Broken
    if start + size > end:
        raise Broken if around else Truncated
    return Box(kind, start, size, length, around)


def _content(file: BinaryIO, box: Box) -> bytes:
    """Return what is in a box, or its first 4 MB."""
    file.seek(box.start + box.head)
    return file.read(min(box.size - box.head, 4 * 1024 * 1024))


def _check_references(file: BinaryIO, box: Box) -> None:
    """Refuse media data that lies in another file or at another address."""
    content = _content(file, box)
    at = 8
    while at + 12 <= len(content):
        (size,) = struct.unpack_from(">L", content, at)
        flags = int.from_bytes(content[at + 9 : at + 12], "big")
        if size < 12 or not flags & _SELF_CONTAINED:  # noqa: PLR2004 -- an entry's head
            raise Broken
        at += size


def _track(file: BinaryIO, box: Box, boxes: list[Box]) -> Track:
    below = {
        inner.kind: inner
        for inner in boxes
        if box.start < inner.start < box.end
        # A media's own handler, not the one of its data references.
        and (inner.kind != b"hdlr" or inner.around[-1] == b"mdia")
    }
    if b"hdlr" not in below:
        raise Broken
    return Track(box, _content(file, below[b"hdlr"])[8:12], below)


def _samples(file: BinaryIO, track: Track) -> Iterator[tuple[int, int]]:
    """Give where each chunk of a track lies in the file, and how long it is."""
    tables: dict[bytes, bytes] = {
        kind: _content(file, track.boxes[kind])
        for kind in (b"stsc", b"stsz", b"stco", b"co64")
        if kind in track.boxes
    }
    try:
        offsets = _offsets(tables)
        sizes = _sizes(tables[b"stsz"])
        for number, offset in enumerate(offsets, start=1):
            count = _samples_in(tables[b"stsc"], number)
            yield offset, sum(next(sizes) for _ in range(count))
    except (KeyError, struct.error, StopIteration, RuntimeError):
        raise Broken from None


def _offsets(tables: dict[bytes, bytes]) -> list[int]:
    table, letter, width = (
        (tables[b"stco"], "L", 4) if b"stco" in tables else (tables[b"co64"], "Q", 8)
    )
    (count,) = struct.unpack_from(">L", table, 4)
    if 8 + count * width > len(table):
        raise Broken
    return list(struct.unpack_from(f">{count}{letter}", table, 8))


def _sizes(table: bytes) -> Iterator[int]:
    same, count = struct.unpack_from(">LL", table, 4)
    for number in range(count):
        yield same or struct.unpack_from(">L", table, 12 + 4 * number)[0]


def _samples_in(table: bytes, chunk: int) -> int:
    """Return how many samples a chunk (from 1) holds."""
    (count,) = struct.unpack_from(">L", table, 4)
    found = 0
    for number in range(count):
        first, samples, _description = struct.unpack_from(">LLL", table, 8 + 12 * number)
        if first > chunk:
            break
        found = samples
    return found


def _blank(file: BinaryIO, box: Box) -> None:
    """Turn a box into free space, its content into zeros."""
    file.seek(box.start + 4)
    file.write(b"free")
    _zero(file, box.start + box.head, box.size - box.head)


def _zero(file: BinaryIO, start: int, size: int) -> None:
    file.seek(start)
    while size > 0:
        size -= file.write(_ZEROS[:size])
