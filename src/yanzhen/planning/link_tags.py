"""Tags on links (UTM parameters), as the team's rules want them; pure.

Nothing here changes a post: it says what a link could read, and the author puts it there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote_plus

from yanzhen.brand.marks import links, on_domain

#: What a rule may leave open, filled in from the post.
BLANKS = ("campaign", "account", "post")
_BLANK = re.compile(r"\{([^{}]*)\}")
_VALUE = re.compile(r"[\w.-]*(?<!\.)")


@dataclass(frozen=True, slots=True)
class LinkTags:
    """What links to some sites carry: names and values in order, without empty ones.

    ``domains`` are lower case and without www; what lies below one belongs to it.
    """

    domains: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Wanting:
    """A link at [start, end) of a text, in code points, and what it should read instead.

    ``other`` tells that it carries another value already, not only too few.
    """

    start: int
    end: int
    old: str
    new: str
    other: bool


def unknown_blanks(value: str) -> list[str]:
    """Return what stands in braces and can never be filled in."""
    return [name for name in _BLANK.findall(value) if name not in BLANKS]


def is_value(value: str) -> bool:
    """Tell whether a value holds letters, figures, hyphens and dots only, and ends in no dot."""
    return _VALUE.fullmatch(_BLANK.sub("x", value)) is not None


def is_domain(domain: str) -> bool:
    """Tell whether an address on the domain is a link to readers."""
    return _is_one_link(f"https://{domain}")


def _is_one_link(text: str) -> bool:
    return [(mark.start, mark.end) for mark in links(text)] == [(0, len(text))]


def filled(values: Mapping[str, str], known: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Fill in a rule's values; one that needs what the post does not have is left out."""
    found = []
    for name, value in values.items():
        blanks = _BLANK.findall(value)
        if value and all(known.get(blank) for blank in blanks):
            found.append((name, _BLANK.sub(lambda blank: known[blank[1]], value)))
    return tuple(found)


def wanting(text: str, rules: Sequence[LinkTags]) -> Iterator[Wanting]:
    """Yield the links that do not carry what the first rule for their site says, in order."""
    if not rules:
        return
    for mark in links(text):
        old = text[mark.start : mark.end]
        rule = next((each for each in rules if on_domain(mark.name, each.domains)), None)
        if rule is None:
            continue
        new, other = _tagged(old, rule.pairs)
        # A link that is no longer read as one whole is worse than one without tags.
        if new != old and _is_one_link(new):
            yield Wanting(mark.start, mark.end, old, new, other)


def with_tags(text: str, rules: Sequence[LinkTags]) -> str:
    """Return the text with every link as the rules want it."""
    for each in reversed(list(wanting(text, rules))):
        text = text[: each.start] + each.new + text[each.end :]
    return text


def _tagged(link: str, pairs: Sequence[tuple[str, str]]) -> tuple[str, bool]:
    """Return the link with these parameters, and whether one of them had another value."""
    base, mark, fragment = link.partition("#")
    path, _mark, query = base.partition("?")
    before = [part for part in query.split("&") if part]
    parts, other = list(before), False
    for name, value in pairs:
        at = [n for n, part in enumerate(parts) if part.partition("=")[0] == name]
        had = [unquote_plus(parts[n].partition("=")[2]) for n in at]
        if had == [value]:
            continue
        other = other or any(each != value for each in had)
        place = at[0] if at else len(parts)
        parts = [part for n, part in enumerate(parts) if n not in at]
        parts.insert(place, f"{name}={quote(value, safe='')}")
    if parts == before:
        return link, False
    # Nobody reads parameters right behind a bare domain.
    slash = "" if "/" in path.rpartition("://")[2] else "/"
    return f"{path}{slash}?{'&'.join(parts)}{mark}{fragment}", other
