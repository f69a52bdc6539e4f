"""Reading back what new rules of time zones moved, from the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yanzhen.activity.feed import events
from yanzhen.duty.events import ZONES_CHANGED
from yanzhen.duty.models import Rota
from yanzhen.duty.rules.spans import Span
from yanzhen.people.models import Member


@dataclass(frozen=True, slots=True)
class Moved:
    """A turn of ``member`` as it ``was`` laid and as it is ``now``; None where there is none."""

    member: Member
    was: Span | None
    now: Span | None


@dataclass(frozen=True, slots=True)
class ChangeOfZones:
    """One change: the versions of the rules, when it was noticed, and the turns it moved.

    ``count`` is of all, ``moved`` holds as many of the first as the log keeps, in order of time.
    """

    old: str
    new: str
    at: datetime
    count: int
    moved: Sequence[Moved]


def change_of_zones(rota: Rota, number: int | None) -> ChangeOfZones | None:
    """Return the change with that number in the log, or the last one for None; two queries."""
    rows = events().objects.in_workspace(rota.workspace_id).filter(kind=ZONES_CHANGED.slug)
    if number is not None:
        rows = rows.filter(number=number)
    event = rows.order_by("-number").first()
    if event is None:
        return None
    team = Member.objects.filter(workspace_id=rota.workspace_id).select_related("user")
    members = team.in_bulk({member for member, _was, _now in event.data["moved"]})
    return ChangeOfZones(
        old=event.data["old"],
        new=event.data["new"],
        at=event.at,
        count=event.data["count"],
        moved=[
            Moved(members[member], _span(was), _span(now))
            for member, was, now in event.data["moved"]
            if member in members
        ],
    )


def zones_ever_changed(rota: Rota) -> bool:
    """Tell whether new rules of time zones have moved turns; one query."""
    rows = events().objects.in_workspace(rota.workspace_id)
    return rows.filter(kind=ZONES_CHANGED.slug).exists()


def _span(ends: Sequence[str] | None) -> Span | None:
    return Span(*(datetime.fromisoformat(end) for end in ends)) if ends else None
