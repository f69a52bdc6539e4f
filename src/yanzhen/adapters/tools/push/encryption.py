"""Encrypting for one browser (RFC 8291 over RFC 8188), and saying who sends it (RFC 8292).

Written out because it is a page of standard primitives; the libraries for it bring an HTTP client
of their own, around which no limit of ours would hold.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CURVE = ec.SECP256R1()
SALT_BYTES, AUTH_BYTES, POINT_BYTES, RECORD = 16, 16, 65, 4096
#: What is left of one record for the message.
MOST_BYTES = RECORD - 16 - 1 - (SALT_BYTES + 4 + 1 + POINT_BYTES)
#: How long a word about who we are is good for; services take a day at most.
GOOD_FOR = timedelta(hours=12)


class BadKeys(ValueError):
    """What a browser gave as its keys is none."""


def decode(text: str) -> bytes:
    """Return the bytes of Base64 for addresses, with or without padding. Raises BadKeys."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise BadKeys("not Base64") from None


def encode(raw: bytes) -> str:
    """Return Base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class BrowserKeys:
    """A browser's public key (an uncompressed point) and the secret it shares with us."""

    public: bytes
    auth: bytes

    @classmethod
    def read(cls, p256dh: str, auth: str) -> BrowserKeys:
        """Return the keys as a browser gives them. Raises BadKeys."""
        keys = cls(decode(p256dh), decode(auth))
        if len(keys.auth) != AUTH_BYTES:
            raise BadKeys("auth has another length")
        keys.point()
        return keys

    def point(self) -> ec.EllipticCurvePublicKey:
        """Return the public key. Raises BadKeys."""
        try:
            return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, self.public)
        except ValueError:
            raise BadKeys("p256dh is no point") from None


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def encrypt(
    plain: bytes,
    to: BrowserKeys,
    *,
    salt: bytes | None = None,
    once: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Return the body of a push message, for Content-Encoding aes128gcm.

    ``salt`` and ``once`` (a key pair for this message alone) are made anew unless given. Raises
    BadKeys, and ValueError for more than MOST_BYTES.
    """
    if len(plain) > MOST_BYTES:
        raise ValueError("too long for a push message")
    salt = salt or os.urandom(SALT_BYTES)
    once = once or ec.generate_private_key(CURVE)
    ours = _point(once.public_key())
    shared = once.exchange(ec.ECDH(), to.point())
    info = b"WebPush: info\x00" + to.public + ours
    secret = _derive(shared, to.auth, info, 32)
    key = _derive(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\x00", 12)
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours
    # The byte two ends the one record there is.
    return head + AESGCM(key).encrypt(nonce, plain + b"\x02", None)


def new_key() -> tuple[str, str]:
    """Return a new key pair of ours: the private one as PEM, the public one for browsers."""
    key = ec.generate_private_key(CURVE)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem.decode(), encode(_point(key.public_key()))


def authorization(pem: str, *, endpoint: str, subject: str, now: datetime) -> str:
    """Return the Authorization header that says who we are to the push service of ``endpoint``."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise BadKeys("our key is of another kind")
    url = urlsplit(endpoint)
    claims = {
        "aud": f"{url.scheme}://{url.netloc}",
        "exp": int((now + GOOD_FOR).timestamp()),
        "sub": subject,
    }
    parts = [{"typ": "JWT", "alg": "ES256"}, claims]
    signed = ".".join(encode(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={encode(_point(key.public_key()))}"
