"""A draft's words as they are searched."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def folded(text: str) -> str:
    """Return ``text`` as a search compares it: NFKC without case, so that ＡＥＲＯ is aero."""
    return unicodedata.normalize("NFKC", text).casefold()


def words_of(texts: Iterable[str]) -> str:
    """Return what Draft.words keeps of a thread: its texts, folded, each on lines of its own."""
    return folded("\n".join(texts))
