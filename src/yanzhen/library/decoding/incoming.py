"""A file on its way in: on disk beside the store, gone again unless it was moved there."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings
from django.core.files import File

CHUNK = 1024 * 1024


if TYPE_CHECKING:
    BytesFile = File[bytes]
else:  # Django's File takes no type at run time
    BytesFile = File


class Incoming(BytesFile):
    """An open file that a store on the same disk may move instead of copying it."""

    def __init__(self, handle: BinaryIO, path: Path) -> None:
        super().__init__(handle, path.name)
        self.path = path

    def temporary_file_path(self) -> str:
        """Return where it lies; Django's FileSystemStorage moves what has this method."""
        return str(self.path)


class TooLarge(Exception):
    """More bytes came than were allowed."""


@contextmanager
def incoming(source: BinaryIO, *, most: int) -> Iterator[Incoming]:
    """Copy ``source`` from its start to a file of its own, in chunks. Raises TooLarge."""
    number, name = tempfile.mkstemp(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".media")
    path = Path(name)
    try:
        with os.fdopen(number, "w+b") as handle:
            source.seek(0)
            written = 0
            while chunk := source.read(CHUNK):
                written += len(chunk)
                if written > most:
                    raise TooLarge
                handle.write(chunk)
            handle.flush()
            yield Incoming(handle, path)
    finally:
        path.unlink(missing_ok=True)


def seal(file: Incoming) -> str:
    """Bring the bytes to the disk and return their SHA-256 (hex)."""
    with file.path.open("rb") as again:
        digest = hashlib.file_digest(again, "sha256").hexdigest()
        os.fsync(again.fileno())
    return digest
