"""What else has a day on the calendar: a higher room registers what of its own is due.

Planning asks every source for the days it shows and imports none of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yanzhen.people.models import Member

#: A cell shows this many and says how many are left.
MOST_DATED = 3


@dataclass(frozen=True, slots=True)
class DaysAsked:
    """The days from ``start`` up to and without ``end``, as the viewer's clocks see them.

    ``accounts`` (none: all) and ``person`` (a member's number) narrow it.
    """

    viewer: Member
    start: date
    end: date
    accounts: frozenset[int] = frozenset()
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """One thing on a day. ``hour`` is "17:00" or "" for the whole day; ``url`` is its page.

    ``icon`` is a class of the icon sheet, ``told`` says what it is for those who do not see it.
    """

    day: date
    hour: str
    title: str
    url: str
    icon: str
    told: str
    done: bool = False
    late: bool = False


Source = Callable[[DaysAsked], Iterable[Dated]]

_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Ask ``source`` from now on. Raises ValueError when the name is taken."""
    if name in _sources:
        raise ValueError(f"duplicate source {name}")
    _sources[name] = source


def dated_days(asked: DaysAsked) -> Mapping[date, Sequence[Dated]]:
    """Return what every source has on those days, what has an hour last and in its order."""
    days: dict[date, list[Dated]] = defaultdict(list)
    for source in _sources.values():
        for each in source(asked):
            days[each.day].append(each)
    for found in days.values():
        found.sort(key=lambda each: (each.hour, each.title))
    return days
