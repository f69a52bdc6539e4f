"""Opening what the vault sealed: the private keys, and which process may touch them.

Private keys are ``vault-<id>.key`` (PEM, 0600) in the worker's folder, ``DATA/keys/worker`` unless
YANZHEN_WORKER_KEYS says otherwise. A process that serves pages is closed: its settings say so
(YANZHEN_MAY_OPEN=no, as ``yanzhen up`` starts the site), and config/asgi.py closes it whatever they
say. Where the operating system keeps the folder from it as well, it could not open if it tried; see
docs/adr/0014. Losing the private files loses the connections, not the posts: accounts are connected
again.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from yanzhen.channels import closing
from yanzhen.channels.vault import (
    CURRENT,
    HEAD_BYTES,
    ID_BYTES,
    KEY_BYTES,
    NONCE_BYTES,
    TAG_BYTES,
    VERSION,
    Place,
    Vault,
    VaultClosed,
    WrongSeal,
    checked_id,
    derive,
    sealed_with,
)


@dataclass(frozen=True)
class Opener(Vault):
    """A vault that also opens, with whatever private keys lie in ``private``."""

    private: Path = field(repr=False)

    def open(self, sealed: bytes | memoryview, place: Place) -> bytes:
        """Return what was sealed for ``place``. Raises VaultClosed and WrongSeal."""
        sealed = bytes(sealed)
        if len(sealed) < HEAD_BYTES + TAG_BYTES or sealed[0] != VERSION:
            raise WrongSeal("A stored secret is damaged. Connect the account again.")
        head, rest = sealed[:HEAD_BYTES], sealed[HEAD_BYTES:]
        private = self._private(sealed_with(sealed))
        once = X25519PublicKey.from_public_bytes(head[1 + ID_BYTES : 1 + ID_BYTES + KEY_BYTES])
        nonce = head[-NONCE_BYTES:]
        try:
            # An all-zero shared secret (a forged key) is a ValueError.
            key = derive(private.exchange(once), head)
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
        """Tell whether this process can open what the current key seals."""
        return (self.private / f"vault-{self.current_id()}.key").is_file()

    def ensure_pair(self) -> str:
        """Return the id of the key that seals, making the first pair when there is none."""
        self._take_in()
        if (self.folder / CURRENT).exists():
            return self.current_id()
        new = self._make_pair()
        # Two processes may start at once: the first to link its choice wins, the other follows.
        choice = self.folder / f".{CURRENT}-{new}"
        _write(choice, new.encode(), mode=0o644)
        try:
            os.link(choice, self.folder / CURRENT)
        except FileExistsError:
            self.forget(new)
        finally:
            choice.unlink()
        return self.current_id()

    def rotate(self) -> str:
        """Make a new pair, let it seal from now on, and return its id. Old keys keep opening."""
        new = self._make_pair()
        choice = self.folder / f".{CURRENT}-{new}"
        _write(choice, new.encode(), mode=0o644)
        choice.replace(self.folder / CURRENT)
        return new

    def ids(self) -> list[str]:
        """Return the ids of every private key here."""
        found = sorted(self.private.glob("vault-*.key"))
        return [checked_id(path.stem.removeprefix("vault-")) for path in found]

    def forget(self, key_id: str) -> None:
        """Delete one pair. What it sealed can never be opened again."""
        (self.private / f"vault-{key_id}.key").unlink()
        (self.folder / f"vault-{key_id}.pub").unlink(missing_ok=True)

    def _take_in(self) -> None:
        """Move private keys of older installations out of the folder that the site reads."""
        _make_folder(self.folder)
        _make_folder(self.private)
        for old in self.folder.glob("vault-*.key"):
            new = self.private / old.name
            if not new.exists():
                beside = new.with_suffix(f".{secrets.token_hex(4)}")
                _write(beside, old.read_bytes())
                beside.replace(new)
            # Another process that starts now may have moved it a moment ago.
            old.unlink(missing_ok=True)

    def _make_pair(self) -> str:
        private = X25519PrivateKey.generate()
        key_id = secrets.token_hex(ID_BYTES)
        _make_folder(self.folder)
        _make_folder(self.private)
        _write(
            self.private / f"vault-{key_id}.key",
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
            # Who may read the folder says who may seal; the site may run as another user.
            mode=0o644,
        )
        return key_id

    def _private(self, key_id: str) -> X25519PrivateKey:
        path = self.private / f"vault-{key_id}.key"
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


#: Vaults this process has seen to: they have a pair, and their private keys lie where they belong.
_ready: set[Opener] = set()


def opener() -> Opener:
    """Return this installation's opening vault, with a first pair of keys if it had none.

    Raises VaultClosed where pages are served.
    """
    if closing.is_closed():
        raise VaultClosed(
            "This process serves pages, so it may not open stored secrets. The worker may:"
            " yanzhen work."
        )
    found = Opener(Path(settings.DATA) / "keys", worker_folder())
    if found not in _ready:
        found.ensure_pair()
        _ready.add(found)
    return found


def worker_folder() -> Path:
    """Return the folder of the private keys."""
    told = settings.ENV.worker_keys
    return Path(told).resolve() if told else Path(settings.DATA) / "keys" / "worker"


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _write(path: Path, content: bytes, mode: int = 0o600) -> None:
    # Created closed to others from the first moment, and on disk before anything relies on it.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
