"""Addresses of the library."""

from __future__ import annotations

import re

from django.urls import path

from yanzhen.library.views import changing, listing, serving, uploading

urlpatterns = [
    path("library/", listing.library, name="library"),
    path("library/upload/", uploading.upload, name="library-upload"),
    path("library/<int:pk>/", listing.media, name="media"),
    path("library/<int:pk>/file/", serving.file, name="media-file"),
    path("library/<int:pk>/thumbnail/", serving.thumbnail, name="media-thumbnail"),
    path("library/<int:pk>/edit/", changing.edit, name="media-edit"),
    path("library/<int:pk>/alt/", changing.alt, name="media-alt"),
    path("library/<int:pk>/subtitles/", changing.subtitles, name="media-subtitles"),
    path("library/subtitles/<int:pk>/", serving.subtitles, name="subtitles"),
    path("library/subtitles/<int:pk>/remove/", changing.remove, name="subtitles-remove"),
]

_FILES = re.compile(r"/library/(?:upload|\d+/(?:file|thumbnail))/")


def carries_file(address: str) -> bool:
    """Tell whether a request for that path may take as long as a large file takes."""
    return _FILES.fullmatch(address) is not None
