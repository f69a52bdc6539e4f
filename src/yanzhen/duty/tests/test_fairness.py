"""How even duty is, and whether there is rest."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.duty.rules.cover import Piece, Why
from yanzhen.duty.rules.fairness import (
    Home,
    balance,
    loads,
    long_runs_of_nights,
    overloaded,
    short_rests,
)
from yanzhen.duty.rules.spans import Span

A, B = 1, 2


def piece(member, start, hours):
    return Piece(Span(start, start + timedelta(hours=hours)), member, Why.LAYER, 1)


def at(month, day, hour=0):
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_loads_weigh_nights_weekends_and_holidays_where_the_member_lives():
    # Saturday 7 March 20:00 to Sunday 08:00 in Berlin; a plain Monday afternoon there.
    pieces = [piece(A, at(3, 7, 19), 12), piece(B, at(3, 9, 12), 4)]
    homes = {
        A: Home("Europe/Berlin", holidays=frozenset({date(2026, 3, 8)})),
        B: Home("Europe/Berlin"),
    }
    first, second = loads(pieces, homes)
    assert (first.hours, first.nights, first.weekends, first.holidays) == (12, 8, 12, 8)
    assert first.weighted == 12 + 4 + 6 + 8
    assert (second.hours, second.weighted) == (4, 4)


def test_loads_count_the_hours_that_passed_through_a_change_of_clocks():
    night = piece(A, at(3, 29, 0), 6)
    [load] = loads([night], {A: Home("Europe/Berlin")})
    # 01:00 to 08:00 on the wall is six hours, and only four of them are before 06:00.
    assert (load.hours, load.nights) == (6, 4)


def test_loads_take_a_weekend_day_made_up_for_a_workday():
    saturday = piece(A, at(2, 28, 2), 8)
    home = Home("Asia/Shanghai", workdays=frozenset({date(2026, 2, 28)}))
    assert loads([saturday], {A: home})[0].weekends == 0
    assert loads([saturday], {A: Home("Asia/Shanghai")})[0].weekends == 8


def test_balance_is_the_mean_as_a_share_of_the_most_and_names_who_carries_too_much():
    homes = {A: Home("UTC"), B: Home("UTC")}
    even = loads([piece(A, at(3, 2, 8), 8), piece(B, at(3, 3, 8), 8)], homes)
    uneven = loads([piece(A, at(3, 2, 8), 9), piece(B, at(3, 3, 8), 3)], homes)
    assert (balance(even), overloaded(even)) == (100, [])
    assert balance(uneven) == pytest.approx(100 * 6 / 9)
    assert [load.member for load in overloaded(uneven)] == [A]
    assert balance([]) == 100


@settings(max_examples=40, deadline=None)
@given(
    hours=st.integers(1, 400),
    start=st.integers(0, 8000),
    zone=st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]),
)
def test_loads_never_lose_an_hour(hours, start, zone):
    begin = at(1, 1) + timedelta(hours=start)
    [load] = loads([piece(A, begin, hours)], {A: Home(zone)})
    assert load.hours == pytest.approx(hours)
    assert load.nights <= load.hours
    assert load.weekends <= load.hours


# 9. Least rest, and most nights in a row.


def test_short_rests_names_breaks_under_eleven_hours():
    pieces = [piece(A, at(3, 2, 8), 12), piece(A, at(3, 3, 6), 6), piece(A, at(3, 4, 8), 6)]
    assert short_rests(pieces) == [(A, Span(at(3, 2, 20), at(3, 3, 6)))]


def test_short_rests_takes_pieces_that_follow_each_other_for_one_duty():
    assert short_rests([piece(A, at(3, 2, 8), 4), piece(A, at(3, 2, 12), 4)]) == []


def test_long_runs_of_nights_counts_nights_by_the_evening_they_began():
    homes = {A: Home("UTC"), B: Home("UTC")}
    four = [piece(A, at(3, day, 22), 8) for day in (2, 3, 4, 5)]
    three = [piece(B, at(3, day, 22), 8) for day in (2, 3, 4)]
    assert long_runs_of_nights([*four, *three], homes) == [(A, date(2026, 3, 2), 4)]


def test_long_runs_of_nights_counts_each_night_of_one_long_duty():
    assert long_runs_of_nights([piece(A, at(3, 2, 8), 24 * 5)], {A: Home("UTC")}) == [
        (A, date(2026, 3, 2), 5)
    ]
