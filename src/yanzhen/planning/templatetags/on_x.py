"""How a text looks on X, and how a change looks in it. ``{% load on_x %}``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from yanzhen.kernel.links import link_spans
from yanzhen.library.words import duration_words
from yanzhen.planning.diffing import Run, RunKind

register = template.Library()

_SCHEME = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)
#: X shows this much of a link before it puts dots.
_LINK_SHOWN = 27
_TAG = re.compile(
    r"(?<![\w&/@])@\w{1,15}(?!\w)|(?<![\w&/])[#＃](?=\w*[^\W\d_])\w+"
    r"|(?<![\w$])\$[a-z]{1,6}(?:[._][a-z]{1,2})?(?!\w)",
    re.IGNORECASE,
)


def shown_link(url: str) -> str:
    """Give a link as X shows it: without scheme, cut when it is long."""
    bare = _SCHEME.sub("", url)
    return bare if len(bare) <= _LINK_SHOWN else f"{bare[:_LINK_SHOWN]}…"


@register.filter
def on_x(text: str) -> SafeString:
    """Mark links, mentions, hashtags and cashtags as X colours them."""
    composed = unicodedata.normalize("NFC", text)
    parts: list[SafeString] = []
    end = 0
    for start, stop, shown in _marks(composed):
        if start < end:
            continue
        parts.append(format_html('{}<span class="tag">{}</span>', composed[end:start], shown))
        end = stop
    parts.append(format_html("{}", composed[end:]))
    return format_html_join("", "{}", ((part,) for part in parts))


def _marks(text: str) -> Iterator[tuple[int, int, str]]:
    found = [(start, stop, shown_link(text[start:stop])) for start, stop in link_spans(text)]
    found += [(each.start(), each.end(), each[0]) for each in _TAG.finditer(text)]
    yield from sorted(found)


@register.filter
def entry(found: Mapping[Any, Any], key: Any) -> Any:
    """Look something up by its key; None where there is nothing."""
    return found.get(key) if found else None


@register.filter
def seconds(milliseconds: int) -> str:
    """Give a length as players show it: 0:07, 2:20."""
    return duration_words(milliseconds)


_ELEMENT = {
    RunKind.SAME: "{}",
    RunKind.ADDED: "<ins>{}</ins>",
    RunKind.REMOVED: "<del>{}</del>",
}


@register.filter
def as_diff(runs: Sequence[Run], side: str = "") -> SafeString:
    """Show runs with what was added and removed; ``side`` "before" or "after" leaves one out."""
    hidden = {"before": RunKind.ADDED, "after": RunKind.REMOVED}.get(side)
    shown = (run for run in runs if run.kind is not hidden)
    return format_html_join(
        "", "{}", ((format_html(_ELEMENT[run.kind], run.text),) for run in shown)
    )
