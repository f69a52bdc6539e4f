"""Edge cases 6 to 9 and 11 of rotas: what people do to them."""

from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.duty.rules.ahead import warning_due
from yanzhen.duty.rules.cover import (
    Override,
    Piece,
    Swap,
    Why,
    cover,
    double,
    gaps,
    hours_of,
    moved,
)
from yanzhen.duty.rules.fairness import Home, loads, long_runs_of_nights, short_rests
from yanzhen.duty.rules.layers import Change
from yanzhen.duty.rules.spans import Span, merged
from yanzhen.duty.rules.turns import Away
from yanzhen.duty.rules.walls import Hours
from yanzhen.duty.tests.shapes import BOTH, PAIR, WEEK_1, WEEK_2, A, B, C, days, layer, on, utc, who

# 6. Overrides split, cover, and fill; nothing of no length is left.


def test_edge_06_an_override_inside_a_shift_splits_it_in_two():
    order = Override(9, Span(utc(3, 4, 10), utc(3, 4, 12)), B)
    found = cover([layer()], Span(utc(3, 2, 8), utc(3, 9, 8)), away=Away(), overrides=[order])
    assert who(found) == [
        (utc(3, 2, 8), utc(3, 4, 10), A, Why.LAYER),
        (utc(3, 4, 10), utc(3, 4, 12), B, Why.OVERRIDE),
        (utc(3, 4, 12), utc(3, 9, 8), A, Why.LAYER),
    ]


def test_edge_06_an_override_of_exactly_a_shift_leaves_nothing_of_no_length():
    order = Override(9, Span(utc(3, 2, 8), utc(3, 9, 8)), B)
    found = cover([layer()], Span(utc(3, 2, 8), utc(3, 16, 8)), away=Away(), overrides=[order])
    assert [p[2:] for p in who(found)] == [(B, Why.OVERRIDE), (B, Why.LAYER)]


def test_edge_06_an_override_fills_a_gap_and_the_newest_of_two_counts():
    office = layer(hours=(Hours(time(9), time(18)),))
    night = Span(utc(3, 2, 17), utc(3, 3, 8))
    orders = [Override(2, night, C), Override(1, night, B)]
    found = cover([office], Span(utc(3, 2, 8), utc(3, 3, 8)), away=Away(), overrides=orders)
    assert found.at(utc(3, 2, 20)).member == C
    assert gaps(found.pieces, [Span(utc(3, 2, 8), utc(3, 3, 8))]) == []


@settings(max_examples=60, deadline=None)
@given(
    marks=st.lists(
        st.tuples(st.integers(0, 200), st.integers(1, 60), st.sampled_from([A, B, C])), max_size=6
    )
)
def test_edge_06_whatever_is_overridden_pieces_never_overlap_and_the_newest_counts(marks):
    whole = Span(utc(3, 2, 8), utc(3, 12, 8))
    orders = [
        Override(n, Span(whole.start + timedelta(hours=h), whole.start + timedelta(hours=h + d)), m)
        for n, (h, d, m) in enumerate(marks)
    ]
    office = layer(change=Change.DAY, hours=(Hours(time(9), time(18)),))
    found = cover([office], whole, away=Away(), overrides=orders)
    for before, after in zip(found.pieces, found.pieces[1:], strict=False):
        assert before.span.end <= after.span.start
    for hour in range(0, 240, 3):
        moment = whole.start + timedelta(hours=hour)
        newest = [o for o in orders if o.span.start <= moment < o.span.end]
        if newest:
            assert found.at(moment).member == newest[-1].member


# 7. A swap holds as a whole while both can keep it, or not at all.


def test_edge_07_a_swap_changes_both_halves():
    found = cover([layer()], BOTH, away=Away(), swaps=[Swap(5, PAIR)])
    assert [p[2:] for p in who(found)] == [(B, Why.SWAP), (A, Why.SWAP)]


@pytest.mark.parametrize("gone", [{A: [WEEK_2]}, {B: [WEEK_1]}], ids=["second", "first"])
def test_edge_07_a_swap_that_one_cannot_keep_changes_neither_half(gone):
    found = cover([layer()], BOTH, away=Away(gone), swaps=[Swap(5, PAIR)])
    assert found.void_swaps == {5}
    assert not any(p.why is Why.SWAP for p in found.pieces)


def test_edge_07_a_swap_of_hours_the_giver_no_longer_has_does_not_hold():
    later = layer(order=(C, B, A))
    assert cover([later], BOTH, away=Away(), swaps=[Swap(5, PAIR)]).void_swaps == {5}


def test_edge_07_a_swap_that_has_begun_stands_half_by_half():
    gone = Away({A: [WEEK_2]})
    found = cover([layer()], BOTH, away=gone, swaps=[Swap(5, PAIR, begun=True)])
    assert [p[2:] for p in who(found)] == [(B, Why.SWAP), (B, Why.LAYER)]


