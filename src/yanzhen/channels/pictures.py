"""Profile pictures: which bytes are one, by their first bytes and never by what a server says."""

from __future__ import annotations

from yanzhen.channels.models import Account, Picture
from yanzhen.channels.ports import Platform

_SIGNS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_WEBP_END = 12
LARGEST_BYTES = 500_000


def kind_of(content: bytes) -> str:
    """Return the media type of a picture, "" for anything else."""
    for sign, kind in _SIGNS:
        if content.startswith(sign):
            return kind
    if content[:4] == b"RIFF" and content[8:_WEBP_END] == b"WEBP":
        return "image/webp"
    return ""


def take_picture(account: Account, there: Platform) -> None:
    """Fetch the account's picture and keep it, so that no page has to ask the platform for it."""
    content = there.picture(account.avatar_url) if account.avatar_url else b""
    if kind_of(content) and len(content) <= LARGEST_BYTES:
        Picture.objects.update_or_create(account=account, defaults={"content": content})
