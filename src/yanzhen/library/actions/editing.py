"""Making one image from another."""

from __future__ import annotations

from datetime import datetime

from yanzhen.library.models import MediaFile
from yanzhen.people.models import Member


def edit_image(
    *,
    media: MediaFile,
    by: Member,
    crop: tuple[int, int, int, int] | None = None,
    turn: int = 0,
    size: tuple[int, int] | None = None,
    now: datetime,
) -> MediaFile:
    """Make a new image from ``media``, which stays as it is; return the new row.

    In this order: ``crop`` (left, top, width, height, in pixels of the image as shown), then
    ``turn`` (0, 90, 180 or 270 degrees clockwise), then ``size`` (width, height in pixels). Alt
    text comes along. Raises NotAllowed, and MediaRefused when it cannot be done.
    """
    raise NotImplementedError