def test_edge_07_an_override_counts_more_than_a_swap_and_a_swap_more_than_leave():
    order = Override(9, Span(utc(3, 3, 8), utc(3, 4, 8)), C)
    found = cover([layer()], BOTH, away=Away(), swaps=[Swap(5, PAIR)], overrides=[order])
    assert [p[2:] for p in who(found)] == [
        (B, Why.SWAP),
        (C, Why.OVERRIDE),
        (B, Why.SWAP),
        (A, Why.SWAP),
    ]


# 8. Leave skips fairly, and everybody away is a gap.


def test_edge_08_leave_skips_to_the_next_and_the_skipped_one_has_a_credit():
    turns = days(7, away=Away({B: on(1)}))
    assert list(turns.taken.values()) == [A, C, B, A, B, C, A]


def test_edge_08_a_long_leave_is_owed_one_turn_and_not_all_of_them():
    turns = days(16, away=Away({B: on(*range(1, 10))}))
    assert list(turns.taken.values())[10:16].count(B) <= 3


def test_edge_08_leave_on_part_of_a_week_is_covered_and_the_turn_kept():
    wednesday = Span(utc(3, 4, 8), utc(3, 5, 8))
    found = cover([layer()], WEEK_1, away=Away({A: [wednesday]}))
    assert [p[2:] for p in who(found)] == [(A, Why.LAYER), (B, Why.LEAVE), (A, Why.LAYER)]


def test_edge_08_everybody_on_leave_is_a_gap_that_a_lower_layer_may_fill():
    gone = Away({m: [WEEK_1] for m in (A, B, C)})
    found = cover([layer(rank=1)], BOTH, away=gone)
    assert gaps(found.pieces, [BOTH]) == [WEEK_1]
    below = layer(number=2, order=(4,), rank=0)
    assert cover([layer(rank=1), below], BOTH, away=gone).at(utc(3, 3)).member == 4


def test_edge_08_a_gap_is_told_of_14_7_2_and_1_days_ahead():
    gap = Span(utc(3, 31), utc(4, 1))
    told = [warning_due(gap, now=gap.start - timedelta(days=d)) for d in (15, 14, 8, 7, 3, 2, 1, 0)]
    assert told == [None, 14, 14, 7, 7, 2, 1, 1]
    assert warning_due(gap, now=gap.end) is None


@settings(max_examples=80, deadline=None)
@given(
    people=st.integers(1, 5),
    gone=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 39), st.integers(1, 8)), max_size=8),
)
def test_edge_08_turn_counts_stay_within_one_whoever_is_away(people, gone):
    order = tuple(range(people))
    spans = {}
    for member, first, length in gone:
        spans.setdefault(member, []).extend(on(*range(first, first + length)))
    away = Away(spans)
    turns = days(40, away=away, order=order)
    assert max(turns.tally.values()) - min(turns.tally.values()) <= 1
    for turn, member in turns.taken.items():
        [day] = on(turn)
        there = [m for m in order if not away.touches(m, day)]
        assert member in there if there else member is None
    if not gone:
        counts = [list(turns.taken.values()).count(m) for m in order]
        assert max(counts) - min(counts) <= 1


# 11. Nobody in the layer, one member, and double duty.


def test_edge_11_a_layer_without_members_is_all_gap():
    nobody = layer(order=())
    found = cover([nobody], WEEK_1, away=Away())
    assert gaps(found.pieces, hours_of([nobody], WEEK_1)) == [WEEK_1]


def test_edge_11_a_layer_of_one_member_is_always_theirs():
    found = cover([layer(order=(A,))], BOTH, away=Away())
    assert [p[:3] for p in who(found)] == [(BOTH.start, BOTH.end, A)]


def test_edge_11_somebody_who_leaves_in_the_middle_of_a_shift_is_followed_from_then_on():
    gone = Away({A: [Span(utc(3, 4, 12), utc(12, 31))]})
    found = cover([layer()], Span(utc(3, 4, 12), WEEK_1.end), away=gone, settled={1: {0: A}})
    assert [p[:3] for p in who(found)] == [(utc(3, 4, 12), WEEK_1.end, B)]


def test_edge_11_turns_that_were_dealt_stand_whatever_is_said_later():
    later = Away({A: [WEEK_1]})
    whole = Span(WEEK_1.start, utc(3, 23, 8))
    anew = cover([layer()], whole, away=later)
    kept = cover([layer()], whole, away=later, settled={1: {0: A}})
    assert [d.member for d in anew.dealt] == [B, C, A]
    assert [d.member for d in kept.dealt] == [A, B, C]


