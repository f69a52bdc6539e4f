"""Folding: one form for everything that reads the same, and the way back to where it stood.

Case, width (NFKC), traditional and simplified characters, kinds of apostrophes and hyphens, and
invisible characters make no difference to a reader, so they make none to a rule.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from yanzhen.brand.traditional import SIMPLIFIED

_SAME = {
    **dict.fromkeys("\u2018\u2019\u201b\u2032\u02bc\uff07", "'"),
    **dict.fromkeys("\u201c\u201d\u201f\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    # What nobody sees: soft hyphen, joiners, marks of direction, selectors of a look.
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f", ""),
}
_CLUSTER = re.compile(r"[^\u0300-\u036f][\u0300-\u036f]+", re.DOTALL)


class _Table(dict[int, str]):
    """What each character folds to, worked out at first sight and kept."""

    def __init__(self, *, case: bool) -> None:
        super().__init__()
        self.case = case

    def __missing__(self, point: int) -> str:
        found = self[point] = self.fold(chr(point))
        return found

    def fold(self, piece: str) -> str:
        """Fold one character, or one with its accents."""
        same = "".join(_SAME.get(each, each) for each in unicodedata.normalize("NFKC", piece))
        if self.case:
            same = unicodedata.normalize("NFKC", same.casefold())
        return "".join(SIMPLIFIED.get(each, each) for each in same)


_FOLDED = _Table(case=True)
_CASED = _Table(case=False)


def fold(text: str) -> str:
    """Return the folded form of a phrase."""
    return fold_text(text).text


def fold_but_case(text: str) -> str:
    """Return the folded form with capitals kept, for rules in which they matter."""
    return unicodedata.normalize("NFC", text).translate(_CASED)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. ``origin`` gives for each place in it the place in the text it was made from.

    It has one entry more than the text has characters, and is None where nothing has moved, which
    is nearly always. All places are code points.
    """

    text: str
    origin: Sequence[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a passage of the folded text stood in the original."""
        if self.origin is None:
            return start, end
        first = self.origin[start]
        last = self.origin[end - 1]
        after = end
        # A character may have become several: the passage ends where the next original one begins.
        while after < len(self.text) and self.origin[after] == last:
            after += 1
        return first, self.origin[after]


def fold_text(text: str) -> Folded:
    """Fold a whole text and remember where everything stood."""
    if text.isascii():
        return Folded(text.lower(), None)
    folded = text.translate(_FOLDED)
    if len(folded) == len(text) and _CLUSTER.search(text) is None and "" not in _gone(text):
        return Folded(folded, None)
    return _fold_slowly(text)


def _gone(text: str) -> set[str]:
    """Return what the invisible characters of the text fold to; empty where it has none."""
    return {_FOLDED[ord(each)] for each in set(text)}


def _fold_slowly(text: str) -> Folded:
    pieces: list[str] = []
    origin: list[int] = []
    at = 0
    for found in _CLUSTER.finditer(text):
        _fold_plain(text, at, found.start(), pieces, origin)
        folded = _FOLDED.fold(found[0])
        pieces.append(folded)
        origin += [found.start()] * len(folded)
        at = found.end()
    _fold_plain(text, at, len(text), pieces, origin)
    origin.append(len(text))
    return Folded("".join(pieces), origin)


def _fold_plain(text: str, start: int, end: int, pieces: list[str], origin: list[int]) -> None:
    for at in range(start, end):
        folded = _FOLDED[ord(text[at])]
        pieces.append(folded)
        if len(folded) == 1:
            origin.append(at)
        else:
            origin += [at] * len(folded)
