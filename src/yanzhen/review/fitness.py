"""Whether a text can go out on X at all; asked before it enters review."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from yanzhen.kernel.text import weigh


def faults(texts: Sequence[str], *, limit: int) -> list[str]:
    """Return what stops these segments from going out, as sentences in the reader's language."""
    found: list[str] = []
    for number, text in enumerate(texts, start=1):
        weight = weigh(text, limit)
        if not text.strip():
            found.append(_("Post %(number)s is empty.") % {"number": number})
        elif weight.weight > limit:
            over = weight.weight - limit
            found.append(
                _("Post %(number)s is %(over)s over X’s limit of %(limit)s.")
                % {"number": number, "over": over, "limit": limit}
            )
    return found