def test_edge_11_double_names_who_is_primary_and_backup_at_once():
    first = [Piece(WEEK_1, A, Why.LAYER, 1)]
    backup = [Piece(Span(utc(3, 8, 8), utc(3, 12)), A, Why.LAYER, 2)]
    assert double(first, backup) == [(A, Span(utc(3, 8, 8), utc(3, 9, 8)))]


def test_edge_11_moved_names_those_whose_hours_changed():
    before = cover([layer()], BOTH, away=Away()).pieces
    order = Override(9, Span(utc(3, 3), utc(3, 4)), C)
    after = cover([layer()], BOTH, away=Away(), overrides=[order]).pieces
    assert moved(before, after) == {A, C}
    assert moved(before, before) == frozenset()


FEW_DAYS = st.lists(st.integers(0, 13), max_size=3)


@settings(max_examples=60, deadline=None)
@given(first=FEW_DAYS, second=FEW_DAYS)
def test_edge_07_whoever_is_away_a_swap_changes_both_halves_or_neither(first, second):
    at = timedelta(hours=9)
    spans = {A: on(*first), B: on(*second)}
    away = Away(
        {
            m: [Span(s.start + at, s.end + at - timedelta(hours=2)) for s in found]
            for m, found in spans.items()
        }
    )
    found = cover([layer()], BOTH, away=away, swaps=[Swap(5, PAIR)])
    swapped = {p.member for p in found.pieces if p.why is Why.SWAP}
    assert swapped in (set(), {A, B})
    assert bool(swapped) is (5 not in found.void_swaps)
    if away.touches(B, WEEK_1) or away.touches(A, WEEK_2):
        assert found.void_swaps == {5}


# 9. Too little rest and too many nights are found, and days made up are workdays.


@settings(max_examples=60, deadline=None)
@given(
    starts=st.lists(st.integers(0, 300), min_size=1, max_size=8, unique=True),
    length=st.integers(1, 12),
)
def test_edge_09_every_break_under_eleven_hours_is_found_and_no_other(starts, length):
    base = utc(3, 2)
    spans = [Span(base + timedelta(hours=h), base + timedelta(hours=h + length)) for h in starts]
    pieces = [Piece(span, A, Why.LAYER, 1) for span in spans]
    found = {span for _member, span in short_rests(pieces)}
    busy = merged(spans)
    breaks = {Span(a.end, b.start) for a, b in pairwise(busy)}
    assert found == {span for span in breaks if span.length < timedelta(hours=11)}


@given(first=st.integers(0, 20), nights=st.integers(1, 9))
def test_edge_09_more_than_three_nights_in_a_row_are_found_with_their_number(first, nights):
    start = utc(3, 2, 22) + timedelta(days=first)
    pieces = [
        Piece(Span(at, at + timedelta(hours=8)), A, Why.LAYER, 1)
        for at in (start + timedelta(days=n) for n in range(nights))
    ]
    found = long_runs_of_nights(pieces, {A: Home("UTC")})
    assert found == ([(A, start.date(), nights)] if nights > 3 else [])


@given(extra=st.sets(st.sampled_from([date(2026, 2, 14), date(2026, 2, 28), date(2026, 3, 7)])))
def test_edge_09_a_weekend_day_made_up_weighs_as_a_workday(extra):
    home = Home("Asia/Shanghai", workdays=frozenset(extra))
    days_on = [date(2026, 2, 14), date(2026, 2, 28), date(2026, 3, 7)]
    pieces = [
        Piece(Span(at, at + timedelta(hours=8)), A, Why.LAYER, 1)
        for at in (utc(day.month, day.day, 1) for day in days_on)
    ]
    [load] = loads(pieces, {A: home})
    assert (load.hours, load.weekends) == (24, 8 * (3 - len(extra)))


@settings(max_examples=40, deadline=None)
@given(
    people=st.integers(0, 3),
    leave_at=st.lists(st.tuples(st.integers(1, 3), st.integers(0, 240)), max_size=3),
)
def test_edge_11_nobody_is_laid_after_they_left_and_a_gap_is_all_that_is_left_of_none(
    people, leave_at
):
    whole = Span(utc(3, 2), utc(3, 12))
    order = tuple(range(1, people + 1))
    gone = {m: [Span(whole.start + timedelta(hours=h), utc(12, 31))] for m, h in leave_at}
    away = Away(gone)
    one = layer(zone="UTC", order=order, change=Change.DAY, hours=(Hours(time(0), time(0)),))
    found = cover([one], whole, away=away)
    assert not any(away.touches(p.member, p.span) for p in found.pieces)
    lengths = sum((p.span.length for p in found.pieces), timedelta())
    left = sum((g.length for g in gaps(found.pieces, [whole])), timedelta())
    assert lengths + left == whole.length
    if not order:
        assert gaps(found.pieces, [whole]) == [whole]
