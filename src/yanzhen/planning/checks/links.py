"""Links: whether they carry the tags that the team's rules want."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from yanzhen.brand.findings import Fix
from yanzhen.planning.checks.circumstances import Circumstances
from yanzhen.planning.checks.findings import Check, CheckKind
from yanzhen.planning.content import Content
from yanzhen.planning.link_tags import Wanting, wanting


def check(content: Content, around: Circumstances) -> Iterator[Check]:
    """Say what a link should read. The author puts it there; nothing changes by itself."""
    for number, text in enumerate(content.texts, 1):
        for found in wanting(text, around.link_tags):
            yield _untagged(found, number)


def _untagged(found: Wanting, number: int) -> Check:
    if found.other:
        title = _("A link carries other tags than the rule says")
    else:
        title = _("A link lacks its tags")
    fix = Fix(number, found.start, found.end, found.old, found.new)
    text = _("X counts a link as 23 characters, with or without tags.")
    return Check(CheckKind.LOOK, title, text, number, fixes=(fix,))
