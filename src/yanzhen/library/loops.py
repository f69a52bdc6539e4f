"""Clearing away what a process that died left behind on the way in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from yanzhen.jobs.registry import Loop, register

#: No upload takes this long; what is older belongs to nobody.
LEFT_BEHIND = timedelta(days=1)


def sweep_incoming(now: datetime) -> int:
    """Delete files that have lain in the incoming folder for a day; return how many."""
    swept = 0
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        try:
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - LEFT_BEHIND:
                path.unlink()
                swept += 1
        except FileNotFoundError:
            continue  # moved into the store, or swept by another worker, in this very moment
    return swept


register(Loop("library.sweep", sweep_incoming, every_seconds=3600))
