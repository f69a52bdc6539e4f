"""What the desk checks by itself while somebody writes: length, price, cashtags, duplicates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yanzhen.kernel.links import link_spans
from yanzhen.kernel.text import TextRefused, weigh
from yanzhen.planning.models import Post

#: What X takes for creating one post, in US dollars, by its price list of February 2026.
PRICE_PLAIN = Decimal("0.015")
PRICE_WITH_LINK = Decimal("0.20")

_CASHTAG = re.compile(r"(?<![\w$])\$[a-z]{1,6}(?:[._][a-z]{1,2})?(?!\w)", re.IGNORECASE)


class CheckKind(StrEnum):
    """How a finding weighs: ``stop`` bars the way to review, ``look`` asks for a thought."""

    STOP = "stop"
    LOOK = "look"
    PASS = "pass"  # noqa: S105 -- a finding, not a password


@dataclass(frozen=True, slots=True)
class Check:
    """One finding in the reader's language. ``segment`` counts from 1; 0 means the whole thread."""

    kind: CheckKind
    title: str
    text: str = ""
    segment: int = 0


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings, the gravest first."""

    checks: Sequence[Check]

    @property
    def stops(self) -> list[Check]:
        """What must be fixed before the post can go to review."""
        return [check for check in self.checks if check.kind is CheckKind.STOP]

    @property
    def looks(self) -> list[Check]:
        """What deserves a look."""
        return [check for check in self.checks if check.kind is CheckKind.LOOK]

    @property
    def blocked(self) -> str:
        """Why the post cannot go to review yet, or ""."""
        stops = self.stops
        if not stops:
            return ""
        first = stops[0]
        if not first.text:
            return first.title
        return _("%(title)s. %(advice)s") % {"title": first.title, "advice": first.text}

    @property
    def nothing(self) -> bool:
        """Whether not a word is written: true, but no news to whoever has just begun."""
        return [check.segment for check in self.stops] == [0]


def has_link(text: str) -> bool:
    """Tell whether X would find a link in the text, and charge for it."""
    return next(link_spans(unicodedata.normalize("NFC", text)), None) is not None


def price_of(texts: Sequence[str]) -> Decimal:
    """Return about how many US dollars X takes for creating these posts."""
    return sum(
        (PRICE_WITH_LINK if has_link(text) else PRICE_PLAIN for text in texts), start=Decimal(0)
    )


def find(texts: Sequence[str], *, limit: int, twin: Post | None) -> Findings:
    """Check a thread for an account whose posts may have ``limit`` weighted characters.

    ``twin`` is another post of the account with the same words within a day, if there is one.
    """
    checks = [
        *_lengths(texts, limit),
        *_empties(texts),
        *_cashtags(texts),
        *_duplicates(texts, twin),
        _price(texts),
    ]
    grave = list(CheckKind)
    return Findings(sorted(checks, key=lambda check: grave.index(check.kind)))


def _lengths(texts: Sequence[str], limit: int) -> Iterator[Check]:
    long = []
    for number, text in enumerate(texts, 1):
        try:
            over = -weigh(text, limit).remaining
        except TextRefused as refused:
            long.append(Check(CheckKind.STOP, _too_long(number, len(texts)), str(refused), number))
            continue
        if over > 0:
            words = ngettext(
                "%(count)d character over. Shorten or split it.",
                "%(count)d characters over. Shorten or split it.",
                over,
            ) % {"count": over}
            long.append(Check(CheckKind.STOP, _too_long(number, len(texts)), words, number))
    yield from long
    if not long and any(text.strip() for text in texts):
        yield Check(CheckKind.PASS, _("Fits what X allows"))


def _too_long(number: int, count: int) -> str:
    if count == 1:
        return _("The post is too long")
    return _("Post %(number)d is too long") % {"number": number}


def _empties(texts: Sequence[str]) -> Iterator[Check]:
    if not any(text.strip() for text in texts):
        yield Check(CheckKind.STOP, _("Nothing is written yet"))
        return
    for number, text in enumerate(texts, 1):
        if not text.strip():
            title = _("Post %(number)d is empty") % {"number": number}
            yield Check(CheckKind.STOP, title, _("Write it or remove it."), number)


def _cashtags(texts: Sequence[str]) -> Iterator[Check]:
    for number, text in enumerate(texts, 1):
        if len(_CASHTAG.findall(text)) > 1:
            title = _("Post %(number)d has more than one cashtag") % {"number": number}
            yield Check(CheckKind.LOOK, title, _("X refuses a second one. Keep one."), number)


def _duplicates(texts: Sequence[str], twin: Post | None) -> Iterator[Check]:
    if twin is not None:
        title = _("Same words as “%(title)s”") % {"title": twin.shown_title}
        yield Check(
            CheckKind.LOOK,
            title,
            _("Both go out within 24 hours on this account. X refuses duplicates."),
        )
    repeated = [text for text in texts if text.strip()]
    if len(set(repeated)) < len(repeated):
        yield Check(
            CheckKind.LOOK,
            _("Two posts of this thread say the same"),
            _("X refuses duplicates."),
        )


def _price(texts: Sequence[str]) -> Check:
    written = [text for text in texts if text.strip()]
    links = sum(has_link(text) for text in written)
    amount = f"{price_of(written):.3f}"
    price = _("Publishing costs about $%(price)s") % {"price": amount.removesuffix("0")}
    if not links:
        return Check(CheckKind.PASS, price, _("No links: X takes about $0.015 a post."))
    words = ngettext(
        "%(count)d post has a link. With a link X takes about $0.20, without one $0.015.",
        "%(count)d posts have a link. With a link X takes about $0.20, without one $0.015.",
        links,
    ) % {"count": links}
    return Check(CheckKind.LOOK, price, words)
