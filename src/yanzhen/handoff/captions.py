"""What a video says, as a track of captions: for words that were typed with times.

Plain rules, no tables: a line such as ``0:05 Good morning`` or ``[1:02:30] And then`` begins a
caption, lines without a time go on with it, and each ends where the next one begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

#: How long the last caption stays, in seconds.
LAST_STAYS = 6
_TIMED = re.compile(
    r"^\s*\[?(?:(?P<h>\d{1,2}):)?(?P<m>\d{1,2}):(?P<s>[0-5]\d)(?:[.,]\d{1,3})?\]?"
    r"(?:\s*-->\s*[\d:.,]+)?[\s\-\u2013\u3000:：]*(?P<words>.*)$"
)


@dataclass(frozen=True, slots=True)
class Caption:
    """Words from one moment of a video to another, in seconds."""

    begins: int
    ends: int
    words: str


def captions_of(text: str) -> Sequence[Caption]:
    """Return the captions in ``text``, in order of time; none where no line has a time."""
    found: dict[int, list[str]] = {}
    at: int | None = None
    for line in text.splitlines():
        timed = _TIMED.match(line)
        if timed:
            at = int(timed["h"] or 0) * 3600 + int(timed["m"]) * 60 + int(timed["s"])
            found.setdefault(at, []).append(timed["words"].strip())
        elif at is not None:
            found[at].append(line.strip())
    starts = sorted(found)
    ends = [*starts[1:], *(start + LAST_STAYS for start in starts[-1:])]
    told = zip(starts, ends, strict=True)
    made = [Caption(start, end, "\n".join(filter(None, found[start]))) for start, end in told]
    return [each for each in made if each.words]


def _clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}.000"


def track_of(text: str) -> str:
    """Return the captions as WebVTT, in which nothing that was typed is markup."""
    lines = ["WEBVTT", ""]
    for each in captions_of(text):
        words = each.words
        for sign, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            words = words.replace(sign, safe)
        lines += [f"{_clock(each.begins)} --> {_clock(each.ends)}", words, ""]
    return "\n".join(lines)
