"""What the buttons of the plain form do to a thread and what hangs on it; pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext_lazy as _

from yanzhen.kernel.text import TextRefused
from yanzhen.planning.actions.writing import MOST_SEGMENTS
from yanzhen.planning.content import Json
from yanzhen.planning.spreading import is_long, joined, spread

#: A new poll is open for a day, as X offers it.
NEW_POLL: Json = {"options": [], "minutes": 1440}

Part = tuple[str, Json]


def pair_up(texts: Sequence[str], extras: Sequence[Json]) -> list[Part]:
    """Put each text beside what hangs on it; a missing part is none."""
    padded = [*extras, *({} for _each in texts)]
    return list(zip(texts, padded, strict=False))


def rearranged(parts: Sequence[Part], wish: str) -> tuple[list[Part], int]:
    """Do what a button asks: add, thread, join; remove-2, up-2, poll-2; off-2-1 and so on.

    Numbers count from 1: the segment, then the file on it. Returns the parts and the segment to go
    to, 0 for none. An unknown wish changes nothing. Raises TextRefused for what cannot be joined.
    """
    parts = list(parts)
    verb, *numbers = wish.split("-")
    whole: dict[str, Callable[[], tuple[list[Part], int]]] = {
        "add": lambda: ([*parts, ("", {})], len(parts) + 1),
        "thread": lambda: (_spread_out(parts), 1),
        "join": lambda: ([_joined(parts)], 1),
    }
    if verb in whole:
        return whole[verb]()
    at = _index(numbers[:1], len(parts))
    if at < 0:
        return parts, 0
    if verb == "remove":
        return parts[:at] + parts[at + 1 :] or [("", {})], min(at + 1, max(1, len(parts) - 1))
    if verb in ("up", "down"):
        to = max(0, at - 1) if verb == "up" else min(len(parts) - 1, at + 1)
        parts.insert(to, parts.pop(at))
        return parts, to + 1
    text, extra = parts[at]
    parts[at] = (text, _hung(extra, verb, numbers[1:]))
    return parts, at + 1


def _spread_out(parts: Sequence[Part]) -> list[Part]:
    """Cut what is longer than X shows of a post; what hangs on it stays on its first part."""
    found: list[Part] = []
    for text, extra in parts:
        # One more than a thread may have is enough to be refused with the text unharmed.
        posts = spread(text, most=MOST_SEGMENTS + 1) if is_long(text) else [text]
        found += [(post, {} if number else extra) for number, post in enumerate(posts)]
    return found


def _joined(parts: Sequence[Part]) -> Part:
    """Put all into one post, which may then be too long. Raises TextRefused."""
    hung = [extra for _text, extra in parts if extra]
    if len(hung) > 1:
        raise TextRefused(
            _(
                "More than one of the posts has files or a poll. Take them off all but one, then "
                "join."
            )
        )
    return joined([text for text, _extra in parts]), hung[0] if hung else {}


def _index(numbers: Sequence[str], count: int) -> int:
    """Return the index a number counted from 1 means, -1 for none."""
    wanted = numbers[0] if numbers else ""
    return next((each for each in range(count) if wanted == str(each + 1)), -1)


def _hung(extra: Json, verb: str, numbers: Sequence[str]) -> Json:
    """Change what hangs on one segment."""
    media = list(extra.get("media", []))
    at = _index(numbers, len(media))
    changes: dict[str, Callable[[], Json]] = {
        "poll": lambda: {"poll": NEW_POLL, **extra},
        "nopoll": lambda: {name: part for name, part in extra.items() if name != "poll"},
        "off": lambda: _with(extra, media[:at] + media[at + 1 :]),
        "earlier": lambda: _with(extra, _moved(media, at, max(0, at - 1))),
        "later": lambda: _with(extra, _moved(media, at, min(len(media) - 1, at + 1))),
    }
    if verb not in changes or (at < 0 and verb not in ("poll", "nopoll")):
        return extra
    return changes[verb]()


def _moved(media: Sequence[Json], at: int, to: int) -> list[Json]:
    moved = list(media)
    moved.insert(to, moved.pop(at))
    return moved


def _with(extra: Json, media: Sequence[Json]) -> Json:
    rest = {name: part for name, part in extra.items() if name != "media"}
    return {"media": list(media), **rest} if media else rest


def hang_on(extra: Json, media: int, alt: str) -> Json:
    """Add one file of the library at the end."""
    new = {"media": media, "sha256": "", "alt": alt}
    return {**extra, "media": [*extra.get("media", []), new]}


def swap(extra: Json, old: int, new: int, alt: str) -> Json:
    """Put one file of the library in another's place; words written for this post stay."""
    media = [
        {**use, "media": new, "sha256": "", "alt": use.get("alt") or alt}
        if use["media"] == old
        else use
        for use in extra.get("media", [])
    ]
    return _with(extra, media)
