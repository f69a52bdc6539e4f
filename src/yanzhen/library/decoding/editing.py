"""Cropping, turning and resizing; the one place where pixels are encoded again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from PIL import Image

from yanzhen.library import limits
from yanzhen.library.decoding import container, images
from yanzhen.library.decoding.sniffing import Format
from yanzhen.library.decoding.taking import Taken, taking
from yanzhen.library.refused import MediaRefused, Refusal

TURNS = (0, 90, 180, 270)
_CLOCKWISE = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
_QUALITY = 95


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done, in this order; see actions.editing.edit_image."""

    crop: tuple[int, int, int, int] | None = None
    turn: int = 0
    size: tuple[int, int] | None = None


def check_wanted(wanted: Wanted, *, width: int, height: int) -> Wanted:
    """Return ``wanted`` without what changes nothing, for an image of that size as shown.

    Raises MediaRefused when it cannot be done, or when nothing is left to do.
    """
    if wanted.turn not in TURNS:
        raise MediaRefused(Refusal.BAD_TURN)
    crop = wanted.crop
    if crop is not None:
        left, top, wide, high = crop
        inside = left >= 0 and top >= 0 and left + wide <= width and top + high <= height
        if not inside or wide < 1 or high < 1:
            raise MediaRefused(Refusal.BAD_CROP, width=width, height=height)
        crop = None if crop == (0, 0, width, height) else crop
    result = crop[2:] if crop else (width, height)
    if wanted.turn % 180:
        result = (result[1], result[0])
    size = wanted.size
    if size is not None:
        _check_size(size)
        size = None if size == result else size
    if crop is None and not wanted.turn and size is None:
        raise MediaRefused(Refusal.NO_CHANGE)
    return Wanted(crop, wanted.turn, size)


def _check_size(size: tuple[int, int]) -> None:
    small = min(size) < 1
    if small or max(size) > limits.MOST_SIDE or size[0] * size[1] > limits.MOST_PIXELS:
        raise MediaRefused(Refusal.BAD_SIZE, most=limits.MOST_SIDE)


@contextmanager
def edited(source: BinaryIO, form: Format, wanted: Wanted) -> Iterator[tuple[Taken, Format]]:
    """Yield the image made from ``source`` as a checked file, and its format.

    JPEG and WEBP stay what they are at a quality nobody sees the difference of; PNG is exact, and
    the still picture of a GIF becomes one. The colour profile comes along.
    """
    content = source.read()
    target = Format.PNG if form is Format.GIF else form
    with images.decoding(content, form) as image:
        profile = images.profile_of(image)
        turned = image.getexif().get(container.ORIENTATION_TAG, container.UPRIGHT)
        done = _apply(images.upright(images.plain(image), turned), wanted)
    out = BytesIO()
    if target is Format.JPEG:
        done = done.convert("RGB")
        done.save(out, "JPEG", quality=_QUALITY, subsampling=0, icc_profile=profile)
    elif target is Format.WEBP:
        done.save(out, "WEBP", quality=_QUALITY, method=4, icc_profile=profile or b"")
    else:
        done.save(out, "PNG", icc_profile=profile)
    out.seek(0)
    with taking(out, target, keep_location=False) as taken:
        yield taken, target


def _apply(image: Image.Image, wanted: Wanted) -> Image.Image:
    if wanted.crop is not None:
        left, top, width, height = wanted.crop
        image = image.crop((left, top, left + width, top + height))
    if wanted.turn:
        image = image.transpose(_CLOCKWISE[wanted.turn])
    if wanted.size is not None:
        image = image.resize(wanted.size, Image.Resampling.LANCZOS)
    return image
