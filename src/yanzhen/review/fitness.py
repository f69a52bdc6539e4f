"""Whether a text can go out on X at all; asked before it enters review."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yanzhen.kernel.text import weigh
from yanzhen.planning.content import Content, PostKind


def faults(content: Content, *, limit: int) -> list[str]:
    """Return what stops this content from going out, as sentences in the reader's language."""
    if content.kind == PostKind.REPOST:
        return []
    found: list[str] = []
    for number, segment in enumerate(content.segments, start=1):
        weight = weigh(segment.text, limit)
        if segment.is_empty:
            found.append(_("Post %(number)s is empty.") % {"number": number})
        elif weight.weight > limit:
            over = weight.weight - limit
            found.append(
                _("Post %(number)s is %(over)s over X’s limit of %(limit)s.")
                % {"number": number, "over": over, "limit": limit}
            )
    return found
