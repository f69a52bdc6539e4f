"""Taking files in."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from yanzhen.library.models import MediaFile
from yanzhen.people.models import Member


def store_upload(
    *, member: Member, file: BinaryIO, name: str, keep_location: bool = False, now: datetime
) -> MediaFile:
    """Check ``file`` (read from its start), keep it, and return its row.

    A file with the very same bytes is there once: its row is returned and nothing is recorded.
    Where it was taken is removed from the bytes unless ``keep_location``; pixels stay as they are.
    ``name`` is for reading only. Raises NotAllowed, and MediaRefused with nothing kept.
    """
    raise NotImplementedError
