"""The edge cases of rotas, each a real bug or rule somewhere."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.duty.rules.ahead import warning_due
from yanzhen.duty.rules.cover import (
    Half,
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
from yanzhen.duty.rules.layers import Change, Layer, shifts_of
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.rules.turns import Away, deal
from yanzhen.duty.rules.walls import Bent, Hours, stretch
from yanzhen.kernel.wall_time import zone_named

A, B, C = 1, 2, 3
NEW_YORK, BERLIN, CHICAGO = "America/New_York", "Europe/Berlin", "America/Chicago"
ALL_DAY = (Hours(time(9), time(9)),)


def utc(month, day, hour=0, minute=0, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def layer(**changes):
    """A week each from Monday 2 March 2026, Berlin, nine to nine, A then B then C."""
    usual = {
        "number": 1,
        "zone": BERLIN,
        "hours": ALL_DAY,
        "order": (A, B, C),
        "first_date": date(2026, 3, 2),
    }
    return Layer(**(usual | changes))


def who(found):
    return [(p.span.start, p.span.end, p.member, p.why) for p in found.pieces]


def days(count, *, start=(3, 2), change=Change.DAY, away=None, order=(A, B, C)):
    """The members of the first ``count`` turns of a daily layer in UTC."""
    one = layer(zone="UTC", change=change, order=order, hours=(Hours(time(0), time(0)),))
    first = utc(*start)
    shifts = list(shifts_of(one, until=first + timedelta(days=count)))
    return deal(one, shifts, away or Away())


def on(*numbers):
    """The spans of whole days (UTC), counted from 2 March."""
    return [Span(utc(3, 2) + timedelta(days=n), utc(3, 3) + timedelta(days=n)) for n in numbers]


# 1. Wall-clock shifts do not drift when the clocks change.


@settings(max_examples=60, deadline=None)
@given(
    day=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    zone=st.sampled_from([NEW_YORK, BERLIN, "Asia/Shanghai", "Australia/Lord_Howe"]),
    start=st.times(time(4), time(22)).map(lambda t: t.replace(second=0, microsecond=0)),
)
def test_a_shift_opens_at_its_wall_time_on_every_day_of_the_year(day, zone, start):
    found = stretch(day, Hours(start, start), zone)
    assert found.span.start.astimezone(zone_named(zone)).time() == start
    assert found.opened is Bent.STRAIGHT


# 2. Weekly shifts leave no gap in autumn and no overlap in spring.


def test_weekly_shifts_meet_exactly_when_the_clocks_go_back():
    week = layer(zone=CHICAGO, first_date=date(2026, 10, 19), hours=(Hours(time(0), time(0)),))
    found = cover([week], Span(utc(10, 26, 5), utc(11, 9, 6)), away=Away())
    assert [p[:3] for p in who(found)] == [
        (utc(10, 26, 5), utc(11, 2, 6), B),
        (utc(11, 2, 6), utc(11, 9, 6), C),
    ]


@settings(max_examples=40, deadline=None)
@given(
    day=st.dates(date(2026, 1, 1), date(2027, 6, 30)),
    zone=st.sampled_from([NEW_YORK, BERLIN, CHICAGO, "Australia/Lord_Howe", "Africa/Casablanca"]),
    change=st.sampled_from(Change),
    wall=st.times().map(lambda t: t.replace(minute=t.minute // 30 * 30, second=0, microsecond=0)),
)
def test_a_round_the_clock_layer_has_no_gap_and_no_overlap_in_any_week(day, zone, change, wall):
    round_the_clock = layer(
        zone=zone, change=change, hours=(Hours(wall, wall),), first_date=day - timedelta(days=9)
    )
    start = datetime.combine(day, time(0), UTC)
    whole = Span(start, start + timedelta(days=14))
    found = cover([round_the_clock], whole, away=Away())
    assert gaps(found.pieces, [whole]) == []
    lengths = sum((p.span.length for p in found.pieces), timedelta())
    assert lengths == whole.length


# 3. Shifts across the change are as long as they really are.


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 7), 7), (date(2026, 10, 31), 9), (date(2026, 7, 1), 8)]
)
def test_a_night_shift_is_as_long_as_the_night(day, hours):
    found = stretch(day, Hours(time(22), time(6)), NEW_YORK)
    assert found.span.length == timedelta(hours=hours)


# 4. Times that do not exist move forward; of times that exist twice a shift takes all.


def test_a_start_in_the_gap_moves_forward_and_says_so():
    found = stretch(date(2026, 3, 8), Hours(time(2, 30), time(8)), NEW_YORK)
    assert (found.span.start, found.opened) == (utc(3, 8, 7, 30), Bent.MOVED)


def test_a_shift_inside_the_gap_keeps_its_length_and_one_across_its_end_is_swallowed():
    inside = stretch(date(2026, 3, 8), Hours(time(2, 15), time(2, 45)), NEW_YORK)
    assert inside.span == Span(utc(3, 8, 7, 15), utc(3, 8, 7, 45))
    assert stretch(date(2026, 3, 8), Hours(time(2, 30), time(3, 15)), NEW_YORK) is None


def test_a_time_that_happens_twice_opens_the_first_and_closes_the_second_time():
    opens = stretch(date(2026, 11, 1), Hours(time(1, 30), time(6)), NEW_YORK)
    closes = stretch(date(2026, 10, 31), Hours(time(22), time(1, 30)), NEW_YORK)
    assert (opens.span.start, opens.opened) == (utc(11, 1, 5, 30), Bent.FIRST)
    assert (closes.span.end, closes.closed) == (utc(11, 1, 6, 30), Bent.SECOND)


def test_who_was_there_first_stays_through_the_hour_that_happens_twice():
    two = layer(
        zone=NEW_YORK,
        change=Change.SHIFT,
        first_date=date(2026, 10, 31),
        hours=(Hours(time(13, 30), time(1, 30)), Hours(time(1, 30), time(13, 30))),
    )
    found = cover([two], Span(utc(10, 31, 17, 30), utc(11, 2, 6, 30)), away=Away())
    assert gaps(found.pieces, [Span(utc(10, 31, 17, 30), utc(11, 2, 6, 30))]) == []
    assert sum((p.span.length for p in found.pieces), timedelta()) == timedelta(hours=37)


# 5. Fixed to UTC is a choice: it is the zone UTC.


def test_a_layer_in_utc_moves_against_the_wall_and_one_in_berlin_does_not():
    before, after = date(2026, 3, 28), date(2026, 3, 30)
    nine = Hours(time(9), time(17))
    assert stretch(before, nine, "UTC").span.start.hour == 9
    assert stretch(after, nine, "UTC").span.start.hour == 9
    assert stretch(before, nine, BERLIN).span.start.hour == 8
    assert stretch(after, nine, BERLIN).span.start.hour == 7


# 6. Overrides split, cover, and fill; nothing of no length is left.


def test_an_override_inside_a_shift_splits_it_in_two():
    order = Override(9, Span(utc(3, 4, 10), utc(3, 4, 12)), B)
    found = cover([layer()], Span(utc(3, 2, 8), utc(3, 9, 8)), away=Away(), overrides=[order])
    assert who(found) == [
        (utc(3, 2, 8), utc(3, 4, 10), A, Why.LAYER),
        (utc(3, 4, 10), utc(3, 4, 12), B, Why.OVERRIDE),
        (utc(3, 4, 12), utc(3, 9, 8), A, Why.LAYER),
    ]


def test_an_override_of_exactly_a_shift_leaves_nothing_of_no_length():
    order = Override(9, Span(utc(3, 2, 8), utc(3, 9, 8)), B)
    found = cover([layer()], Span(utc(3, 2, 8), utc(3, 16, 8)), away=Away(), overrides=[order])
    assert [p[2:] for p in who(found)] == [(B, Why.OVERRIDE), (B, Why.LAYER)]


def test_an_override_fills_a_gap_and_the_newest_of_two_counts():
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
def test_whatever_is_overridden_pieces_never_overlap_and_the_newest_counts(marks):
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

WEEK_1, WEEK_2 = Span(utc(3, 2, 8), utc(3, 9, 8)), Span(utc(3, 9, 8), utc(3, 16, 8))
PAIR = (Half(WEEK_1, giver=A, taker=B), Half(WEEK_2, giver=B, taker=A))
BOTH = Span(WEEK_1.start, WEEK_2.end)


def test_a_swap_changes_both_halves():
    found = cover([layer()], BOTH, away=Away(), swaps=[Swap(5, PAIR)])
    assert [p[2:] for p in who(found)] == [(B, Why.SWAP), (A, Why.SWAP)]


@pytest.mark.parametrize("gone", [{A: [WEEK_2]}, {B: [WEEK_1]}], ids=["second", "first"])
def test_a_swap_that_one_cannot_keep_changes_neither_half(gone):
    found = cover([layer()], BOTH, away=Away(gone), swaps=[Swap(5, PAIR)])
    assert found.void_swaps == {5}
    assert not any(p.why is Why.SWAP for p in found.pieces)


def test_a_swap_of_hours_the_giver_no_longer_has_does_not_hold():
    later = layer(order=(C, B, A))
    assert cover([later], BOTH, away=Away(), swaps=[Swap(5, PAIR)]).void_swaps == {5}


def test_a_swap_that_has_begun_stands_half_by_half():
    gone = Away({A: [WEEK_2]})
    found = cover([layer()], BOTH, away=gone, swaps=[Swap(5, PAIR, begun=True)])
    assert [p[2:] for p in who(found)] == [(B, Why.SWAP), (B, Why.LAYER)]


def test_an_override_counts_more_than_a_swap_and_a_swap_more_than_leave():
    order = Override(9, Span(utc(3, 3, 8), utc(3, 4, 8)), C)
    found = cover([layer()], BOTH, away=Away(), swaps=[Swap(5, PAIR)], overrides=[order])
    assert [p[2:] for p in who(found)] == [
        (B, Why.SWAP),
        (C, Why.OVERRIDE),
        (B, Why.SWAP),
        (A, Why.SWAP),
    ]


# 8. Leave skips fairly, and everybody away is a gap.


def test_leave_skips_to_the_next_and_the_skipped_one_has_a_credit():
    turns = days(7, away=Away({B: on(1)}))
    assert list(turns.taken.values()) == [A, C, B, A, B, C, A]


def test_a_long_leave_is_owed_one_turn_and_not_all_of_them():
    turns = days(16, away=Away({B: on(*range(1, 10))}))
    assert list(turns.taken.values())[10:16].count(B) <= 3


def test_leave_on_part_of_a_week_is_covered_and_the_turn_kept():
    wednesday = Span(utc(3, 4, 8), utc(3, 5, 8))
    found = cover([layer()], WEEK_1, away=Away({A: [wednesday]}))
    assert [p[2:] for p in who(found)] == [(A, Why.LAYER), (B, Why.LEAVE), (A, Why.LAYER)]


def test_everybody_on_leave_is_a_gap_that_a_lower_layer_may_fill():
    gone = Away({m: [WEEK_1] for m in (A, B, C)})
    found = cover([layer(rank=1)], BOTH, away=gone)
    assert gaps(found.pieces, [BOTH]) == [WEEK_1]
    below = layer(number=2, order=(4,), rank=0)
    assert cover([layer(rank=1), below], BOTH, away=gone).at(utc(3, 3)).member == 4


def test_a_gap_is_told_of_14_7_2_and_1_days_ahead():
    gap = Span(utc(3, 31), utc(4, 1))
    told = [warning_due(gap, now=gap.start - timedelta(days=d)) for d in (15, 14, 8, 7, 3, 2, 1, 0)]
    assert told == [None, 14, 14, 7, 7, 2, 1, 1]
    assert warning_due(gap, now=gap.end) is None


@settings(max_examples=80, deadline=None)
@given(
    people=st.integers(1, 5),
    gone=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 39), st.integers(1, 8)), max_size=8),
)
def test_turn_counts_stay_within_one_whoever_is_away(people, gone):
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


def test_a_layer_without_members_is_all_gap():
    nobody = layer(order=())
    found = cover([nobody], WEEK_1, away=Away())
    assert gaps(found.pieces, hours_of([nobody], WEEK_1)) == [WEEK_1]


def test_a_layer_of_one_member_is_always_theirs():
    found = cover([layer(order=(A,))], BOTH, away=Away())
    assert [p[:3] for p in who(found)] == [(BOTH.start, BOTH.end, A)]


def test_somebody_who_leaves_in_the_middle_of_a_shift_is_followed_from_then_on():
    gone = Away({A: [Span(utc(3, 4, 12), utc(12, 31))]})
    found = cover([layer()], Span(utc(3, 4, 12), WEEK_1.end), away=gone, settled={1: {0: A}})
    assert [p[:3] for p in who(found)] == [(utc(3, 4, 12), WEEK_1.end, B)]


def test_turns_that_were_dealt_stand_whatever_is_said_later():
    later = Away({A: [WEEK_1]})
    whole = Span(WEEK_1.start, utc(3, 23, 8))
    anew = cover([layer()], whole, away=later)
    kept = cover([layer()], whole, away=later, settled={1: {0: A}})
    assert [d.member for d in anew.dealt] == [B, C, A]
    assert [d.member for d in kept.dealt] == [A, B, C]


def test_double_names_who_is_primary_and_backup_at_once():
    first = [Piece(WEEK_1, A, Why.LAYER, 1)]
    backup = [Piece(Span(utc(3, 8, 8), utc(3, 12)), A, Why.LAYER, 2)]
    assert double(first, backup) == [(A, Span(utc(3, 8, 8), utc(3, 9, 8)))]


def test_moved_names_those_whose_hours_changed():
    before = cover([layer()], BOTH, away=Away()).pieces
    order = Override(9, Span(utc(3, 3), utc(3, 4)), C)
    after = cover([layer()], BOTH, away=Away(), overrides=[order]).pieces
    assert moved(before, after) == {A, C}
    assert moved(before, before) == frozenset()


# Rotations, weekdays and holidays.


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
