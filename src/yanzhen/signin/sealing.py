"""What lies in the database of a second factor is sealed with a key that does not.

The key is a file of its own: whoever changes SECRET_KEY ends sessions, not everybody's app. It is
no key of the vault, because the pages that check codes may not open what the vault keeps.
"""

from __future__ import annotations

import base64
import os
import secrets
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

KEY_FILE = "second-factor.key"
_NONCE_BYTES = 12
_FOR = b"yanzhen second factor"


@cache
def _sealer(path: Path) -> AESGCM:
    """Read the key, made by whichever process comes first."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return AESGCM(base64.b64decode(path.read_bytes()))
    key = AESGCM.generate_key(bit_length=256)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(key))
    return AESGCM(key)


def _own() -> AESGCM:
    return _sealer(Path(settings.DATA) / "keys" / KEY_FILE)


def seal(text: str) -> str:
    """Return ``text`` sealed, in base64; twice the same text looks different."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return base64.b64encode(nonce + _own().encrypt(nonce, text.encode(), _FOR)).decode()


def unseal(sealed: str) -> str:
    """Return what was sealed. Raises InvalidTag where another key sealed it, or it was changed."""
    raw = base64.b64decode(sealed)
    return _own().decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _FOR).decode()
