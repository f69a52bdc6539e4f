"""A long post cut into a thread, and a thread put together into one post; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanzhen.kernel.text import LONGEST_TEXT, X_LIMIT, weigh

#: Between two posts of a thread that become one.
SEAM = "\n\n"
#: A post shorter than this share of its room is no good place to stop.
_LEAST = 0.4
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’）)]*\s*\Z")
_END_GOES_ON = re.compile(r"[.!?。！？…\"'”’）)]")
_LAST_SPACE = re.compile(r"\s\S*\Z")
_LOOK_BACK = 6


def is_long(text: str) -> bool:
    """Tell whether a text is longer than X shows of a post."""
    return len(text) > LONGEST_TEXT or weigh(text).remaining < 0


def spread(text: str, *, limit: int = X_LIMIT, most: int) -> list[str]:
    """Cut a text into posts of at most ``limit`` in X's units.

    It is cut at empty lines, else line ends, ends of sentences of either script, spaces, or
    anywhere; nothing but white space at a cut is lost. Stops cutting at ``most`` posts, the last of
    which may then be too long. spread.js does the same in the browser.
    """
    posts: list[str] = []
    rest = text.strip()
    while rest and len(posts) < most - 1:
        found = weigh(rest[:LONGEST_TEXT], limit)
        if found.valid:
            break
        at = _best_cut(rest, found.cut_at)
        posts.append(rest[:at].strip())
        rest = rest[at:].strip()
    return [*posts, rest] if rest else posts


def _best_cut(text: str, room: int) -> int:
    within, least = text[:room], room * _LEAST
    for seam in (SEAM, "\n"):
        at = within.rfind(seam)
        if at > least:
            return at
    for at in range(room, int(least), -1):
        ends = _SENTENCE_END.search(text[max(0, at - _LOOK_BACK) : at])
        if ends and not _END_GOES_ON.match(text, at) and not _in_word(ends[0], text[at : at + 1]):
            return at
    space = _LAST_SPACE.search(within)
    return space.start() if space and space.start() > least else max(1, room)


def _in_word(end: str, behind: str) -> bool:
    """Tell whether a full stop stands in a name, a number or a link: nothing sets it apart."""
    return end[0] in ".!?" and not end[-1].isspace() and bool(behind) and not behind.isspace()


def joined(texts: Sequence[str]) -> str:
    """Put the posts of a thread together, an empty line between them."""
    return SEAM.join(text for text in texts if text.strip())
