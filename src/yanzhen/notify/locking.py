"""Locking what the site itself has to read, so that a copy of the database alone is worth nothing.

This is no vault: whoever has the site's secret key opens it. It is for secrets that every request
needs and that open nothing elsewhere, such as the one Slack signs its requests with.
"""

from __future__ import annotations

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12


class LockedElsewhere(Exception):
    """The value was locked with another secret key, or changed. It must be entered again."""


def _key() -> bytes:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"yanzhen.notify.lock")
    return derived.derive(settings.SECRET_KEY.encode())


def lock(plain: str, *, where: str) -> str:
    """Return ``plain`` locked; it opens for the same ``where`` only."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return base64.b64encode(
        nonce + AESGCM(_key()).encrypt(nonce, plain.encode(), where.encode())
    ).decode()


def unlock(locked: str, *, where: str) -> str:
    """Return what was locked. Raises LockedElsewhere."""
    try:
        raw = base64.b64decode(locked, validate=True)
        nonce, rest = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
        return AESGCM(_key()).decrypt(nonce, rest, where.encode()).decode()
    except (InvalidTag, ValueError, binascii.Error):
        raise LockedElsewhere("locked with another secret key, or changed") from None
