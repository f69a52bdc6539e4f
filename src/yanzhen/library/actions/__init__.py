"""The verbs of media files. Nothing else writes this room's tables."""

from yanzhen.library.actions.describing import remove_subtitles, set_alt, set_subtitles
from yanzhen.library.actions.editing import edit_image
from yanzhen.library.actions.uploading import store_upload

__all__ = ["edit_image", "remove_subtitles", "set_alt", "set_subtitles", "store_upload"]
