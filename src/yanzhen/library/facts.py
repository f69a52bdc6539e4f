"""What a media file is, as plain values: rooms that must not hold rows pass these on."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import pgettext_lazy


class MediaKind(models.TextChoices):
    """What a file is to a platform: a GIF that moves counts as a kind of its own.

    A document is nothing to a platform: it is never posted.
    """

    IMAGE = "image", pgettext_lazy("media", "Image")
    GIF = "gif", pgettext_lazy("media", "GIF")
    VIDEO = "video", pgettext_lazy("media", "Video")
    DOCUMENT = "document", pgettext_lazy("media", "Document")


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What was read from the bytes themselves, never from a name or a header.

    ``width`` and ``height`` are pixels as shown, after any turn the file asks for, 0 for documents.
    ``duration_ms``
    is None for still images, ``frame_count`` and ``fps`` (frames a second) where the file does
    not say. Codecs are lower case, such as "h264" and "aac"; "" means that there is none.
    """

    kind: MediaKind
    mime: str
    byte_count: int
    width: int
    height: int
    duration_ms: int | None = None
    frame_count: int | None = None
    fps: float | None = None
    video_codec: str = ""
    audio_codec: str = ""
