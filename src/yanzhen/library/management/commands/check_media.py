"""``yanzhen check-media``: does the store have what the database says it has?"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yanzhen.library.models import MediaFile
from yanzhen.library.storing import StoreSilent, storage, store_name

_CHUNK = 500


class Command(BaseCommand):
    """Look for every file and every small picture; for after a restore or a move."""

    help = (
        "Look in the store of media for every file the database names, after restoring a backup or "
        "moving to another store. Exit code 1 when some are missing or have another size."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what is missing, then how much was looked at."""
        looked = wrong = 0
        for media in MediaFile.objects.order_by("pk").iterator(chunk_size=_CHUNK):
            looked += 1
            if why := _fault(media):
                wrong += 1
                self.stdout.write(
                    f"{why}: {media.name} (file {media.pk}, "
                    f"{store_name(media.workspace_id, media.sha256)})"
                )
        self.stdout.write(f"{looked} files looked at, {wrong} not as they should be.")
        if wrong:
            sys.exit(1)


def _fault(media: MediaFile) -> str:
    """Say what is wrong with the stored bytes, "" for nothing. Raises CommandError."""
    size = _size(media.workspace_id, media.sha256)
    if size is None:
        return "missing"
    if size != media.byte_count:
        return f"{size} bytes instead of {media.byte_count}"
    small = media.thumbnail_sha256
    return "no small picture" if small and _size(media.workspace_id, small) is None else ""


def _size(workspace_id: int, sha256: str) -> int | None:
    try:
        return storage().size(store_name(workspace_id, sha256))
    except FileNotFoundError:
        return None
    except StoreSilent as silent:
        raise CommandError(f"The store does not answer: {silent}") from None
