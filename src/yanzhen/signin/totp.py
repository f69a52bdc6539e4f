"""Codes of an authenticator app (RFC 6238), with the counter of the code that matched.

The library remembers a used code in the cache for one period; a code that is a period old would be
good twice. We keep the counter instead: nothing at or before the last one counts again.
"""

from __future__ import annotations

from datetime import datetime

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value

STEP_SECONDS = 30
#: Steps a phone's clock may be off, either way.
DRIFT = 1


def new_secret() -> str:
    """Return 160 random bits in base32, as apps take them."""
    return str(generate_totp_secret())


def matching_counter(secret: str, code: str, *, now: datetime) -> int | None:
    """Return the 30-second counter whose code this is, around ``now`` (aware), or None."""
    counter = int(now.timestamp()) // STEP_SECONDS
    for each in range(counter - DRIFT, counter + DRIFT + 1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, each))):
            return each
    return None
