"""Which new nights are too much to ask: by the plan, and by a member's own hours."""

from datetime import UTC, date, datetime, time, timedelta

from yanzhen.duty.rules.cover import Piece, Why
from yanzhen.duty.rules.fairness import Home
from yanzhen.duty.rules.nights import (
    Clock,
    Night,
    Nights,
    Team,
    most_in_a_row,
    nights_by_day_for_others,
    nights_in_a_row,
    own_nights,
)
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.rules.turns import Away
from yanzhen.duty.rules.walls import Hours

A, B, C = 1, 2, 3
HOMES = {member: Home("UTC") for member in (A, B, C)}
BERLIN, COAST = Clock("Europe/Berlin"), Clock("America/Los_Angeles")


def piece(member, start, hours):
    return Piece(Span(start, start + timedelta(hours=hours)), member, Why.LAYER, 1)


def at(day, hour=0):
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def nights(member, *days):
    return [piece(member, at(day, 22), 8) for day in days]


def test_as_many_nights_as_the_plan_asks_of_anybody_are_no_news_but_for_who_has_days():
    planned = [*nights(A, 2, 3, 4, 5, 6), piece(B, at(2, 9), 8)]
    assert most_in_a_row(planned, HOMES) == {A: 5, B: 3, C: 5}
    assert most_in_a_row([], HOMES) == {A: 3, B: 3, C: 3}


def test_nights_in_a_row_are_said_only_with_one_that_is_new():
    planned = nights(A, 2, 3, 4, 5, 6)
    before = [*nights(A, 2, 3, 4, 5, 6), *nights(B, 20)]
    after = [*nights(A, 2, 3, 4, 5, 6, 7), *nights(B, 20), *nights(C, 10, 11, 12, 13, 14)]
    assert nights_in_a_row(before, after, planned, HOMES) == [Nights(A, date(2026, 3, 2), 6, 5)]
    assert nights_in_a_row(after, after, planned, HOMES) == []


def test_one_long_run_cut_in_two_is_no_news():
    before, after = nights(A, *range(2, 14)), nights(A, *range(2, 8), *range(9, 14))
    assert nights_in_a_row(before, after, [], HOMES) == []


def test_own_nights_leave_out_working_hours_and_keep_to_quiet_ones():
    night = [Span(at(4, 21), at(5, 5))]
    assert own_nights(night, BERLIN) == {date(2026, 3, 4)}
    works = Clock("Europe/Berlin", Hours(time(22), time(6)), frozenset({3}))
    assert own_nights(night, works) == set()
    other_days = Clock("Europe/Berlin", Hours(time(22), time(6)), frozenset({1}))
    assert own_nights(night, other_days) == {date(2026, 3, 4)}
    early = Clock("Europe/Berlin", quiet=Hours(time(20), time(23)))
    assert own_nights(night, early) == set(), "only an hour of it is quiet"
    late = Clock("Europe/Berlin", quiet=Hours(time(0), time(8)))
    assert own_nights(night, late) == {date(2026, 3, 4)}


def found(*, planned=(), before=(), away=None, busy=None, able=(A, B)):
    """Look for nights of A's, on the coast, in Berlin's day, which B could have."""
    team = Team(able, Away(away or {}), busy or {})
    after = [*before, piece(A, at(5, 8), 8)]
    return nights_by_day_for_others(before, after, planned, {A: COAST, B: BERLIN}, team)


def test_night_that_somebody_free_would_have_by_day_is_found_with_who():
    assert found() == [Night(A, date(2026, 3, 4), at(5, 8), B)]
    assert found(away={B: [Span(at(5), at(6))]}) == []
    assert found(busy={B: [Span(at(5, 15), at(5, 16))]}) == []
    assert found(able=(A,)) == []


def test_night_of_who_has_nights_by_the_plan_is_no_news():
    assert found(planned=[piece(A, at(12, 8), 8)]) == []


def test_day_and_night_round_are_by_day_for_nobody():
    team = Team((A, B), Away({}), {})
    after = [piece(A, at(5, 8), 24)]
    assert nights_by_day_for_others((), after, (), {A: COAST, B: BERLIN}, team) == []
