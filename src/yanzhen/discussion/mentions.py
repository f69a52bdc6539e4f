"""Finding the members whom a comment names: "@" and a name, as it is typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from yanzhen.people.models import Member

_SIGN = re.compile(r"(?<![A-Za-z0-9._])[@\uff20]")
_GOES_ON = re.compile(r"[A-Za-z0-9\u00c0-\u024f_]")


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names somebody; ``start`` is that of the sign."""

    start: int
    stop: int
    members: tuple[Member, ...]


def mentions_in(body: str, team: Iterable[Member]) -> Iterator[Mention]:
    """Yield where ``body`` names members of ``team``, the longest name first, case aside.

    Two of the same name are both meant: nobody is left out because somebody is called alike.
    """
    named: dict[str, list[Member]] = {}
    for member in team:
        named.setdefault(member.user.name.lower(), []).append(member)
    names = sorted(named, key=len, reverse=True)
    low = body.lower() if len(body.lower()) == len(body) else body
    for sign in _SIGN.finditer(body):
        for name in names:
            stop = sign.end() + len(name)
            if low[sign.end() : stop] == name and not _goes_on(body, stop):
                yield Mention(sign.start(), stop, tuple(named[name]))
                break


def _goes_on(body: str, stop: int) -> bool:
    """Tell whether a Latin word goes on there: @Lin is not meant by @Linda."""
    inside = _GOES_ON.match(body[stop - 1 : stop])
    return bool(inside and _GOES_ON.match(body[stop : stop + 1]))
