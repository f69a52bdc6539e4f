"""What copying the slots of a week to another would make; an action then does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from yanzhen.kernel.wall_time import FoldTime, GapTime, resolve
from yanzhen.people.models import Member
from yanzhen.planning.models import Slot
from yanzhen.planning.queries_calendar import WEEK, wall_time, window_of

#: More than any team plans in a week; copying stops there, and the page says so.
MOST_COPIED = 200


class Why(StrEnum):
    """Why a slot is not copied."""

    PAST = "past"
    THERE = "there"


@dataclass(frozen=True, slots=True)
class SlotCopy:
    """One slot and where its copy begins: ``wall`` (naive) in its zone, ``at`` (aware).

    ``why`` is a Why that keeps it from being copied, "" when it goes.
    """

    slot: Slot
    wall: datetime
    fold: int
    at: datetime
    why: str


def monday_of(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def slot_copies(member: Member, source: date, target: date, *, now: datetime) -> list[SlotCopy]:
    """Return what copying the slots of one week to another would make. Two queries.

    ``source`` and ``target`` are Mondays of the member's clocks. A copy keeps weekday and wall
    time; an hour the clocks skip becomes the next that exists, of one that comes twice the first.
    """
    window = window_of(source, source + WEEK, member.user.tz)
    visible = Slot.objects.visible_to(member).planned().filter(account__turned_away=False)
    slots = visible.starting_between(*window).select_related("account", "owner__user")
    moved = [_moved(slot, target - source) for slot in slots[:MOST_COPIED]]
    there = _standing(member, [at for _slot, _wall, _fold, at in moved])
    return [
        SlotCopy(slot, wall, fold, at, _why(slot, at, there, now=now))
        for slot, wall, fold, at in moved
    ]


def _moved(slot: Slot, by: timedelta) -> tuple[Slot, datetime, int, datetime]:
    wall = wall_time(slot.wall) + by
    try:
        found = resolve(wall, slot.zone, None)
    except GapTime as gap:
        wall = gap.after
        found = resolve(wall, slot.zone, None)
    except FoldTime:
        found = resolve(wall, slot.zone, 0)
    return slot, wall, found.fold, found.at


def _standing(member: Member, moments: Sequence[datetime]) -> set[tuple[int, datetime]]:
    planned = Slot.objects.visible_to(member).planned().filter(starts_at__in=moments)
    return set(planned.values_list("account_id", "starts_at"))


def _why(slot: Slot, at: datetime, there: set[tuple[int, datetime]], *, now: datetime) -> str:
    if at < now:
        return Why.PAST
    return Why.THERE if (slot.account_id, at) in there else ""
