"""Which events are told to members: rooms above say so here when they subscribe."""

from __future__ import annotations

from collections.abc import Callable

from yanzhen.activity.feed import Told
from yanzhen.activity.spine import Kind, within

_topics: set[str] = set()


def tells(*kinds: Kind, listener: Callable[[Told], None]) -> None:
    """Let ``listener`` tell members about events of ``kinds``, within the recorder's transaction.

    It calls ``tell``, or does not. Open pages look for new notices when one of these happens.
    """
    for kind in kinds:
        within(kind, listener)
        _topics.add(kind.topic)


def triggers() -> str:
    """Return when a fragment about notices fetches itself again, for hx-trigger."""
    return ", ".join(f"activity:{topic} from:body" for topic in sorted(_topics))
