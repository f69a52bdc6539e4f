"""Identifiers: snowflakes for posts, stable numbers for users, seeded secrets."""

from __future__ import annotations

import hashlib
import hmac

# The epoch of X's snowflakes: 2010-11-04T01:42:54.657Z.
EPOCH_MS = 1_288_834_974_657
SEQUENCE_BITS = 12
WORKER_BITS = 10
# Digits of the longest id that fits 63 bits.
LONGEST = 19
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class Snowflakes:
    """Post ids that rise with virtual time and never repeat, even when the clock steps back."""

    def __init__(self, *, worker: int, last: int = 0) -> None:
        self._worker = worker % (1 << WORKER_BITS)
        self._last_ms = (last >> (SEQUENCE_BITS + WORKER_BITS)) + EPOCH_MS if last else 0
        self._sequence = last % (1 << SEQUENCE_BITS)

    def next(self, now_ms: int) -> int:
        """Give the next id for this moment."""
        if now_ms > self._last_ms:
            self._last_ms, self._sequence = now_ms, 0
        else:
            self._sequence += 1
            if self._sequence >= 1 << SEQUENCE_BITS:
                self._last_ms, self._sequence = self._last_ms + 1, 0
        stamp = max(self._last_ms - EPOCH_MS, 0)
        return (
            (stamp << (SEQUENCE_BITS + WORKER_BITS))
            | (self._worker << SEQUENCE_BITS)
            | self._sequence
        )

    @staticmethod
    def floor(at_ms: int) -> int:
        """Give the lowest id of a moment."""
        return max(at_ms - EPOCH_MS, 0) << (SEQUENCE_BITS + WORKER_BITS)


def user_number(seed: int, username: str) -> str:
    """Give a 19-digit user id that depends only on the seed and the handle."""
    digest = hashlib.sha256(f"{seed}:user:{username.lower()}".encode()).digest()
    return str(10**18 + int.from_bytes(digest[:8], "big") % (8 * 10**17))


def seeded_text(seed: int, purpose: str, count: int, length: int) -> str:
    """Draw ``length`` letters and digits that depend only on seed, purpose and count."""
    letters: list[str] = []
    block = 0
    while len(letters) < length:
        digest = hmac.new(str(seed).encode(), f"{purpose}:{count}:{block}".encode(), hashlib.sha256)
        letters.extend(ALPHABET[byte % len(ALPHABET)] for byte in digest.digest())
        block += 1
    return "".join(letters[:length])


def post_number(text: str | int) -> int:
    """Read a post id; anything that cannot be one becomes 0, which no post has."""
    digits = str(text)
    if not digits.isascii() or not digits.isdigit() or len(digits) > LONGEST:
        return 0
    return min(int(digits), 2**63 - 1)
