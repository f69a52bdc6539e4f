"""What a file is in an answer for scripts, and who asked for one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from yanzhen.library.facts import MediaKind
from yanzhen.library.models import MediaFile
from yanzhen.library.refused import MediaRefused
from yanzhen.library.words import facts_words, refusal


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a script asked, which reads JSON, and not a form."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def said(media: MediaFile, *, known: bool = False) -> dict[str, Any]:
    """Return the file as the composer and <media-drop> read it.

    ``thumbnail`` is "" for a video, which shows its own first picture. ``known`` says that the very
    same file was there before. ``warnings`` are whole sentences in the reader's language.
    """
    return {
        "id": media.pk,
        "name": media.name,
        "kind": media.kind,
        "url": reverse("media-file", args=[media.pk]),
        "thumbnail": reverse("media-thumbnail", args=[media.pk]) if media.thumbnail_sha256 else "",
        "page": reverse("media", args=[media.pk]),
        "facts": {
            "mime": media.mime,
            "byte_count": media.byte_count,
            "width": media.width,
            "height": media.height,
            "duration_ms": media.duration_ms,
            "frame_count": media.frame_count,
            "fps": media.fps,
            "video_codec": media.video_codec,
            "audio_codec": media.audio_codec,
        },
        "line": facts_words(media.facts),
        "alt": media.alt,
        "editable": media.kind == MediaKind.IMAGE,
        "has_location": media.has_location,
        "known": known,
        "warnings": _warnings(media, known=known),
    }


def _warnings(media: MediaFile, *, known: bool) -> list[str]:
    found = []
    if known:
        found.append(_("It was here already."))
    if media.location_removed:
        found.append(_("Where it was taken has been removed from it."))
    if media.has_location:
        found.append(_("It says where it was taken."))
    return found


def refused(reason: MediaRefused) -> JsonResponse:
    """Answer 422 with the refusal's word for scripts and its sentence for people."""
    return JsonResponse({"code": reason.code, "error": refusal(reason)}, status=422)
