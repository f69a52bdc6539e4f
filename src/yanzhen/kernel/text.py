"""The text of a post: what may be in it, and how long X says it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yanzhen.kernel.links import link_spans

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

X_LIMIT = 280
#: The longest text any X account may send; counting more would only cost time.
LONGEST_TEXT = 25_000
_LINK_WEIGHT = 23
_HEAVY_WEIGHT = 2

_LINE_END = re.compile(r"\r\n?")
_REFUSED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufeff\ufffe\uffff]")
_NEVER_VALID = re.compile(r"[\ufeff\ufffe\uffff]")

# X counts a character once up to U+10FF and for general punctuation, everything else twice.
_HEAVY = re.compile(r"[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")

# One emoji counts twice however many code points it is joined from. Written as a rule and not as a
# table, so that emoji newer than this file count as X documents them. weighted_count.js has the
# same rule; golden_weights.json holds both to it.
_BASE = (
    r"\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf"
    r"\u23e9-\u23f3\u23f8-\u23fa\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf"
    r"\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299"
    r"\U0001f000-\U0001faff"
)
_TONED = (
    r"\u261d\u26f9\u270a-\u270d\U0001f385\U0001f3c2-\U0001f3c4\U0001f3c7\U0001f3ca-\U0001f3cc"
    r"\U0001f442\U0001f443\U0001f446-\U0001f450\U0001f466-\U0001f478\U0001f47c"
    r"\U0001f481-\U0001f483\U0001f485-\U0001f487\U0001f48f\U0001f491\U0001f4aa\U0001f574\U0001f575"
    r"\U0001f57a\U0001f590\U0001f595\U0001f596\U0001f645-\U0001f647\U0001f64b-\U0001f64f\U0001f6a3"
    r"\U0001f6b4-\U0001f6b6\U0001f6c0\U0001f6cc\U0001f90c\U0001f90f\U0001f918-\U0001f91f\U0001f926"
    r"\U0001f930-\U0001f939\U0001f93c-\U0001f93e\U0001f977\U0001f9b5\U0001f9b6\U0001f9b8\U0001f9b9"
    r"\U0001f9bb\U0001f9cd-\U0001f9cf\U0001f9d1-\U0001f9dd\U0001fac3-\U0001fac5"
    r"\U0001faf0-\U0001faf8"
)
_ONE = (
    rf"(?:[{_TONED}][\U0001f3fb-\U0001f3ff]|[{_BASE}]"
    rf"(?:\ufe0f|[\U000e0020-\U000e007e]+\U000e007f)?)"
)
_EMOJI = re.compile(
    rf"[#*0-9]\ufe0f?\u20e3|[\U0001f1e6-\U0001f1ff]{{2}}|{_ONE}(?:\u200d{_ONE})*"
    r"|[\U00010000-\U0010ffff]"
)
_STAND_IN = "\u2705"
#: Below the planes of emoji, what is drawn as one without asking for it.
_DRAWN = frozenset(
    "\u231a\u231b\u23e9\u23ea\u23eb\u23ec\u23f0\u23f3\u25fd\u25fe\u2b1b\u2b1c\u2b50\u2b55"
)


class TextRefused(ValueError):
    """The text holds something no post may hold; ``str()`` says what to do, translated late.

    Whoever catches it may be logging in one language and answering in another, so the sentence is
    put together only when it is read.
    """

    def __init__(self, sentence: str | _StrPromise, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values

    def __str__(self) -> str:
        return str(self.sentence) % self.values


@dataclass(frozen=True, slots=True)
class Weight:
    """How long X counts a text to be, in X's units (a Chinese character is 2, a link is 23).

    ``remaining`` is negative when the text is over. ``cut_at`` is the index in code points of the
    first thing that no longer fits, or the length of the text when all of it does.
    """

    weight: int
    limit: int
    valid: bool
    remaining: int
    cut_at: int


def clean_text(raw: str) -> str:
    """Return the text with every line end as LF and nothing else touched.

    Raises TextRefused for NUL and other control characters, half surrogate pairs, and the three
    code points X never accepts: sending them would fail, dropping them would change the text.
    """
    text = _LINE_END.sub("\n", raw)
    found = _REFUSED.search(text)
    if found is None:
        return text
    position = found.start() + 1
    if "\ud800" <= found[0] <= "\udfff":
        raise TextRefused(
            _("Character %(position)d is half of a broken emoji. Delete it and type it again."),
            position=position,
        )
    raise TextRefused(
        _(
            "Character %(position)d is an invisible control character (U+%(code)s). "
            "Delete it, or paste the text again as plain text."
        ),
        position=position,
        code=f"{ord(found[0]):04X}",
    )


def weigh(text: str, limit: int = X_LIMIT) -> Weight:
    """Count a text as X does, and say where X would cut it.

    Counting happens on the NFC form; the text itself is never altered. Empty text is not valid.
    Raises TextRefused beyond 25,000 characters, the most that X takes from anybody.
    """
    if len(text) > LONGEST_TEXT:
        raise TextRefused(
            _("This text has %(length)d characters. X takes 25000 at most: split or shorten it."),
            length=len(text),
        )
    if text.isascii() and "." not in text and "\r" not in text:
        return _weight(len(text), limit, cut_at=min(len(text), limit))
    composed = unicodedata.normalize("NFC", _LINE_END.sub("\n", text))
    weight, cut_at = _count(composed, limit)
    bad = _NEVER_VALID.search(composed)
    if bad is not None:
        cut_at = min(cut_at, bad.start())
    if composed != text:
        cut_at = _cut_before_composing(text, cut_at)
    return _weight(weight, limit, cut_at=cut_at, sendable=bad is None)


def _weight(weight: int, limit: int, *, cut_at: int, sendable: bool = True) -> Weight:
    return Weight(
        weight=weight,
        limit=limit,
        valid=sendable and 0 < weight <= limit,
        remaining=limit - weight,
        cut_at=cut_at,
    )


def _count(text: str, limit: int) -> tuple[int, int]:
    """Return (weight, index of the first thing beyond the limit) for NFC text."""
    weight = end = cut_at = 0
    for start, stop, heavy in _wholes(text):
        plain = text[end:start]
        cut_at = _cut_plain(plain, end, limit - weight, cut_at)
        weight += len(plain) + len(_HEAVY.findall(plain)) + heavy
        end = stop
        if weight <= limit:
            cut_at = end
    plain = text[end:]
    cut_at = _cut_plain(plain, end, limit - weight, cut_at)
    return weight + len(plain) + len(_HEAVY.findall(plain)), cut_at


def _cut_plain(plain: str, offset: int, room: int, cut_at: int) -> int:
    """Move the cut through plain characters as far as ``room`` allows."""
    if room < 0:
        return cut_at
    if len(plain) * _HEAVY_WEIGHT <= room:
        return offset + len(plain)
    for index, character in enumerate(plain):
        room -= _HEAVY_WEIGHT if _HEAVY.match(character) else 1
        if room < 0:
            return offset + index
    return offset + len(plain)


def _wholes(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, weight) of what counts as one whole: links and emoji, in order."""
    emoji = [(each.start(), each.end()) for each in _EMOJI.finditer(text)]
    if "." not in text:
        yield from ((start, end, _HEAVY_WEIGHT) for start, end in emoji)
        return
    # The grammar of links sees an emoji as one short character, here and in the browser.
    prepared, origin, end = [], [], 0
    for start, stop in emoji:
        prepared += [text[end:start], _STAND_IN]
        origin += [*range(end, start), start]
        end = stop
    prepared.append(text[end:])
    origin += range(end, len(text) + 1)
    links = [(origin[start], origin[stop]) for start, stop in link_spans("".join(prepared))]
    wholes = [(start, stop, _LINK_WEIGHT) for start, stop in links]
    wholes += [(start, stop, _HEAVY_WEIGHT) for start, stop in emoji]
    reached = 0
    for start, stop, heavy in sorted(wholes):
        if start >= reached:
            yield start, stop, heavy
            reached = stop


def _cut_before_composing(text: str, cut_at: int) -> int:
    """Translate a cut in the NFC form into one in the text as typed, between whole characters."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if len(unicodedata.normalize("NFC", _LINE_END.sub("\n", text[:middle]))) <= cut_at:
            low = middle
        else:
            high = middle - 1
    while low < len(text) and low and unicodedata.category(text[low]) == "Mn":
        low -= 1
    return low


def emoji_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) in code points of every emoji, in order; a joined one is one.

    Signs that are letters to most readers, such as © and ↔, count only when they ask to be drawn
    as emoji.
    """
    if text.isascii():
        return
    for found in _EMOJI.finditer(text):
        first = found[0][0]
        drawn = "\u2600" <= first <= "\u27bf" or first in _DRAWN or first >= "\U0001f000"
        if "\ufe0f" in found[0] or (drawn and first < "\U00020000"):
            yield found.span()
