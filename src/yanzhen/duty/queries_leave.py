"""Reading leave: who is away now and later, and what a calendar would add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yanzhen.duty.models import Leave
from yanzhen.duty.rules.ical import Busy, read
from yanzhen.people.models import Member

MOST_LEAVES = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """What a calendar would note (``new``), what is noted already and what is over."""

    new: Sequence[Busy]
    known: int
    over: int


def leaves_ahead(member: Member, *, now: datetime) -> list[Leave]:
    """Return the leaves of the member's team that are not over, in order of time."""
    rows = Leave.objects.visible_to(member).standing().filter(end_at__gt=now)
    return list(rows.select_related("member__user").order_by("start_at", "pk")[:MOST_LEAVES])


def preview(member: Member, text: str, *, now: datetime) -> Preview:
    """Read a calendar as ``import_leave`` would. Raises NotACalendar."""
    taken = Leave.objects.standing().filter(member=member)
    known = set(taken.values_list("start_at", "end_at"))
    new, old, over = [], 0, 0
    for busy in read(text, zone=member.zone):
        start = max(busy.span.start, now)
        if busy.span.end <= now:
            over += 1
        elif (start, busy.span.end) in known:
            old += 1
        else:
            known.add((start, busy.span.end))
            new.append(busy)
    return Preview(new, old, over)
