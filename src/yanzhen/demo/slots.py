"""The demo's plan of the coming days: places for posts that are not written yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from yanzhen.channels.models import Account
from yanzhen.people.models import Member
from yanzhen.planning.actions.slotting import SlotWish, add_slot
from yanzhen.planning.models import Slot


@dataclass(frozen=True, slots=True)
class Place:
    """A slot ``days`` from today at an ``hour`` of its account, ``minutes`` long."""

    days: int
    hour: int
    account: str
    goal: str = ""
    format: str = ""
    minutes: int = 0


PLACES: Sequence[Place] = (
    Place(1, 19, "main", "A reader’s photo", Slot.Format.PICTURE),
    Place(2, 9, "de", "Sieben Kabel, eine Schublade", Slot.Format.THREAD, 120),
    Place(3, 11, "zh", "出发前一晚", Slot.Format.VIDEO),
    Place(5, 17, "main", "Weekend question", Slot.Format.POLL, 60),
    Place(8, 10, "main"),
)


def plan_slots(accounts: Mapping[str, Account], *, by: Member, now: datetime) -> None:
    """Plan the places after ``now`` (aware)."""
    for place in PLACES:
        account = accounts[place.account]
        day = now.astimezone(ZoneInfo(account.zone)).date() + timedelta(days=place.days)
        wish = SlotWish(
            account=account,
            wall=datetime.combine(day, time(place.hour)),
            zone=account.zone,
            minutes=place.minutes,
            goal=place.goal,
            format=place.format,
            owner=by,
        )
        add_slot(wish, by=by, now=now)
