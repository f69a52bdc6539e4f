"""Where in the days shown posts of an account have brought more than usual. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from yanzhen.channels.models import Account
from yanzhen.planning.best_times import BestTime, Suggestions
from yanzhen.planning.calendar_days import DAY


@dataclass(frozen=True, slots=True)
class Band:
    """A good time in a column of hours: ``begins`` and ``ends`` are parts of its height."""

    account: Account
    begins: str
    ends: str


@dataclass(frozen=True, slots=True)
class GoodTimes:
    """What the calendar shows of the accounts' histories.

    ``told`` have one, ``silent`` are the accounts that have too few posts out; ``by_day`` is where
    the good times of the former stand.
    """

    told: Sequence[Suggestions]
    silent: Sequence[Account]
    by_day: Mapping[date, Sequence[Band]]


def bands_of(
    told: Sequence[Suggestions], days: Iterable[date], *, viewer: ZoneInfo, first_hour: int
) -> dict[date, list[Band]]:
    """Lay the good times over ``days`` of the viewer, shown from ``first_hour`` to midnight.

    A part of the week on the account's clocks may lie on two of the viewer's days.
    """
    found: dict[date, list[Band]] = {}
    for day in days:
        for each in told:
            for best in each.history.best:
                for begins, ends in _hours(best, day, each.account.tz, viewer, first_hour):
                    found.setdefault(day, []).append(Band(each.account, begins, ends))
    return found


def _hours(
    best: BestTime, day: date, zone: ZoneInfo, viewer: ZoneInfo, first_hour: int
) -> Iterable[tuple[str, str]]:
    """Yield what of the viewer's ``day`` lies within the part of the week, as parts of a column."""
    length = timedelta(hours=24 - first_hour)
    opens = datetime.combine(day, time(first_hour))
    for there in (day - DAY, day, day + DAY):
        if there.weekday() != best.weekday:
            continue
        midnight = datetime.combine(there, time(), tzinfo=zone)
        spans = (midnight + timedelta(hours=hour) for hour in (best.first_hour, best.end_hour))
        begins, ends = (at.astimezone(viewer).replace(tzinfo=None) for at in spans)
        begins, ends = max(begins, opens), min(ends, opens + length)
        if begins < ends:
            yield f"{(begins - opens) / length:.4f}", f"{(ends - opens) / length:.4f}"
