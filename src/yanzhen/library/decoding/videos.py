"""Videos: their facts through MediaInfo, their metadata taken out in place."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from yanzhen.library import limits
from yanzhen.library.decoding import mp4, probe
from yanzhen.library.decoding.container import Broken, Truncated
from yanzhen.library.decoding.sniffing import Format
from yanzhen.library.facts import MediaFacts, MediaKind
from yanzhen.library.refused import MediaRefused, Refusal

logger = logging.getLogger(__name__)
PROBE_SECONDS = 40
_CODECS = {
    "AVC": "h264",
    "HEVC": "hevc",
    "AV1": "av1",
    "VP9": "vp9",
    "VP8": "vp8",
    "MPEG-4 Visual": "mpeg4",
    "ProRes": "prores",
    "AAC": "aac",
    "AC-3": "ac3",
    "E-AC-3": "eac3",
    "MPEG Audio": "mp3",
    "PCM": "pcm",
    "Opus": "opus",
}
_PLACE = re.compile(r"location|gps|xyz|latitude|longitude", re.IGNORECASE)
_ON_ITS_SIDE = (90, 270)


def check_video(path: Path, form: Format, *, keep_location: bool) -> tuple[MediaFacts, bool, bool]:
    """Check the video at ``path`` and take its metadata out, unless ``keep_location``.

    Returns its facts, whether it tells where it was taken, and whether that was removed. Raises
    MediaRefused, after which the file may be changed in part.
    """
    if form is Format.WEBM:
        # What a browser recorded has no metadata to take out; what says a place is refused below.
        tracks = _probe(path, form)
        if not keep_location and _still_tells_place(tracks):
            raise MediaRefused(Refusal.LOCATION_STAYS)
        return _facts(tracks, path, form), False, False
    try:
        with path.open("r+b") as file:
            found = mp4.outline(file)
            place = mp4.tells_place(file, found)
            if keep_location:
                mp4.remove_strangers(file, found)
            elif not mp4.remove_metadata(file, found):
                raise MediaRefused(Refusal.LOCATION_STAYS)
    except Truncated:
        raise MediaRefused(Refusal.TRUNCATED) from None
    except Broken:
        raise MediaRefused(Refusal.BROKEN, format=form.called) from None
    tracks = _probe(path, form)
    if not keep_location and _still_tells_place(tracks):
        raise MediaRefused(Refusal.LOCATION_STAYS)
    return _facts(tracks, path, form), place and keep_location, place and not keep_location


def _probe(path: Path, form: Format) -> list[dict[str, Any]]:
    """Return MediaInfo's tracks; each a mapping of text to text."""
    command = [sys.executable, "-I", probe.__file__, str(path)]
    quiet = {"PATH": os.defpath, "LANG": "C.UTF-8"}
    try:
        done = subprocess.run(  # noqa: S603 -- our own program and a path of our own making
            command, capture_output=True, timeout=PROBE_SECONDS, env=quiet, check=True
        )
        tracks = json.loads(done.stdout)["media"]["track"]
    except subprocess.CalledProcessError as error:
        logger.warning("video not read: %s", error.stderr.decode(errors="replace")[-500:])
        raise MediaRefused(Refusal.BROKEN, format=form.called) from None
    except (subprocess.TimeoutExpired, ValueError, KeyError, TypeError) as error:
        logger.warning("video not read: %s", type(error).__name__)
        raise MediaRefused(Refusal.BROKEN, format=form.called) from None
    return list(tracks)


def _still_tells_place(tracks: list[dict[str, Any]]) -> bool:
    names = {name for track in tracks for name in (*track, *track.get("extra", {}))}
    return any(_PLACE.search(name) for name in names)


def _facts(tracks: list[dict[str, Any]], path: Path, form: Format) -> MediaFacts:
    whole = _first(tracks, "General")
    video, audio = _first(tracks, "Video"), _first(tracks, "Audio")
    if whole.get("IsTruncated") == "Yes":
        raise MediaRefused(Refusal.TRUNCATED)
    width, height = int(_number(video, "Width") or 0), int(_number(video, "Height") or 0)
    if not width or not height:
        raise MediaRefused(Refusal.NO_PICTURE)
    if max(width, height) > limits.MOST_SIDE:
        most = limits.MOST_PIXELS // 1_000_000
        raise MediaRefused(Refusal.TOO_MANY_PIXELS, width=width, height=height, most=most)
    if round(_number(video, "Rotation") or 0) % 360 in _ON_ITS_SIDE:
        width, height = height, width
    seconds = _number(whole, "Duration") or _number(video, "Duration")
    frames = _number(video, "FrameCount")
    return MediaFacts(
        kind=MediaKind.VIDEO,
        mime=form.mime,
        byte_count=path.stat().st_size,
        width=width,
        height=height,
        duration_ms=round(seconds * 1000) if seconds else None,
        frame_count=int(frames) if frames else None,
        fps=_number(video, "FrameRate"),
        video_codec=_codec(video),
        audio_codec=_codec(audio),
    )


def _first(tracks: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    return next((track for track in tracks if track.get("@type") == kind), {})


def _number(track: dict[str, Any], name: str) -> float | None:
    try:
        value = float(track[name])
    except (KeyError, TypeError, ValueError):
        return None
    return value if 0 <= value < 1e12 else None  # noqa: PLR2004 -- no sane file says more


def _codec(track: dict[str, Any]) -> str:
    said = str(track.get("Format", ""))
    return _CODECS.get(said, said.lower().replace(" ", "-"))[:40]
