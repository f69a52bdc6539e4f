"""Images: taken apart, put together without what must not leave the house, and decoded once whole.

The pixels are never encoded again on the way in: the pieces that hold them are copied byte for
byte, so that what the team uploads is what goes out.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageSequence

from yanzhen.library import limits
from yanzhen.library.decoding import container, gif, jpeg, png, webp
from yanzhen.library.decoding.container import Container, Piece, Role
from yanzhen.library.decoding.sniffing import Format
from yanzhen.library.facts import MediaFacts, MediaKind
from yanzhen.library.refused import MediaRefused, Refusal

_CONTAINERS: dict[
    Format, tuple[Callable[[bytes], Container], Callable[[list[Piece], bytes], bytes]]
] = {
    Format.JPEG: (jpeg.read, jpeg.put_together),
    Format.PNG: (png.read, png.put_together),
    Format.GIF: (gif.read, gif.put_together),
    Format.WEBP: (webp.read, webp.put_together),
}
#: Decoding takes memory; two at a time in one process is what a small machine can bear.
_DECODING = threading.BoundedSemaphore(2)
#: Browsers show a frame that asks for less than this for 100 ms instead.
_SHORTEST_FRAME_MS = 20
_USUAL_FRAME_MS = 100
#: How each orientation is undone, see EXIF 2.3, tag 0x0112.
_UNTURN = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small still picture as WEBP; sizes in pixels."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CheckedImage:
    """An image as it will be kept."""

    content: bytes
    facts: MediaFacts
    has_location: bool
    location_removed: bool
    thumbnail: Thumbnail


def check_image(data: bytes, form: Format, *, keep_location: bool) -> CheckedImage:
    """Check an image whole and return it without metadata, or with it if ``keep_location``.

    Orientation and colour profile always stay; what hangs behind the image never does. Raises
    MediaRefused.
    """
    read, put_together = _CONTAINERS[form]
    try:
        opened = read(data)
    except container.Truncated:
        raise MediaRefused(Refusal.TRUNCATED) from None
    except (container.Broken, struct.error, IndexError):
        raise MediaRefused(Refusal.BROKEN, format=form.called) from None
    _check_sizes(opened, form)
    turned = container.orientation(opened.exif)
    tiff = b""
    if keep_location:
        pieces = [piece for piece in opened.pieces if piece.role is not Role.NOISE]
    else:
        pieces = [piece for piece in opened.pieces if piece.role is Role.PICTURE]
        tiff = container.orientation_tiff(turned) if turned != container.UPRIGHT else b""
    content = put_together(pieces, tiff)
    with decoding(content, form) as image:
        facts = _facts(image, opened, form, turned=turned, byte_count=len(content))
        thumbnail = _thumbnail(image, turned)
    place = opened.has_place
    return CheckedImage(
        content, facts, place and keep_location, place and not keep_location, thumbnail
    )


@contextmanager
def decoding(content: bytes, form: Format) -> Iterator[Image.Image]:
    """Open and decode the first frame inside the block. Raises MediaRefused for what cannot be."""
    with _DECODING:
        try:
            with Image.open(BytesIO(content), formats=[form.called]) as image:
                image.load()
                yield image
        except MediaRefused:
            raise
        except EOFError:
            raise MediaRefused(Refusal.TRUNCATED) from None
        except Exception as error:
            # Hostile files make the decoders fail in too many ways to name them.
            if "truncated" in str(error):
                raise MediaRefused(Refusal.TRUNCATED) from None
            raise MediaRefused(Refusal.BROKEN, format=form.called) from error


def upright(image: Image.Image, turned: int) -> Image.Image:
    """Return the image as it is shown, for an orientation of 1 to 8."""
    method = _UNTURN.get(turned)
    return image if method is None else image.transpose(method)


def plain(image: Image.Image) -> Image.Image:
    """Return the image as 8-bit RGB or RGBA."""
    if image.mode.startswith("I"):
        # 16 bits of grey: Pillow would cut them off at 255 instead of scaling them.
        return image.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    if image.mode in ("RGB", "RGBA"):
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def profile_of(image: Image.Image) -> bytes | None:
    """Return the colour profile that fits the image once it is plain; None without one."""
    profile = image.info.get("icc_profile")
    fits = image.mode in ("RGB", "RGBA", "P")
    return profile if fits and isinstance(profile, bytes) else None


def _check_sizes(opened: Container, form: Format) -> None:
    if opened.hides_another_file:
        raise MediaRefused(Refusal.HIDDEN_CONTENT)
    width, height = opened.width, opened.height
    if not width or not height:
        raise MediaRefused(Refusal.BROKEN, format=form.called)
    if width * height > limits.MOST_PIXELS or max(width, height) > limits.MOST_SIDE:
        raise MediaRefused(
            Refusal.TOO_MANY_PIXELS,
            width=width,
            height=height,
            most=limits.MOST_PIXELS // 1_000_000,
        )
    if opened.frames > 1 and form is not Format.GIF:
        raise MediaRefused(Refusal.ANIMATED, format=form.called)
    pixels = width * height * opened.frames
    if opened.frames > limits.MOST_FRAMES or (
        opened.frames > 1 and pixels > limits.MOST_FRAME_PIXELS
    ):
        raise MediaRefused(Refusal.TOO_MANY_FRAMES, frames=opened.frames, most=limits.MOST_FRAMES)


def _facts(
    image: Image.Image, opened: Container, form: Format, *, turned: int, byte_count: int
) -> MediaFacts:
    if image.size != (opened.width, opened.height):
        raise MediaRefused(Refusal.BROKEN, format=form.called)
    lies = turned >= container.FIRST_LYING
    width, height = reversed(image.size) if lies else image.size
    frames, duration_ms = (1, None) if opened.frames == 1 else _frames(image)
    return MediaFacts(
        kind=MediaKind.GIF if frames > 1 else MediaKind.IMAGE,
        mime=form.mime,
        byte_count=byte_count,
        width=width,
        height=height,
        duration_ms=duration_ms,
        frame_count=frames,
        fps=round(frames * 1000 / duration_ms, 3) if duration_ms else None,
    )


def _frames(image: Image.Image) -> tuple[int, int]:
    """Decode every frame; return how many there are and how long they last (ms)."""
    count = total = 0
    for frame in ImageSequence.Iterator(image):
        frame.load()
        wanted = int(frame.info.get("duration", 0))
        total += wanted if wanted >= _SHORTEST_FRAME_MS else _USUAL_FRAME_MS
        count += 1
    image.seek(0)
    image.load()
    return count, total


def _thumbnail(image: Image.Image, turned: int) -> Thumbnail:
    """Make the small picture from a decoded image, which is no longer whole afterwards."""
    profile = profile_of(image)
    # What has few colours or 16 bits is made plain first, or it would be made small badly.
    small = plain(image)
    small = small.copy() if small is image else small
    small.thumbnail((limits.THUMBNAIL_SIDE, limits.THUMBNAIL_SIDE))
    small = upright(small, turned)
    out = BytesIO()
    small.save(out, "WEBP", quality=80, method=4, icc_profile=profile or b"")
    return Thumbnail(out.getvalue(), *small.size)
