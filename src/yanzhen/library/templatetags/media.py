"""Parts of the library for any page: ``{% load media %}{% media_drop %}``."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from yanzhen.library import limits

register = template.Library()


@register.filter
def file_ending(name: str) -> str:
    """Return the ending of a file's name in capitals: PDF."""
    return name.rpartition(".")[2].upper()


@register.inclusion_tag("library/_drop.html", takes_context=True)
def media_drop(context: Context, *, paste: bool = False) -> dict[str, Any]:
    """Draw where files are added; not inside another form.

    The page's script imports ``js/media-drop.js``. Each kept file fires ``media-stored``, which
    bubbles, with views.answers.said() as its detail. ``paste`` takes files pasted anywhere.
    """
    return {
        "csrf_token": context.get("csrf_token"),
        "request": context.get("request"),
        "paste": paste,
        "most_image_bytes": limits.MOST_IMAGE_BYTES,
        "most_video_bytes": limits.MOST_VIDEO_BYTES,
        "most_image": limits.MOST_IMAGE_BYTES // limits.MEGABYTE,
        "most_document": limits.MOST_DOCUMENT_BYTES // limits.MEGABYTE,
        "most_video": limits.MOST_VIDEO_BYTES // limits.MEGABYTE,
    }
