"""Where the bytes lie: content-addressed in Django's storage named "media", outside any web root.

A name is made of the workspace's number and the digest of the bytes, never of what people typed, so
no name can lead out of the store. What is there is never written over.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.storage import Storage, storages

from yanzhen.library.models import MediaFile

logger = logging.getLogger(__name__)


class BytesMissing(Exception):
    """The store does not have what the database says it has."""


class StoreSilent(OSError):
    """The store cannot be reached, or refused; trying again later may help.

    Files that are open may raise it too, when they are read.
    """


@contextmanager
def _reached() -> Iterator[None]:
    """Tell a store that cannot be reached from one that lacks something."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        logger.warning("the store of media: %s", error)
        raise StoreSilent("the store of media does not answer") from None


def storage() -> Storage:
    """Return the store; STORAGES["media"] names its kind."""
    return storages["media"]


def store_name(workspace_id: int, sha256: str) -> str:
    """Return the name under which bytes with that digest lie in the store."""
    return f"{workspace_id}/{sha256[:2]}/{sha256}"


def keep_bytes(workspace_id: int, sha256: str, content: File[bytes]) -> None:
    """Put ``content`` under its digest unless it is there already.

    A store on this disk moves the file, so that a name never stands for half of its bytes. Raises
    StoreSilent.
    """
    with _reached():
        _keep(workspace_id, sha256, content)


def _keep(workspace_id: int, sha256: str, content: File[bytes]) -> None:
    name = store_name(workspace_id, sha256)
    store = storage()
    if store.exists(name):
        if store.size(name) == content.size:
            return
        store.delete(name)
    content.seek(0)
    kept = store.save(name, content)
    if kept != name:
        # Somebody put the same bytes there in the meantime, and the store chose another name.
        store.delete(kept)


def _open(workspace_id: int, sha256: str) -> BinaryIO:
    try:
        with _reached():
            return cast(BinaryIO, storage().open(store_name(workspace_id, sha256), "rb"))
    except FileNotFoundError:
        raise BytesMissing(sha256) from None


def is_there(media: MediaFile) -> bool:
    """Tell whether the store has the bytes; one that cannot be asked is taken to have them.

    Whoever sends them looks again, and says then that the store is silent.
    """
    try:
        with _reached():
            return storage().exists(store_name(media.workspace_id, media.sha256))
    except StoreSilent:
        return True


def open_bytes(media: MediaFile) -> BinaryIO:
    """Open the stored bytes; the caller closes them. Raises BytesMissing and StoreSilent."""
    return _open(media.workspace_id, media.sha256)


def open_thumbnail(media: MediaFile) -> BinaryIO:
    """Open the small picture (WEBP); the caller closes it. Raises BytesMissing if there is none,
    and StoreSilent.
    """
    if not media.thumbnail_sha256:
        raise BytesMissing(f"{media.pk} has no thumbnail")
    return _open(media.workspace_id, media.thumbnail_sha256)
