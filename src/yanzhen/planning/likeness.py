"""Whether two texts say the same, whatever their letters, links and emoji look like.

X wants no identical or nearly identical posts from several accounts. ``likeness`` compares two
texts exactly; ``fingerprint`` is a small sum of a text (a simhash of SIGN_BITS) by which a database
full of posts is narrowed to the few that are worth comparing. Two texts of likeness 0.6 differ in
about 30 of 128 bits, unlike ones in about 64: FAR lies between, see bench/likeness.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from yanzhen.kernel.links import link_spans

#: From here on it is the same post in X's eyes; below HINT nothing is said.
NEAR = 0.85
HINT = 0.6

SIGN_BYTES = 16
SIGN_BITS = SIGN_BYTES * 8
#: Fingerprints further apart than this are never compared word by word.
FAR = 46
_LONGEST_COMPARED = 4000
_WORDS_IN_A_ROW = 2

_MENTION = re.compile(r"(?<![\w@])[@＠]\w{1,15}")
# Emoji, joiners, marks and everything else that is neither letter nor digit. Hashtags keep their
# word: "#TravelLight" is said, "#" is not.
_UNSAID = re.compile(r"[^\w]+|_+", re.UNICODE)
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_CJK_RUN = re.compile(f"[{_CJK}]+")

# One byte of a hash as eight counters of 16 bits, so that bits are summed eight at a time.
_LANE = 16
_SPREAD = tuple(
    sum(1 << (_LANE * bit) for bit in range(8) if byte >> bit & 1) for byte in range(256)
)
_LANES = tuple(_LANE * bit for bit in range(8))
_ONE_LANE = (1 << _LANE) - 1


def normalise(text: str) -> str:
    """Return what is said: NFKC, lower case, without links, mentions, emoji and punctuation.

    A text that is nothing but those keeps them, so that two posts of one link are still the same.
    """
    composed = unicodedata.normalize("NFKC", text[:_LONGEST_COMPARED]).casefold()
    said = " ".join(_UNSAID.sub(" ", _MENTION.sub(" ", _without_links(composed))).split())
    return said or " ".join(composed.split())


def _without_links(text: str) -> str:
    parts, end = [], 0
    for start, stop in link_spans(text):
        parts.append(text[end:start])
        end = stop
    return " ".join([*parts, text[end:]])


def shingles(said: str) -> frozenset[str]:
    """Cut a normalised text into overlapping pieces: pairs of words, pairs of CJK characters.

    A text of one word or character is its own only piece.
    """
    return frozenset(_pieces(said)) or frozenset([said])


def _pieces(said: str) -> Iterator[str]:
    words: list[str] = []
    for token in said.split():
        end = 0
        for run in _CJK_RUN.finditer(token):
            if token[end : run.start()]:
                words.append(token[end : run.start()])
            yield from _in_pairs(run[0], "")
            end = run.end()
        if token[end:]:
            words.append(token[end:])
    yield from _in_pairs(words, " ")


def _in_pairs(parts: Sequence[str], glue: str) -> Iterator[str]:
    if len(parts) == 1:
        yield parts[0]
    for at in range(len(parts) - _WORDS_IN_A_ROW + 1):
        yield glue.join(parts[at : at + _WORDS_IN_A_ROW])


@dataclass(frozen=True, slots=True)
class Said:
    """A text ready to be compared many times."""

    plain: str
    pieces: frozenset[str]
    sign: int


def hear(text: str) -> Said | None:
    """Prepare a text for compare(); None for one without words."""
    if not text.strip():
        return None
    plain = normalise(text)
    pieces = shingles(plain)
    return Said(plain, pieces, int.from_bytes(_sum(pieces)))


def compare(one: Said, other: Said) -> float:
    """Return how much two texts have in common, 0 to 1 (Jaccard); 1 only when they say the same."""
    if one.plain == other.plain:
        return 1.0
    return min(len(one.pieces & other.pieces) / len(one.pieces | other.pieces), 0.999)


def likeness(one: str, other: str) -> float:
    """Return compare() of two texts; 0 when either has no words."""
    first, second = hear(one), hear(other)
    return compare(first, second) if first and second else 0.0


def _sum(pieces: frozenset[str]) -> bytes:
    """Return the simhash of a text's pieces: each bit as most of their hashes have it."""
    counts = [0] * SIGN_BYTES
    for piece in pieces:
        for place, byte in enumerate(blake2b(piece.encode(), digest_size=SIGN_BYTES).digest()):
            counts[place] += _SPREAD[byte]
    half = len(pieces) / 2
    return bytes(
        sum(1 << bit for bit, lane in enumerate(_LANES) if (count >> lane & _ONE_LANE) > half)
        for count in counts
    )


def sign(text: str) -> bytes:
    """Return the simhash of one text, SIGN_BYTES long; b"" for a text without any words."""
    return _sum(shingles(normalise(text))) if text.strip() else b""


def fingerprint(texts: Iterable[str]) -> bytes:
    """Return the signs of a thread's texts one after the other, as Post.fingerprint keeps them."""
    return b"".join(sign(text) for text in texts)


def signs_in(kept: bytes) -> list[int]:
    """Read a kept fingerprint back into one number for each text."""
    whole = len(kept) - len(kept) % SIGN_BYTES
    return [int.from_bytes(kept[at : at + SIGN_BYTES]) for at in range(0, whole, SIGN_BYTES)]


def distance(one: Sequence[int], other: Sequence[int]) -> int:
    """Return in how many bits the two nearest of these signs differ; SIGN_BITS for none."""
    return min(((a ^ b).bit_count() for a in one for b in other), default=SIGN_BITS)
