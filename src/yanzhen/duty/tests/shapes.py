"""Layers and spans as plain values, for tests of the rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from yanzhen.duty.rules.cover import Cover, Half
from yanzhen.duty.rules.layers import Change, Layer, shifts_of
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.rules.turns import Away, Turns, deal
from yanzhen.duty.rules.walls import Hours

A, B, C = 1, 2, 3
NEW_YORK, BERLIN, CHICAGO = "America/New_York", "Europe/Berlin", "America/Chicago"
ALL_DAY = (Hours(time(9), time(9)),)


def utc(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    """Give a moment, of 2026 unless said."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def layer(**changes: Any) -> Layer:
    """A week each from Monday 2 March 2026, Berlin, nine to nine, A then B then C."""
    usual: dict[str, Any] = {
        "number": 1,
        "zone": BERLIN,
        "hours": ALL_DAY,
        "order": (A, B, C),
        "first_date": date(2026, 3, 2),
    }
    return Layer(**(usual | changes))


def who(found: Cover) -> list[tuple]:
    """Give start, end, member and reason of each piece."""
    return [(p.span.start, p.span.end, p.member, p.why) for p in found.pieces]


def days(
    count: int,
    *,
    start: tuple[int, int] = (3, 2),
    change: Change = Change.DAY,
    away: Away | None = None,
    order: tuple[int, ...] = (A, B, C),
) -> Turns:
    """The members of the first ``count`` turns of a daily layer in UTC."""
    one = layer(zone="UTC", change=change, order=order, hours=(Hours(time(0), time(0)),))
    first = utc(*start)
    shifts = list(shifts_of(one, until=first + timedelta(days=count)))
    return deal(one, shifts, away or Away())


def on(*numbers: int) -> list[Span]:
    """The spans of whole days (UTC), counted from 2 March."""
    return [Span(utc(3, 2) + timedelta(days=n), utc(3, 3) + timedelta(days=n)) for n in numbers]


WEEK_1, WEEK_2 = Span(utc(3, 2, 8), utc(3, 9, 8)), Span(utc(3, 9, 8), utc(3, 16, 8))
PAIR = (Half(WEEK_1, giver=A, taker=B), Half(WEEK_2, giver=B, taker=A))
BOTH = Span(WEEK_1.start, WEEK_2.end)
