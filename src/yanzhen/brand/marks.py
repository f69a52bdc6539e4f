"""What a text holds besides words: links, hashtags, mentions and emoji, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from yanzhen.brand.spans import Spans
from yanzhen.kernel.links import link_spans
from yanzhen.kernel.text import emoji_spans

_HASHTAG = re.compile(r"(?<![\w&/])[#\uff03](?=\w*[^\W\d_])\w+")
# A name with a path behind it, or a scheme before it, on a domain that X does not know.
_LIKE_A_LINK = re.compile(
    r"(?<![\w@.-])(?:https?://(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}"
    r"|(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?=/))(?:/[\w./?=&%#~+-]*(?<![.?]))?",
    re.IGNORECASE | re.ASCII,
)
_MENTION = re.compile(r"(?<![\w@/.])[@\uff20][A-Za-z0-9_]{1,15}(?!\w)")
_TONES = re.compile(r"[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at [start, end) in code points; ``name`` is how lists call it.

    A domain without www, a hashtag or account without its sign, an emoji without its skin tone;
    lower case.
    """

    start: int
    end: int
    name: str


def links(text: str) -> list[Mark]:
    """Return the links, by domain: what X would make one of, and what a reader takes for one."""
    if "." not in text:
        return []
    spans = list(link_spans(text))
    known = Spans(spans)
    spans += [each.span() for each in _LIKE_A_LINK.finditer(text) if not known.touch(*each.span())]
    return [Mark(start, end, domain_of(text[start:end])) for start, end in sorted(spans)]


def domain_of(link: str) -> str:
    """Return the domain of a link or of what somebody typed for one, lower case, without www."""
    link = link.strip().lower()
    try:
        host = urlsplit(link if "://" in link else f"//{link}").hostname or ""
    except ValueError:
        host = ""
    return host.removeprefix("www.")


def hashtags(text: str) -> list[Mark]:
    """Return the hashtags."""
    return [
        Mark(found.start(), found.end(), found[0][1:].casefold())
        for found in _HASHTAG.finditer(text)
    ]


def mentions(text: str) -> list[Mark]:
    """Return the accounts that are named."""
    return [
        Mark(found.start(), found.end(), found[0][1:].casefold())
        for found in _MENTION.finditer(text)
    ]


def emoji(text: str) -> list[Mark]:
    """Return the emoji; a family is one."""
    return [Mark(start, end, bare(text[start:end])) for start, end in emoji_spans(text)]


def bare(symbol: str) -> str:
    """Return an emoji without skin tone and look."""
    return _TONES.sub("", symbol.strip())


def on_domain(name: str, domains: Iterator[str] | tuple[str, ...]) -> bool:
    """Tell whether a domain is one of these or lies below one."""
    return any(name == each or name.endswith(f".{each}") for each in domains)
