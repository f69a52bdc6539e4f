"""Words: length, empty posts, cashtags, the same words twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yanzhen.channels.models import PLAIN_LIMIT, PREMIUM_LIMIT
from yanzhen.kernel.text import TextRefused, weigh
from yanzhen.planning.checks.circumstances import Circumstances
from yanzhen.planning.checks.findings import Check, CheckKind
from yanzhen.planning.content import Content

_CASHTAG = re.compile(r"(?<![\w$])\$[a-z]{1,6}(?:[._][a-z]{1,2})?(?!\w)", re.IGNORECASE)


def check(content: Content, around: Circumstances) -> Iterator[Check]:
    """Look at the texts."""
    yield from _lengths(content, around)
    yield from _empties(content)
    yield from _cashtags(content.texts)
    yield from _repeats(content)


def _lengths(content: Content, around: Circumstances) -> Iterator[Check]:
    texts = content.texts
    long = []
    for number, text in enumerate(texts, 1):
        try:
            over = -weigh(text, around.limit).remaining
        except TextRefused as refused:
            title = _too_long(number, len(texts))
            long.append(Check(CheckKind.STOP, title, str(refused), number, long=True))
            continue
        if over > 0:
            words = _how_far(over, around)
            title = _too_long(number, len(texts))
            long.append(Check(CheckKind.STOP, title, words, number, long=True))
    yield from long
    if not long and any(text.strip() for text in texts):
        words = ""
        if around.handle:
            most = {"account": around.handle, "limit": f"{around.limit:,}"}
            words = _("%(account)s may write %(limit)s a post.") % most
        yield Check(CheckKind.PASS, _("Fits what X allows"), words)


def _how_far(over: int, around: Circumstances) -> str:
    words = ngettext(
        "%(count)d character over. Shorten or split it.",
        "%(count)d characters over. Shorten or split it.",
        over,
    ) % {"count": over}
    if around.limit > PLAIN_LIMIT or over + PLAIN_LIMIT > PREMIUM_LIMIT:
        return words
    premium = _(
        "X takes %(limit)d from this account. If it has Premium, an administrator can say so "
        "on the account’s page."
    ) % {"limit": around.limit}
    return f"{words} {premium}"


def _too_long(number: int, count: int) -> str:
    if count == 1:
        return _("The post is too long")
    return _("Post %(number)d is too long") % {"number": number}


def _empties(content: Content) -> Iterator[Check]:
    if all(segment.is_empty for segment in content.segments):
        yield Check(CheckKind.STOP, _("Nothing is written yet"), blank=True)
        return
    for number, segment in enumerate(content.segments, 1):
        if segment.is_empty:
            title = _("Post %(number)d is empty") % {"number": number}
            yield Check(CheckKind.STOP, title, _("Write it or remove it."), number)
        elif segment.poll is not None and not segment.text.strip():
            title = _("The poll asks nothing")
            yield Check(CheckKind.STOP, title, _("Write the question above it."), number)


def _cashtags(texts: Sequence[str]) -> Iterator[Check]:
    for number, text in enumerate(texts, 1):
        if len(_CASHTAG.findall(text)) > 1:
            title = _("Post %(number)d has more than one cashtag") % {"number": number}
            yield Check(CheckKind.STOP, title, _("X refuses a second one. Keep one."), number)


def _repeats(content: Content) -> Iterator[Check]:
    said = [segment.text for segment in content.segments if segment.text.strip()]
    if len(set(said)) < len(said):
        title = _("Two posts of this thread say the same")
        yield Check(CheckKind.LOOK, title, _("X refuses duplicates."))
