"""When posts of an account have done best, and the next such times. A higher room counts.

Planning keeps no counts of what is out: the room that does registers itself and is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import formats
from django.utils.translation import pgettext

from yanzhen.channels.models import Account

#: A suggestion leaves this long to finish the post.
AHEAD = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class BestTime:
    """A part of the week in which posts have done better than usual, on the account's clocks.

    ``weekday`` counts from Monday 0; the part runs from ``first_hour`` and before ``end_hour``, and
    its posts went out around ``minute`` of the day. ``median`` is of their interactions, ``times``
    how often the account's own median that is, drawn towards 1 the fewer ``posts`` there are.
    """

    weekday: int
    first_hour: int
    end_hour: int
    minute: int
    posts: int
    median: float
    times: float


@dataclass(frozen=True, slots=True)
class History:
    """How many ``posts`` were counted, their ``median`` of interactions, and the best times."""

    posts: int
    median: float
    best: Sequence[BestTime]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A best time, and when it comes next: ``wall`` (naive) on the account's clocks."""

    best: BestTime
    wall: datetime

    @property
    def span(self) -> str:
        """Name the part of the week: Tue 09:00–12:00."""
        day = formats.date_format(self.wall, pgettext("date format, day of the week", "D"))
        return f"{day} {self.best.first_hour:02}:00–{self.best.end_hour:02}:00"

    @property
    def factor(self) -> str:
        """How many times the usual: 1.4."""
        return formats.number_format(round(self.best.times, 1), 1)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What a page shows of an account's history; ``times`` are the best first."""

    account: Account
    history: History
    times: Sequence[Suggestion]


#: Tells the history of an account as of a moment (aware); None below a sensible sample.
Source = Callable[[Account, datetime], History | None]
_sources: list[Source] = []


def tell_history(source: Source) -> None:
    """Register who counts from now on; the last one counts."""
    _sources.append(source)


def suggested(account: Account, *, now: datetime) -> Suggestions | None:
    """Return the next times at which the account's posts do best; None where nothing shows it."""
    history = _sources[-1](account, now) if _sources else None
    if history is None or not history.best:
        return None
    start = (now + AHEAD).astimezone(account.tz).replace(tzinfo=None)
    times = [Suggestion(best, _next(best, start)) for best in history.best]
    return Suggestions(account, history, times)


def _next(best: BestTime, start: datetime) -> datetime:
    """Return the first such time at or after ``start``; both naive, on the account's clocks."""
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    day = midnight + timedelta(days=(best.weekday - start.weekday()) % 7)
    found = day + timedelta(minutes=best.minute)
    return found if found >= start else found + timedelta(days=7)
