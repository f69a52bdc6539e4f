"""What a text weighs on X, and which parts of it are links, mentions and tags.

Written from the published counting rules alone: NFC first; code points up to U+10FF and common
punctuation weigh 1, everything else 2; a link weighs 23 however long; an emoji, joined or not,
weighs 2.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from xsim.domains import TOP_LEVEL

LINK_WEIGHT = 23
# Lengths of a host name and of one of its labels as they go over the wire (RFC 1035).
HOST_MAX, LABEL_MAX = 253, 63
DISPLAY_MAX = 27
LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
# Noncharacters that X refuses anywhere in a text.
FORBIDDEN = frozenset("\ufffe\uffff\ufeff")

_PICTURE = (
    "[\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
)
_ONE = f"{_PICTURE}[\ufe0f\ufe0e]?[\U0001f3fb-\U0001f3ff]?"
EMOJI = re.compile(
    "[#*0-9]\ufe0f?\u20e3"
    "|[\u00a9\u00ae]\ufe0f"
    "|[\U0001f1e6-\U0001f1ff]{2}"
    "|\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
    f"|{_ONE}(?:\u200d{_ONE})*"
)

_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_PLAIN_LABEL = r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?"
_TOP = "|".join(sorted((re.escape(name) for name in TOP_LEVEL), key=len, reverse=True))
_LETTER = "a-z0-9\u00c0-\u024f\u0400-\u04ff"
_PATH = rf"[{_LETTER}!*';:=+,.$/%#\[\]\-\u2013_~@|&]"
_PATH_END = rf"[{_LETTER}=_#/+\-]"
_TAIL = (
    rf"(?::\d+)?(?:/(?:(?:{_PATH}*\([{_LETTER}!*';:=+,.$/%#\[\]\-_~@|&]*\))*(?:{_PATH}*{_PATH_END})?)?)?"
    r"(?:\?(?:[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?)?"
)
LINK = re.compile(
    r"(?<![a-z0-9@＠$#＃_.\-/])"
    rf"(?:(?P<scheme>https?://)(?P<host>(?:{_LABEL}\.)+(?:{_TOP}))"
    rf"|(?P<bare>(?:{_PLAIN_LABEL}\.)+(?:{_TOP})))(?![a-z0-9@_-])"
    rf"{_TAIL}",
    re.IGNORECASE,
)
# The service's own short links end with their slug, whatever follows.
OWN_LINK = re.compile(r"(?:https?://)?t\.co/([a-z0-9]+)", re.IGNORECASE)
OWN_LINK_SLUG_MAX = 40
MENTION = re.compile(r"(?<![A-Za-z0-9_!#$%&*@＠/])[@＠]([A-Za-z0-9_]{1,15})(?![A-Za-z0-9_@＠]|://)")
# Letters of many scripts carry marks that ``\\w`` leaves out.
_TAG = (
    "[\\w\u00b7\u0300-\u036f\u0591-\u05f4\u0610-\u06ed\u0900-\u0fbc\u1000-\u109f\u1780-\u17dd"
    "\u200c\u200d\u301c\uff5e]"
)
HASHTAG = re.compile(rf"(?<![\w&/])[#＃]({_TAG}*[^\W\d_]{_TAG}*)(?!://)")
CASHTAG = re.compile(r"(?<![\w$])\$([A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?)(?=$|\s|[^\w$])")


@dataclass(frozen=True)
class Span:
    """A marked part of an NFC text: ``kind`` is link, mention, hashtag or cashtag.

    ``value`` is without its sign.
    """

    kind: str
    start: int
    end: int
    value: str


@dataclass(frozen=True)
class Shaped:
    """A text as X gives it back: links shortened, ``& < >`` escaped.

    Entity offsets count its code points.
    """

    text: str
    entities: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def composed(text: str) -> str:
    """Bring a text into the form in which X keeps and counts it (NFC)."""
    return unicodedata.normalize("NFC", text)


def links(text: str) -> list[Span]:
    """Find the links of an NFC text, from left to right."""
    found: list[Span] = []
    for match in LINK.finditer(text):
        host = match["host"] or match["bare"]
        own = OWN_LINK.match(match[0])
        if own and len(own[1]) > OWN_LINK_SLUG_MAX:
            continue
        if _is_sound_host(host):
            link = own[0] if own else match[0]
            found.append(Span("link", match.start(), match.start() + len(link), link))
    return found


def _is_sound_host(host: str) -> bool:
    labels = host.split(".")
    return (
        len(host) <= HOST_MAX
        and all(_wire_length(label) <= LABEL_MAX for label in labels)
        and "_" not in labels[-2]
    )


def _wire_length(label: str) -> int:
    if label.isascii():
        return len(label)
    return 4 + len(label.lower().encode("punycode"))


def spans(text: str) -> list[Span]:
    """Find links, mentions, hashtags and cashtags of an NFC text, without overlaps, from left to
    right.
    """
    found = links(text)
    for kind, pattern in (("mention", MENTION), ("hashtag", HASHTAG), ("cashtag", CASHTAG)):
        for match in pattern.finditer(text):
            if all(match.end() <= one.start or match.start() >= one.end for one in found):
                found.append(Span(kind, match.start(), match.end(), match[1]))
    return sorted(found, key=lambda one: one.start)


def weight(text: str) -> int:
    """Tell the weighted length of a text; 280 fills a post of an ordinary account."""
    text = composed(text)
    total, at = 0, 0
    for link in links(text):
        total += _plain_weight(text[at : link.start]) + LINK_WEIGHT
        at = link.end
    return total + _plain_weight(text[at:])


def _plain_weight(text: str) -> int:
    total, at = 0, 0
    for emoji in EMOJI.finditer(text):
        total += sum(map(_point_weight, text[at : emoji.start()])) + 2
        at = emoji.end()
    return total + sum(map(_point_weight, text[at:]))


def _point_weight(char: str) -> int:
    point = ord(char)
    return 1 if any(low <= point <= high for low, high in LIGHT) else 2


def counted_part(text: str, uncounted: frozenset[str]) -> str:
    """Drop leading mentions of the given lower-case handles: in a reply X does not count them."""
    rest = text
    while match := re.match(r"\s*[@＠]([A-Za-z0-9_]{1,15})\s+", rest):
        if match[1].lower() not in uncounted:
            break
        rest = rest[match.end() :]
    return rest


def fit(text: str, limit: int) -> str:
    """Cut an NFC text to at most ``limit`` of weight, the last being an ellipsis."""
    if weight(text) <= limit:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if weight(text[:middle]) <= limit - 1:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"


def shape(text: str, short_links: list[str], known: dict[str, str]) -> Shaped:
    """Give an NFC text the form in which the API returns it.

    ``short_links`` are used in order, one for each link, and further links stay as they are;
    ``known`` maps lower-case handles to user ids, and only those handles become mention entities.
    """
    parts: list[str] = []
    length, at, used = 0, 0, 0
    entities: dict[str, list[dict[str, Any]]] = {}
    for span in spans(text):
        if span.kind == "mention" and span.value.lower() not in known:
            continue
        if span.kind == "link" and used == len(short_links):
            continue
        before = html.escape(text[at : span.start], quote=False)
        piece = html.escape(text[span.start : span.end], quote=False)
        entity: dict[str, Any] = {}
        if span.kind == "link":
            piece = short_links[used]
            used += 1
            entity = _link_entity(span.value, piece)
        elif span.kind == "mention":
            entity = {"username": span.value, "id": known[span.value.lower()]}
        else:
            entity = {"tag": span.value}
        start = length + len(before)
        length = start + len(piece)
        parts += [before, piece]
        at = span.end
        name = {
            "link": "urls",
            "mention": "mentions",
            "hashtag": "hashtags",
            "cashtag": "cashtags",
        }[span.kind]
        entities.setdefault(name, []).append({"start": start, "end": length, **entity})
    parts.append(html.escape(text[at:], quote=False))
    return Shaped("".join(parts), entities)


def with_media_link(shaped: Shaped, link: str, page: str, keys: list[str]) -> Shaped:
    """Add the link under which a post's media stand: last in the text, one entity for each of
    them.
    """
    text = f"{shaped.text} {link}" if shaped.text else link
    places = {"start": len(text) - len(link), "end": len(text)}
    shown = {"url": link, "expanded_url": page, "display_url": "pic.x.com/" + link[-10:]}
    urls = [*shaped.entities.get("urls", []), *({**places, **shown, "media_key": k} for k in keys)]
    return Shaped(text, {**shaped.entities, "urls": urls})


def plain(shown: str) -> str:
    """Undo the escaping of a returned text."""
    return html.unescape(shown)


def _link_entity(link: str, short: str) -> dict[str, Any]:
    expanded = link if "://" in link else "http://" + link
    return {"url": short, "expanded_url": expanded, "display_url": display_link(link)}


def display_link(link: str) -> str:
    """Show a link as X does: without scheme and www., 27 characters at most."""
    bare = re.sub(r"^https?://(www\.)?", "", link, flags=re.IGNORECASE)
    return bare if len(bare) <= DISPLAY_MAX else bare[: DISPLAY_MAX - 1] + "…"
