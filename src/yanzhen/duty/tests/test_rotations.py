"""Rotations, weekdays and holidays."""

from datetime import date, time

from yanzhen.duty.rules.cover import cover
from yanzhen.duty.rules.layers import Change, shifts_of
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.rules.turns import Away
from yanzhen.duty.rules.walls import Hours
from yanzhen.duty.tests.shapes import A, B, layer, utc, who


def test_rotation_by_shift_gives_each_shift_of_a_day_to_the_next():
    three = layer(
        zone="UTC",
        change=Change.SHIFT,
        hours=(
            Hours(time(7), time(15)),
            Hours(time(15), time(23)),
            Hours(time(23), time(7)),
        ),
        order=(A, B),
    )
    found = cover([three], Span(utc(3, 2, 7), utc(3, 3, 7)), away=Away())
    assert [p[2] for p in who(found)] == [A, B, A]


def test_rotation_by_week_changes_on_its_weekday_and_every_second_one():
    friday = layer(zone="UTC", hand_over=5, every=2, hours=(Hours(time(0), time(0)),))
    found = cover([friday], Span(utc(3, 2), utc(4, 20)), away=Away())
    # The first fortnight began on Friday 27 February.
    assert [p[0] for p in who(found)] == [utc(3, 2), utc(3, 13), utc(3, 27), utc(4, 10)]


def test_rotation_by_day_counts_only_days_with_a_shift():
    office = layer(change=Change.DAY, weekdays=frozenset({1, 2, 3, 4, 5}), order=(A, B))
    shifts = list(shifts_of(office, until=utc(3, 11)))
    assert [(s.day.day, s.turn) for s in shifts] == [
        (2, 0),
        (3, 1),
        (4, 2),
        (5, 3),
        (6, 4),
        (9, 5),
        (10, 6),
    ]


def test_no_shift_opens_on_a_holiday_and_one_does_on_a_day_made_up():
    spring = layer(
        zone="Asia/Shanghai",
        weekdays=frozenset({1, 2, 3, 4, 5}),
        first_date=date(2026, 2, 12),
        closed=frozenset({date(2026, 2, 16)}),
        opened=frozenset({date(2026, 2, 14)}),
    )
    assert [s.day.day for s in shifts_of(spring, until=utc(2, 17, 12))] == [12, 13, 14, 17]
