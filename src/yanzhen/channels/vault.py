"""Sealing secrets so that the database alone, or a copied row, is worth nothing.

Every secret gets a key of its own: a fresh X25519 pair meets the vault's public key, HKDF makes an
AES-256-GCM key of it, and where the secret belongs is authenticated with it. So a process that only
seals needs no private key, and a sealed value moved to another account or origin does not open.

The public half lies in the keys folder, outside the database: ``vault-<id>.pub`` (PEM, 0600), with
``vault.current`` naming the pair that seals. The private half lies in a folder of its own, and only
``opening`` reads it; nothing that serves pages imports that.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION: Final = 1
ID_BYTES: Final = 8
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
HEAD_BYTES: Final = 1 + ID_BYTES + KEY_BYTES + NONCE_BYTES
CURRENT: Final = "vault.current"


class VaultClosed(Exception):
    """This process has no key for what is asked; the message says what to do."""


class WrongSeal(Exception):
    """The sealed value was changed, cut, or belongs elsewhere; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a secret belongs. It opens there and nowhere else."""

    workspace: int
    account: str
    field: str
    origin: str

    def bound(self) -> bytes:
        """Return the bytes that are authenticated; every part carries its length."""
        parts = (str(self.workspace), self.account, self.field, self.origin)
        coded = [part.encode() for part in parts]
        return b"yanzhen.vault" + b"".join(len(c).to_bytes(4, "big") + c for c in coded)


@dataclass(frozen=True)
class Vault:
    """Seals with the current public key in ``folder``. It has nothing to open with."""

    folder: Path = field(repr=False)

    def seal(self, plain: bytes, place: Place) -> bytes:
        """Return ``plain`` sealed for ``place``. Raises VaultClosed while there is no key."""
        key_id = self.current_id()
        once = X25519PrivateKey.generate()
        public = self._public(key_id)
        nonce = secrets.token_bytes(NONCE_BYTES)
        head = bytes([VERSION]) + bytes.fromhex(key_id)
        head += once.public_key().public_bytes_raw() + nonce
        key = derive(once.exchange(public), head)
        return head + AESGCM(key).encrypt(nonce, plain, head + place.bound())

    def current_id(self) -> str:
        """Return the id of the key that seals. Raises VaultClosed while there is none."""
        try:
            return checked_id((self.folder / CURRENT).read_text(encoding="ascii").strip())
        except FileNotFoundError:
            raise VaultClosed(
                "There is no key to seal with yet. Start the worker once: yanzhen work."
            ) from None

    def _public(self, key_id: str) -> X25519PublicKey:
        path = self.folder / f"vault-{key_id}.pub"
        try:
            found = serialization.load_pem_public_key(path.read_bytes())
        except (OSError, ValueError):
            raise VaultClosed(
                f"The key file {path.name} is missing or damaged. Put back the keys folder from"
                " your backup."
            ) from None
        if not isinstance(found, X25519PublicKey):
            raise VaultClosed(f"The key file {path.name} holds another kind of key.")
        return found


def sealed_with(sealed: bytes | memoryview) -> str:
    """Return the id of the key that sealed this value."""
    return bytes(sealed)[1 : 1 + ID_BYTES].hex()


def vault() -> Vault:
    """Return this installation's vault, which seals."""
    return Vault(Path(settings.DATA) / "keys")


def checked_id(text: str) -> str:
    """Return ``text`` when it is a key's id. Raises VaultClosed."""
    if len(text) != 2 * ID_BYTES or any(c not in "0123456789abcdef" for c in text):
        raise VaultClosed(
            f"The file {CURRENT} in the keys folder is damaged. Put it back from your backup."
        )
    return text


def derive(shared: bytes, head: bytes) -> bytes:
    """Return the AES key that belongs to a shared secret and the head of a sealed value."""
    return HKDF(
        algorithm=hashes.SHA256(), length=KEY_BYTES, salt=head, info=b"yanzhen.vault"
    ).derive(shared)
