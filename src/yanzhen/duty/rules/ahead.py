"""How early things are told of: gaps, the ends of turns, and offers nobody has taken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from yanzhen.duty.rules.spans import Span

WARN_DAYS = (14, 7, 2, 1)
#: Whoever goes on duty and whoever goes off are told so many minutes before.
NOTICE_MINUTES = (60, 10)
#: An offer nobody has taken is told of again so many hours before its hours begin.
NUDGE_HOURS = (4 * 168, 3 * 168, 2 * 168, 168, 3 * 24, 2 * 24, 24, 12)


def warning_due(gap: Span, *, now: datetime) -> int | None:
    """Return the warning (days ahead) whose time has come for ``gap`` at ``now``, the latest one.

    None where it is further away than the first warning, or over. A gap that opens late is told of
    at once: three days ahead it is the seven-day warning's time.
    """
    if gap.end <= now:
        return None
    return _latest(WARN_DAYS, timedelta(days=1), left=gap.start - now)


def notice_due(change: datetime, *, now: datetime) -> int | None:
    """Return the notice (minutes ahead) whose time has come for a change of hands, the latest one.

    None where it is further away than the first notice, or has been.
    """
    if change <= now:
        return None
    return _latest(NOTICE_MINUTES, timedelta(minutes=1), left=change - now)


def nudge_due(begins: datetime, *, since: datetime, told: int | None, now: datetime) -> int | None:
    """Return the nudge (hours ahead) that is due for an offer made at ``since``, or None.

    ``told`` is the last one there was. Being offered is news itself, so that a nudge whose time
    was before it is left out; of several missed ones only the latest is due.
    """
    if begins <= now:
        return None
    step = timedelta(hours=1)
    due = _latest(NUDGE_HOURS, step, left=begins - now)
    last = told if told is not None else _latest(NUDGE_HOURS, step, left=begins - since)
    return due if due is not None and (last is None or due < last) else None


def minutes_left(change: datetime, *, now: datetime) -> int:
    """Return how many minutes there are until ``change``, begun ones counted."""
    return -((now - change) // timedelta(minutes=1))


def _latest(marks: Iterable[int], step: timedelta, *, left: timedelta) -> int | None:
    return min((mark for mark in marks if left <= mark * step), default=None)
