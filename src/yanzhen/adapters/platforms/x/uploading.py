"""Uploading media to X in parts. None of it is public, and any part may be sent again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from yanzhen.adapters.platforms.x import answers, reading
from yanzhen.adapters.platforms.x.session import XSession
from yanzhen.channels.ports import MediaProgress, MediaStatus
from yanzhen.kernel import clock
from yanzhen.kernel.http import CallFailed

#: Our words for what a file is used as, in X's.
CATEGORIES: Mapping[str, str] = {
    "image": "tweet_image",
    "gif": "tweet_gif",
    "video": "tweet_video",
    "subtitles": "subtitles",
}
_PATH = "/2/media/upload"
_PROGRESS = {"succeeded": MediaProgress.READY, "failed": MediaProgress.FAILED}
_PART_SECONDS = 60.0


class Uploading(XSession):
    """The calls that bring media to X."""

    def begin_upload(self, *, mime: str, category: str, byte_count: int) -> MediaStatus:
        """Open an upload. Raises PlatformError."""
        body = {
            "media_type": mime,
            "media_category": CATEGORIES[category],
            "total_bytes": byte_count,
        }
        return self._status(self._ask(f"{_PATH}/initialize", body), "")

    def append_upload(self, media_id: str, index: int, chunk: bytes) -> None:
        """Send one part as multipart; the same part may be sent again. Raises PlatformError."""
        try:
            answer = self._http.post(
                f"{self._base}{_PATH}/{media_id}/append",
                data={"segment_index": str(index)},
                files={"media": ("part", chunk, "application/octet-stream")},
                auth=self._auth,
                extensions={"total_seconds": _PART_SECONDS},
            )
        except CallFailed as failed:
            raise answers.wire_error(failed) from None
        if not answer.is_success:
            raise self._error(answer)

    def finish_upload(self, media_id: str) -> MediaStatus:
        """Close an upload. Raises PlatformError."""
        return self._status(self._ask(f"{_PATH}/{media_id}/finalize", {}), media_id)

    def upload_status(self, media_id: str) -> MediaStatus:
        """Ask where an upload stands. Raises PlatformError."""
        params = {"command": "STATUS", "media_id": media_id}
        return self._status(self._read(_PATH, params), media_id)

    def describe_media(self, media_id: str, alt: str) -> None:
        """Set the alt text. Raises PlatformError."""
        self._ask("/2/media/metadata", {"id": media_id, "metadata": {"alt_text": {"text": alt}}})

    def add_subtitles(self, media_id: str, *, subtitles_id: str, language: str, name: str) -> None:
        """Attach uploaded subtitles to an uploaded video. Raises PlatformError."""
        track = {"id": subtitles_id, "language_code": language.upper(), "display_name": name}
        body = {"id": media_id, "media_category": "TweetVideo", "subtitles": track}
        self._ask("/2/media/subtitles", body)

    def _ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = self._http.post(
                self._base + path,
                content=json.dumps(body, ensure_ascii=False).encode(),
                headers={"content-type": "application/json"},
                auth=self._auth,
            )
        except CallFailed as failed:
            raise answers.wire_error(failed) from None
        if not answer.is_success:
            raise self._error(answer)
        return answers.read_json(answer.content)

    def _status(self, parsed: dict[str, Any], media_id: str) -> MediaStatus:
        data = parsed.get("data")
        data = data if isinstance(data, dict) else {}
        found = reading.text_id(data.get("id")) or media_id
        if not found:
            raise self._unreadable(parsed)
        info = data.get("processing_info")
        info = info if isinstance(info, dict) else {"state": "succeeded"}
        lives, wait = data.get("expires_after_secs"), info.get("check_after_secs")
        detail = _why(info.get("error"))
        return MediaStatus(
            media_id=found,
            progress=_PROGRESS.get(str(info.get("state")), MediaProgress.WORKING),
            check_after_seconds=float(wait) if isinstance(wait, int | float) and wait > 0 else 1.0,
            expires_at=clock.now() + timedelta(seconds=lives) if isinstance(lives, int) else None,
            detail=answers.without(detail, self._secrets),
        )


def _why(error: object) -> str:
    """Return X's sentence about media it could not process, all it said where there is none."""
    if isinstance(error, dict) and isinstance(message := error.get("message"), str) and message:
        return message
    return json.dumps(error, ensure_ascii=False) if error else ""
