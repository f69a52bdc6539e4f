"""What the post answers or quotes, and whether X lets an app do that."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from yanzhen.planning.checks.circumstances import Circumstances
from yanzhen.planning.checks.findings import Check, CheckKind, Way
from yanzhen.planning.content import Content, PostKind
from yanzhen.planning.ports import Standing


def check(content: Content, around: Circumstances) -> Iterator[Check]:
    """Look at the terms of the whole post."""
    first = content.segments[0].text if content.segments else ""
    if content.terms.reply_to:
        yield from _reply(content, around, first)
    if content.terms.quote:
        text = _(
            "X lets only Enterprise apps quote. Put the link into the text, or quote by hand on X."
        )
        ways = _by_hand(around, "quote", first)
        yield Check(CheckKind.STOP, _("X refuses quotes by app"), text, 1, ways)


def _reply(content: Content, around: Circumstances, first: str) -> Iterator[Check]:
    if content.kind == PostKind.EDIT:
        text = _("X does not let replies be edited. Take the reply out.")
        yield Check(CheckKind.STOP, _("An edit that replies"), text, 1)
        return
    standing = around.reply_standing
    if standing is Standing.UNKNOWN:
        text = _(
            "X takes replies by app only to posts that mention or quote %(account)s, and to its "
            "own. This one is not known here as either. Reply by hand on X."
        ) % {"account": around.handle}
        ways = _by_hand(around, "reply_to", first)
        yield Check(CheckKind.STOP, _("X will refuse this reply"), text, 1, ways)
        return
    title = (
        _("Replies to a post of its own")
        if standing is Standing.OURS
        else _("Replies to a post that mentions it")
    )
    yield Check(CheckKind.PASS, title, _("X takes such replies by app."), 1)


def _by_hand(around: Circumstances, what: str, text: str) -> tuple[Way, ...]:
    url = around.target_urls.get(what, "")
    return (Way(_("Open on X, text copied"), url, copy=text, away=True),) if url else ()
