"""What a post is beside its words, said in words: its terms, its poll, how long that is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yanzhen.planning.content import Terms

#: Terms.reply_settings -> how X names it, as a choice.
WHO_MAY_REPLY = (
    ("", gettext_lazy("Everyone")),
    ("following", gettext_lazy("People the account follows")),
    ("mentionedUsers", gettext_lazy("Only people it mentions")),
    ("subscribers", gettext_lazy("Only subscribers")),
    ("verified", gettext_lazy("Only verified accounts")),
)
_DAY, _HOUR = 1440, 60


@dataclass(frozen=True, slots=True)
class TermLine:
    """One term that is not X's own default. ``url`` leads to the post it is about, if any."""

    key: str
    words: str
    url: str = ""


def term_lines(terms: Terms, url_of: Callable[[str], str]) -> list[TermLine]:
    """Say every term that was chosen; ``url_of`` gives a post's public address by its id."""
    lines = []
    if terms.reply_to:
        words = _("Replies to post %(id)s on X") % {"id": terms.reply_to}
        lines.append(TermLine("reply_to", words, url_of(terms.reply_to)))
    if terms.quote:
        words = _("Quotes post %(id)s on X") % {"id": terms.quote}
        lines.append(TermLine("quote", words, url_of(terms.quote)))
    if terms.reply_settings:
        who = str(dict(WHO_MAY_REPLY)[terms.reply_settings])
        lines.append(TermLine("reply_settings", _("Who may reply: %(who)s") % {"who": who}))
    if terms.made_with_ai:
        lines.append(TermLine("made_with_ai", _("Marked as made with AI")))
    if terms.paid_partnership:
        lines.append(TermLine("paid_partnership", _("Marked as paid partnership")))
    return lines


def open_words(minutes: int) -> str:
    """Say how long a poll is open: 1 day, 2 hours 30 minutes."""
    days, rest = divmod(minutes, _DAY)
    hours, rest = divmod(rest, _HOUR)
    parts = []
    if days:
        parts.append(ngettext("%(count)d day", "%(count)d days", days) % {"count": days})
    if hours:
        parts.append(ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours})
    if rest or not parts:
        parts.append(ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest})
    return " ".join(parts)
