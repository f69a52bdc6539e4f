"""Which events are told to members, and which decide what members were told: rooms above say so."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from yanzhen.activity.feed import Told
from yanzhen.activity.spine import Kind, within
from yanzhen.notify.actions.rewriting import rewrite_about

_topics: set[str] = set()


def tells(*kinds: Kind, listener: Callable[[Told], None]) -> None:
    """Let ``listener`` tell members about events of ``kinds``, within the recorder's transaction.

    It calls ``tell``, or does not. Open pages look for new notices when one of these happens.
    """
    for kind in kinds:
        within(kind, listener)
        _topics.add(kind.topic)


def decides(*kinds: Kind, matters: Callable[[Told], Iterable[str]]) -> None:
    """Write messages anew when an event of ``kinds`` may settle what they offer, or open it again.

    ``matters`` names what the event is about, as deeds.offer does. It may name too much: a message
    that says it already stays as it is.
    """

    def _rewrite(event: Told) -> None:
        rewrite_about(event, matters(event))

    for kind in kinds:
        within(kind, _rewrite)


def triggers() -> str:
    """Return when a fragment about notices fetches itself again, for hx-trigger."""
    return ", ".join(f"activity:{topic} from:body" for topic in sorted(_topics))
