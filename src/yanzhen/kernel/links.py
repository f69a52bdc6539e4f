"""Finds what X shortens to a link, by X's published grammar, so that it can be counted as 23."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_LONGEST_LABEL = 63
_LONGEST_URL = 4096
_LONGEST_SHORT_SLUG = 40


def _branch(words: list[str]) -> str:
    """Fold words that share beginnings into one pattern, longest first; a flat list is slow."""
    heads: dict[str, list[str]] = {}
    for word in words:
        heads.setdefault(word[:1], []).append(word[1:])
    ends = "" in heads
    tails = [re.escape(head) + _branch(rest) for head, rest in heads.items() if head]
    if not tails:
        return ""
    joined = tails[0] if len(tails) == 1 and not ends else f"(?:{'|'.join(tails)})"
    return f"{joined}?" if ends else joined


def _known_domains() -> str:
    lines = Path(__file__).with_name("link_domains.txt").read_text(encoding="utf-8").splitlines()
    return _branch([line for line in lines if line and not line.startswith("#")])


_MARKS = r"\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
_SPACES = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_NEVER = r"\ufffe\ufeff\uffff"
_PUNCTUATION = r"!'#%&()*+,\\./:;<=>?@\[\]^{|}~$"
_LATIN = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\xff\u0100-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268"
    r"\u026f\u0272\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
# A label of 64 and more is never a name, and no name has 20 of them: the caps keep hostile text
# from costing more than its length. Possessive, because a label cannot hold the dot that ends it.
_LABEL = rf"(?![_-])[^{_PUNCTUATION}{_SPACES}{_NEVER}{_MARKS}]{{1,300}}+(?<![_-])\."
_NAME = rf"(?!-)[^_{_PUNCTUATION}{_SPACES}{_NEVER}{_MARKS}]{{1,300}}+(?<!-)\."
_PATH = rf"[a-z\u0400-\u04ff0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_LATIN}]"
_PARENS = rf"\((?:{_PATH}+|(?:{_PATH}*\({_PATH}+\){_PATH}*))\)"
_PATH_END = rf"(?:[+\-a-z\u0400-\u04ff0-9=_#/{_LATIN}]|{_PARENS})"
_PATHS = rf"(?:(?:{_PATH}*(?:{_PARENS}{_PATH}*)*{_PATH_END})|(?:@{_PATH}+/))"
_QUERY = r"(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?"

# An ideographic full stop ends a name as a dot does, yet the grammar takes it for a letter. And
# three letters that Python, but not X, takes for spellings of s and i become one it leaves alone.
_AS_X_READS = str.maketrans(
    {"\u3002": "\u3000", "\uff0e": "\u3000", "\uff61": "\u3000"}
    | dict.fromkeys("\u017f\u0130\u0131", "\u0167")
)


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The compiled patterns of X's grammar."""

    link: re.Pattern[str]
    plain_domain: re.Pattern[str]
    short_link: re.Pattern[str]


@cache
def _grammar() -> _Grammar:
    """Compile at first use: it takes 0.2 s, which a command that counts nothing saves."""
    top = rf"(?:(?:{_known_domains()})(?=[^0-9a-zA-Z@+-]|\Z)|xn--[-0-9a-z]+)"
    domain = rf"(?:{_LABEL}){{0,20}}{_NAME}{top}"
    return _Grammar(
        link=re.compile(
            rf"(?P<before>[^A-Za-z0-9@＠$#＃{_NEVER}]|[{_MARKS}]|^)"
            rf"(?P<url>(?P<scheme>https?://)?(?P<domain>{domain})(?::[0-9]+)?"
            rf"(?P<path>/{_PATHS}*)?{_QUERY})",
            re.IGNORECASE,
        ),
        plain_domain=re.compile(rf"(?:[-a-z0-9{_LATIN}]+\.)+{top}", re.IGNORECASE),
        short_link=re.compile(rf"https?://t\.co/([a-z0-9]+){_QUERY}", re.IGNORECASE),
    )


def link_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) in code points of every link X would shorten, in order.

    ``text`` is NFC. Names without a scheme count too, when they end in a known domain.
    """
    if "." not in text:
        return
    for found in _grammar().link.finditer(text.translate(_AS_X_READS)):
        if not _is_addressable(found):
            continue
        start = found.start("url")
        if found["scheme"] is None:
            yield from _bare_spans(found, start)
            continue
        short = _grammar().short_link.match(found["url"])
        if short is None:
            yield start, found.end("url")
        elif len(short[1]) <= _LONGEST_SHORT_SLUG:
            yield start, start + short.end()


def _bare_spans(found: re.Match[str], start: int) -> Iterator[tuple[int, int]]:
    """Without a scheme only the ASCII part of a name is a link; a path belongs to the last one."""
    if found["before"] in {"-", "_", ".", "/"}:
        return
    plain = list(_grammar().plain_domain.finditer(found["domain"]))
    for each in plain[:-1]:
        yield start + each.start(), start + each.end()
    if plain:
        last = plain[-1]
        behind = len(found["url"]) - len(found["domain"]) if found["path"] else 0
        yield start + last.start(), start + last.end() + behind


def _is_addressable(found: re.Match[str]) -> bool:
    domain, longer = found["domain"], 0
    if domain.startswith("xn--") and not _grammar().plain_domain.search(domain):
        return False
    for label in domain.split("."):
        if not label.isascii():
            encoded = len(label.encode("punycode")) + len("xn--")
            longer += encoded - len(label)
        else:
            encoded = len(label)
        if not 1 <= encoded <= _LONGEST_LABEL:
            return False
    scheme = found["scheme"] or "https://"
    return len(scheme) + len(found["url"]) + longer <= _LONGEST_URL
