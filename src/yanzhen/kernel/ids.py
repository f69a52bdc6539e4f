"""Numbers that came in from outside and are meant to be a row's."""

from __future__ import annotations

#: What a 64-bit column holds for certain; longer numbers make databases fail, not miss.
MOST_DIGITS = 18


def parse_id(raw: str | None) -> int | None:
    """Return the number ``raw`` stands for, or None when no row can have it."""
    given = (raw or "").strip()
    sound = given.isascii() and given.isdigit() and len(given) <= MOST_DIGITS
    return int(given) if sound else None
