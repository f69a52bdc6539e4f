"""A store in a bucket of Amazon S3 or of any server that speaks its protocol.

An object is written in one request, so that a name never stands for half of its bytes, and read as
a stream that starts where it is asked to. Nothing in the bucket is public: files leave only through
the library's own views.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, BinaryIO, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from django.core.files import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

from yanzhen.library.storing import StoreSilent

BUFFER = 256 * 1024
_MISSING = ("404", "NoSuchKey", "NotFound")
_CONNECT_SECONDS, _READ_SECONDS, _MOST_TRIES = 5, 30, 3


@contextmanager
def _asked(name: str) -> Iterator[None]:
    """Turn what boto3 raises into FileNotFoundError and StoreSilent, whose text holds no key."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _MISSING:
            raise FileNotFoundError(name) from None
        raise StoreSilent(f"{name}: {code or 'no code'}") from None
    except (BotoCoreError, HTTPClientError) as error:
        raise StoreSilent(f"{name}: {type(error).__name__}") from None


@deconstructible
class S3Storage(Storage):
    """Django's storage over one bucket. Without ``key_id``, boto3 looks for keys in its own way.

    ``addressing`` is "path", "virtual" (the bucket is part of the host name), or "" for path at an
    ``endpoint`` of one's own and Amazon's way without one.
    """

    def __init__(
        self,
        *,
        bucket: str,
        endpoint: str = "",
        region: str = "",
        key_id: str = "",
        key_secret: str = "",
        addressing: str = "",
    ) -> None:
        self._bucket = bucket
        self._how = {
            "endpoint_url": endpoint or None,
            "region_name": region or None,
            "aws_access_key_id": key_id or None,
            "aws_secret_access_key": key_secret or None,
        }
        self._addressing = addressing or ("path" if endpoint else "auto")

    @cached_property
    def _client(self) -> Any:
        """The line to the server; threads may share it."""
        config = Config(
            signature_version="s3v4",
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=_READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": _MOST_TRIES},
            s3={"addressing_style": self._addressing},
            # Newer checksums are Amazon's own; other servers refuse them.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        return boto3.session.Session().client("s3", config=config, **self._how)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return the name itself: the same name is the same bytes, so writing again is harmless."""
        return name

    def exists(self, name: str) -> bool:
        """Tell whether there is an object of that name. Raises StoreSilent."""
        try:
            self.size(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        """Return how many bytes it has. Raises FileNotFoundError and StoreSilent."""
        with _asked(name):
            return int(self._client.head_object(Bucket=self._bucket, Key=name)["ContentLength"])

    def delete(self, name: str) -> None:
        """Delete it; what is not there is gone already. Raises StoreSilent."""
        with _asked(name):
            self._client.delete_object(Bucket=self._bucket, Key=name)

    def read_from(self, name: str, first: int) -> BinaryIO:
        """Return the bytes from ``first`` on, as they come in. Raises as size() does."""
        with _asked(name):
            answer = self._client.get_object(Bucket=self._bucket, Key=name, Range=f"bytes={first}-")
            return cast(BinaryIO, answer["Body"])

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if mode != "rb":
            raise ValueError("what is in the store is only read")
        raw = _Stored(self, name, self.size(name))
        return File(io.BufferedReader(raw, BUFFER), name)

    def _save(self, name: str, content: File[Any]) -> str:
        content.seek(0)
        with _asked(name):
            self._client.put_object(
                Bucket=self._bucket, Key=name, Body=content.file, ContentLength=content.size
            )
        return name


class _Stored(io.RawIOBase):
    """One object as a file that can be sought in; each jump is one request when it is read next."""

    def __init__(self, store: S3Storage, name: str, size: int) -> None:
        self._store, self._name, self._size = store, name, size
        self._at = 0
        self._body: BinaryIO | None = None

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Return where the next byte is read from."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; asks nothing of the server."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        to = max(0, start + offset)
        if to != self._at:
            self._drop()
        self._at = to
        return to

    def readinto(self, buffer: Any) -> int:
        """Read up to what fits. Raises FileNotFoundError and StoreSilent."""
        view = memoryview(buffer).cast("B")
        wanted = min(len(view), self._size - self._at)
        if wanted <= 0:
            return 0
        if self._body is None:
            self._body = self._store.read_from(self._name, self._at)
        with _asked(self._name):
            piece = self._body.read(wanted)
        if not piece:
            raise StoreSilent(f"{self._name}: the stream ended early")
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None

    def close(self) -> None:
        """Let go of the line."""
        self._drop()
        super().close()
