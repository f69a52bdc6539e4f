"""Addresses of the library."""

from __future__ import annotations

import re

from django.urls import path

from yanzhen.library.views import changing, keeping, listing, serving, texts, uploading

urlpatterns = [
    path("library/", listing.library, name="library"),
    path("library/upload/", uploading.upload, name="library-upload"),
    path("library/<int:pk>/", listing.media, name="media"),
    path("library/change/", keeping.change, name="library-change"),
    path("library/undo/<int:pk>/", keeping.undo, name="library-undo"),
    path("library/folders/", keeping.folders, name="library-folders"),
    path("library/folders/<int:pk>/", keeping.folder, name="library-folder"),
    path("library/<int:pk>/details/", keeping.details, name="media-details"),
    path("library/<int:pk>/version/", keeping.version, name="media-version"),
    path("library/texts/", texts.texts, name="texts"),
    path("library/texts/new/", texts.text_new, name="text-new"),
    path("library/texts/offered/", texts.offered, name="texts-offered"),
    path("library/texts/<int:pk>/", texts.text, name="text"),
    path("library/texts/<int:pk>/agree/", texts.agree, name="text-agree"),
    path("library/texts/<int:pk>/archive/", texts.archive, name="text-archive"),
    path("library/<int:pk>/file/", serving.file, name="media-file"),
    path("library/<int:pk>/thumbnail/", serving.thumbnail, name="media-thumbnail"),
    path("library/<int:pk>/edit/", changing.edit, name="media-edit"),
    path("library/<int:pk>/alt/", changing.alt, name="media-alt"),
    path("library/<int:pk>/subtitles/", changing.subtitles, name="media-subtitles"),
    path("library/subtitles/<int:pk>/", serving.subtitles, name="subtitles"),
    path("library/subtitles/<int:pk>/remove/", changing.remove, name="subtitles-remove"),
]

_FILES = re.compile(r"/library/(?:upload|\d+/(?:file|thumbnail|version))/")


def carries_file(address: str) -> bool:
    """Tell whether a request for that path may take as long as a large file takes."""
    return _FILES.fullmatch(address) is not None
