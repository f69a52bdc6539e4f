"""Sealing secrets so that the database alone, or a copied row, is worth nothing.

Every secret gets a key of its own: a fresh X25519 pair meets the vault's public key, HKDF makes an
AES-256-GCM key of it, and where the secret belongs is authenticated with it. So a process that only
seals needs no private key, and a sealed value moved to another account or origin does not open.

Key files lie in the keys folder, outside the database: ``vault-<id>.pub`` and ``vault-<id>.key``
(PEM, 0600), with ``vault.current`` naming the pair that seals. Losing the private files loses the
connections, not the posts: the accounts are connected again.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_VERSION: Final = 1
_ID_BYTES: Final = 8
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_HEAD_BYTES: Final = 1 + _ID_BYTES + _KEY_BYTES + _NONCE_BYTES
_CURRENT: Final = "vault.current"


class VaultClosed(Exception):
    """This process has no private key that could open the secret; the message says what to do."""


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
    """Seals with the current public key, opens with whatever private keys lie in ``folder``."""

    folder: Path = field(repr=False)

    def seal(self, plain: bytes, place: Place) -> bytes:
        """Return ``plain`` sealed for ``place``. Needs no private key."""
        key_id = self.current_id()
        once = X25519PrivateKey.generate()
        public = self._public(key_id)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        head = bytes([_VERSION]) + bytes.fromhex(key_id) + _raw(once.public_key()) + nonce
        key = _derive(once.exchange(public), head)
        return head + AESGCM(key).encrypt(nonce, plain, head + place.bound())

    def open(self, sealed: bytes | memoryview, place: Place) -> bytes:
        """Return what was sealed for ``place``. Raises VaultClosed and WrongSeal."""
        sealed = bytes(sealed)
        if len(sealed) < _HEAD_BYTES + _TAG_BYTES or sealed[0] != _VERSION:
            raise WrongSeal("A stored secret is damaged. Connect the account again.")
        head, rest = sealed[:_HEAD_BYTES], sealed[_HEAD_BYTES:]
        private = self._private(sealed_with(sealed))
        once = X25519PublicKey.from_public_bytes(head[1 + _ID_BYTES : 1 + _ID_BYTES + _KEY_BYTES])
        nonce = head[-_NONCE_BYTES:]
        try:
            # An all-zero shared secret (a forged key) is a ValueError.
            key = _derive(private.exchange(once), head)
            return AESGCM(key).decrypt(nonce, rest, head + place.bound())
        except (InvalidTag, ValueError):
            raise WrongSeal(
                "A stored secret was changed, or belongs to another account or server."
                " Connect the account again."
            ) from None

    def reseal(self, sealed: bytes | memoryview, place: Place) -> bytes:
        """Return the same secret under the current key; unchanged when it already is."""
        if sealed_with(sealed) == self.current_id():
            return bytes(sealed)
        return self.seal(self.open(sealed, place), place)

    def is_open(self) -> bool:
        """Tell whether this process can open what the current key sealed."""
        return (self.folder / f"vault-{self.current_id()}.key").is_file()

    def current_id(self) -> str:
        """Return the id of the key that seals, making the first pair when there is none."""
        name = self.folder / _CURRENT
        try:
            return _checked_id(name.read_text(encoding="ascii").strip())
        except FileNotFoundError:
            pass
        new = self._make_pair()
        # Two processes may start at once: the first to link its choice wins, the other follows.
        choice = self.folder / f".{_CURRENT}-{new}"
        _write(choice, new.encode())
        try:
            os.link(choice, name)
        except FileExistsError:
            self._forget(new)
        finally:
            choice.unlink()
        return _checked_id(name.read_text(encoding="ascii").strip())

    def rotate(self) -> str:
        """Make a new pair, let it seal from now on, and return its id. Old keys keep opening."""
        new = self._make_pair()
        choice = self.folder / f".{_CURRENT}-{new}"
        _write(choice, new.encode())
        choice.replace(self.folder / _CURRENT)
        return new

    def _make_pair(self) -> str:
        private = X25519PrivateKey.generate()
        key_id = secrets.token_hex(_ID_BYTES)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(
            self.folder / f"vault-{key_id}.key",
            private.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        )
        _write(
            self.folder / f"vault-{key_id}.pub",
            private.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            ),
        )
        return key_id

    def _forget(self, key_id: str) -> None:
        for kind in ("key", "pub"):
            (self.folder / f"vault-{key_id}.{kind}").unlink()

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

    def _private(self, key_id: str) -> X25519PrivateKey:
        path = self.folder / f"vault-{key_id}.key"
        try:
            found = serialization.load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError, TypeError):
            raise VaultClosed(
                f"This process cannot read the key file {path.name}. Put back the keys folder from"
                " your backup, or run this where the key is."
            ) from None
        if not isinstance(found, X25519PrivateKey):
            raise VaultClosed(f"The key file {path.name} holds another kind of key.")
        return found


def sealed_with(sealed: bytes | memoryview) -> str:
    """Return the id of the key that sealed this value."""
    return bytes(sealed)[1 : 1 + _ID_BYTES].hex()


def vault() -> Vault:
    """Return this installation's vault."""
    return Vault(Path(settings.DATA) / "keys")


def _checked_id(text: str) -> str:
    if len(text) != 2 * _ID_BYTES or any(c not in "0123456789abcdef" for c in text):
        raise VaultClosed(
            f"The file {_CURRENT} in the keys folder is damaged. Put it back from your backup."
        )
    return text


def _raw(public: X25519PublicKey) -> bytes:
    return public.public_bytes_raw()


def _derive(shared: bytes, head: bytes) -> bytes:
    return HKDF(
        algorithm=hashes.SHA256(), length=_KEY_BYTES, salt=head, info=b"yanzhen.vault"
    ).derive(shared)


def _write(path: Path, content: bytes) -> None:
    # Created closed to others from the first moment, and on disk before anything relies on it.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
