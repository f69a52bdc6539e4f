"""The texts of help: one small file for each page and language, found by the page's name.

A file has the page's title behind "# ", what the page is for, three things to do behind "- ", words
used there as "word: meaning" behind "? ", and perhaps an address of the docs behind "> ".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "topics"
_LANGUAGES = ("en", "zh-hans")
#: Pages whose name begins unlike the topic they belong to.
_BELONGS = {
    "account": "accounts",
    "post": "posts",
    "version": "posts",
    "slot": "calendar",
    "slots": "calendar",
    "plan": "calendar",
    "holidays": "calendar",
    "link": "calendar",
    "task": "tasks",
    "idea": "ideas",
    "handoff": "handoffs",
    "lead": "handoffs",
    "last": "handoffs",
    "look": "handoffs",
    "failure": "failures",
    "missed": "failures",
    "delivery": "failures",
    "elsewhere": "failures",
    "thaw": "freeze",
    "outlet": "outlets",
    "slack": "outlets",
    "letter": "outlets",
    "letters": "outlets",
    "media": "library",
    "texts": "library",
    "text": "library",
    "ending": "library",
    "endings": "library",
    "subtitles": "library",
    "guest": "review",
    "discussion": "posts",
    "comment": "posts",
    "member": "team",
    "role": "team",
    "roles": "team",
    "decision": "team",
    "decisions": "team",
    "delegation": "team",
    "delegations": "team",
    "invite": "team",
    "workspace": "team",
    "directory": "team",
    "group": "team",
    "groups": "team",
    "password": "profile",
    "passkey": "second-factor",
    "recovery": "second-factor",
    "second": "second-factor",
    "factor": "second-factor",
    "notices": "telling",
    "notice": "telling",
    "session": "sessions",
    "sign": "team",
}


@dataclass(frozen=True)
class Topic:
    """One page's help: what it is for, three things to do, words used there, an address or ""."""

    title: str
    purpose: str
    todo: tuple[str, ...]
    words: tuple[tuple[str, str], ...]
    more: str


@cache
def known() -> tuple[str, ...]:
    """Return the names of all topics, by name."""
    return tuple(sorted(path.stem for path in (_FOLDER / _LANGUAGES[0]).glob("*.txt")))


def listed(language: str) -> list[tuple[str, Topic]]:
    """Return all topics with their names, in the order of the titles the reader sees."""
    found = [(name, each) for name in known() if (each := topic(name, language)) is not None]
    return sorted(found, key=lambda pair: _order(pair[1].title))


def _order(title: str) -> bytes:
    """Return what sorts titles as dictionaries do: in this encoding Chinese lies by its sound."""
    return title.casefold().encode("gb18030")


def topic(name: str, language: str) -> Topic | None:
    """Return the help for a topic in the language, else in English; None for no such topic."""
    if name not in known():
        return None
    return _read(name, language if language in _LANGUAGES else _LANGUAGES[0])


def topic_of(url_name: str) -> str:
    """Return which topic a page belongs to, by the name of its address; "" for none."""
    if url_name in known():
        return url_name
    head = url_name.partition("-")[0]
    return head if head in known() else _BELONGS.get(head, "")


@cache
def _read(name: str, language: str) -> Topic:
    lines = (_FOLDER / language / f"{name}.txt").read_text(encoding="utf-8").splitlines()

    def behind(mark: str) -> list[str]:
        return [line.removeprefix(mark) for line in lines if line.startswith(mark)]

    plain = [line for line in lines if line and line[:2] not in ("# ", "- ", "? ", "> ")]
    separator = "：" if language == "zh-hans" else ": "
    words = [line.partition(separator) for line in behind("? ")]
    return Topic(
        title=behind("# ")[0],
        purpose=" ".join(plain),
        todo=tuple(behind("- ")),
        words=tuple((word, meaning) for word, _sign, meaning in words),
        more=next(iter(behind("> ")), ""),
    )
