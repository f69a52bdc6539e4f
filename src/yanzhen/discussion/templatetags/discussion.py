"""The words of a comment: its links can be followed, the members it names stand out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from yanzhen.discussion.mentions import mentions_in
from yanzhen.kernel.links import link_spans
from yanzhen.people.models import Member
from yanzhen.planning.templatetags.on_x import shown_link

register = template.Library()


@register.filter
def as_said(body: str, team: Sequence[Member]) -> SafeString:
    """Return the words with links and with the names of ``team`` marked, white space kept."""
    text = unicodedata.normalize("NFC", body)
    parts: list[SafeString] = []
    end = 0
    for start, stop, part in sorted(_marks(text, team), key=lambda each: each[0]):
        if start < end:
            continue
        parts += [format_html("{}", text[end:start]), part]
        end = stop
    parts.append(format_html("{}", text[end:]))
    return format_html_join("", "{}", ((part,) for part in parts))


def _marks(text: str, team: Sequence[Member]) -> Iterator[tuple[int, int, SafeString]]:
    for start, stop in link_spans(text):
        url = text[start:stop]
        yield start, stop, _link(url)
    for each in mentions_in(text, team):
        yield each.start, each.stop, format_html("<b>{}</b>", text[each.start : each.stop])


def _link(url: str) -> SafeString:
    """A name without a scheme is asked for over HTTPS; the page it leads to hears nothing of us."""
    target = url if url.lower().startswith(("http://", "https://")) else f"https://{url}"
    return format_html(
        '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>', target, shown_link(url)
    )
