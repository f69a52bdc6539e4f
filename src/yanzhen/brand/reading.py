"""Reading what people type into lists, numbers and shapes, in the form and in files."""

from __future__ import annotations

import re
import unicodedata

_RATIO = re.compile(r"\s*(\d{1,5})\s*[:×x/]\s*(\d{1,5})\s*")


#: More digits than any number here may have; longer ones are not even read.
MOST_DIGITS = 6


class NotRead(ValueError):
    """What was typed is none of what is wanted there."""


def entries(typed: str, *, sign: str = "\n") -> tuple[str, ...]:
    """Return the entries of a list, each once, in order; empty ones are left out."""
    parts = typed.replace("\r", "\n").replace(sign, "\n").split("\n")
    trimmed = (" ".join(unicodedata.normalize("NFC", part).split()) for part in parts)
    return tuple(dict.fromkeys(part for part in trimmed if part))


def ratios(typed: str, *, sign: str = "\n") -> tuple[tuple[int, int], ...]:
    """Return shapes such as 16:9. Raises NotRead."""
    found = []
    for entry in entries(typed.replace(",", "\n"), sign=sign):
        read = _RATIO.fullmatch(unicodedata.normalize("NFKC", entry))
        if read is None:
            raise NotRead(entry)
        found.append((int(read[1]), int(read[2])))
    return tuple(found)


def number(typed: str) -> int | None:
    """Return a whole number, None for nothing. Raises NotRead."""
    typed = unicodedata.normalize("NFKC", typed).strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS):
        raise NotRead(typed)
    return int(typed)


def as_ratio(pair: tuple[int, int]) -> str:
    """Write a shape."""
    return f"{pair[0]}:{pair[1]}"
