"""The words of a query, and where they stand in what was found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MOST_LETTERS = 100
MOST_TERMS = 6
#: How much of a long text is shown, and how much of it before the first match.
SHOWN, BEFORE = 140, 24


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text; ``match`` tells whether it is what was looked for."""

    text: str
    match: bool


def terms_of(query: str) -> Sequence[str]:
    """Return what is looked for: NFKC, so that full-width letters find half-width ones.

    Terms stand between white space. Chinese has none, so a phrase is one term, found anywhere
    inside a text; two characters are enough.
    """
    return unicodedata.normalize("NFKC", query)[:MOST_LETTERS].split()[:MOST_TERMS]


def marked(text: str, terms: Sequence[str]) -> Sequence[Part]:
    """Return ``text`` whole, in parts."""
    parts, at = [], 0
    for match in _matches(text, terms):
        if match.start() > at:
            parts.append(Part(text[at : match.start()], match=False))
        parts.append(Part(match.group(), match=True))
        at = match.end()
    if at < len(text):
        parts.append(Part(text[at:], match=False))
    return parts


def passage(text: str, terms: Sequence[str]) -> Sequence[Part]:
    """Return the stretch of ``text`` around its first match, in parts; nothing when none is."""
    first = next(iter(_matches(text, terms)), None)
    if first is None:
        return []
    start = max(0, first.start() - BEFORE)
    stretch = " ".join(text[start : start + SHOWN].split())
    before = "…" if start else ""
    after = "…" if start + SHOWN < len(text) else ""
    return marked(f"{before}{stretch}{after}", terms)


def _matches(text: str, terms: Sequence[str]) -> Sequence[re.Match[str]]:
    if not terms:
        return []
    # The longest first: of "air" and "airport" the whole word is what was meant.
    longest = sorted(terms, key=len, reverse=True)
    return list(re.finditer("|".join(map(re.escape, longest)), text, re.IGNORECASE))
