"""What publishing will cost."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yanzhen.channels.prices import LINK_POST, POST, dollars
from yanzhen.planning.checks.circumstances import Circumstances
from yanzhen.planning.checks.findings import Check, CheckKind
from yanzhen.planning.content import Content
from yanzhen.planning.ports import Standing
from yanzhen.planning.pricing import price_of


def price(content: Content, around: Circumstances) -> Check:
    """Say the price of one time out, what makes it dear, and how often it is paid."""
    found = price_of(content, own_target=around.reply_standing is Standing.OURS)
    title = _("Publishing costs about %(price)s") % {"price": dollars(found.micros)}
    said = []
    if found.links:
        said.append(
            ngettext(
                "%(count)d post has a link. With a link X takes about %(dear)s, without %(plain)s.",
                "%(count)d posts have a link. With a link X takes about %(dear)s, without "
                "%(plain)s.",
                found.links,
            )
            % {"count": found.links, "dear": dollars(LINK_POST), "plain": dollars(POST)}
        )
    else:
        said.append(_("No links: X takes about %(plain)s a post.") % {"plain": dollars(POST)})
    if around.rule is not None:
        often = {"times": around.rule.times, "price": dollars(found.micros * around.rule.times)}
        said.append(_("It goes out %(times)d times: %(price)s in all.") % often)
    if around.spent_micros is not None:
        month = {"account": around.handle, "spent": dollars(around.spent_micros)}
        said.append(_("%(account)s has cost %(spent)s this month so far.") % month)
    kind = CheckKind.LOOK if found.links else CheckKind.PASS
    return Check(kind, title, " ".join(said))
