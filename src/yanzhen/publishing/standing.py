"""How those go who settle what did not go out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanzhen.activity.feed import events as log
from yanzhen.people.ports import measure
from yanzhen.publishing import events

SPAN = timedelta(days=30)
_HOUR = 3600
_STOPS = frozenset(
    kind.slug for kind in (events.HELD, events.HELD_BY_HAND, events.MISSED, events.REFUSED)
)
_SETTLES = frozenset(
    kind.slug for kind in (events.CONFIRMED, events.SENT_AGAIN, events.RESCHEDULED, events.GIVEN_UP)
)


def _time_to_settle(workspace_id: int, members: Collection[int], now: datetime) -> str:
    """Return how long stopped posts waited that one of the members decided about."""
    own = {str(number) for number in members}
    waits = [wait for actor, wait in _settled(workspace_id, now) if actor in own]
    if not waits:
        return ""
    return _("%(hours).1f h in the middle") % {"hours": median(waits)}


def _settled(workspace_id: int, now: datetime) -> Iterator[tuple[str, float]]:
    """Yield who decided about a stopped delivery in the last 30 days, and after how many hours."""
    # What stopped before may have been settled since.
    rows = log().objects.in_workspace(workspace_id).filter(at__gt=now - 2 * SPAN, at__lte=now)
    stopped: dict[int, datetime] = {}
    for event in rows.filter(kind__in=_STOPS | _SETTLES).order_by("number"):
        number = event.data["delivery"]
        if event.kind in _STOPS:
            stopped.setdefault(number, event.at)
            continue
        since = stopped.pop(number, None)
        if since is not None and event.at > now - SPAN and event.actor_type == "people.member":
            yield event.actor_id, (event.at - since).total_seconds() / _HOUR


measure(
    "time_to_settle", gettext_lazy("Time until what did not go out is settled"), _time_to_settle
)
