"""What the panel on Today is given, by which a receiver takes the lead there."""

from __future__ import annotations

from typing import Any

from yanzhen.handoff.forms import AcceptForm
from yanzhen.handoff.queries import Strip


def panel_context(
    strip: Strip, *, form: AcceptForm | None = None, ticked: frozenset[int] = frozenset()
) -> dict[str, Any]:
    """Return the context of handoff/_strip.html and handoff/_today.html.

    ``form`` and ``ticked`` (numbers of points) are what was sent and did not do.
    """
    fresh = None
    if strip.mine and strip.waiting is not None:
        fresh = AcceptForm(initial={"seen": strip.waiting.revision})
    return {"handoff": strip, "accept_form": form or fresh, "ticked": ticked}
