"""Edge cases 1 to 5 and 12 of rotas, what clocks do: each a real bug or rule somewhere."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.duty.rules.cover import (
    cover,
    gaps,
)
from yanzhen.duty.rules.layers import Change
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.rules.turns import Away
from yanzhen.duty.rules.walls import Bent, Hours, closing, opening, stretch
from yanzhen.duty.tests.shapes import (
    BERLIN,
    CHICAGO,
    NEW_YORK,
    B,
    C,
    layer,
    utc,
    who,
)
from yanzhen.duty.words import offset_words
from yanzhen.kernel.wall_time import offset_of, zone_named

# 1. Wall-clock shifts do not drift when the clocks change.


@settings(max_examples=60, deadline=None)
@given(
    day=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    zone=st.sampled_from([NEW_YORK, BERLIN, "Asia/Shanghai", "Australia/Lord_Howe"]),
    start=st.times(time(4), time(22)).map(lambda t: t.replace(second=0, microsecond=0)),
)
def test_edge_01_a_shift_opens_at_its_wall_time_on_every_day_of_the_year(day, zone, start):
    found = stretch(day, Hours(start, start), zone)
    assert found.span.start.astimezone(zone_named(zone)).time() == start
    assert found.opened is Bent.STRAIGHT


# 2. Weekly shifts leave no gap in autumn and no overlap in spring.


def test_edge_02_weekly_shifts_meet_exactly_when_the_clocks_go_back():
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
def test_edge_02_round_the_clock_there_is_no_gap_and_no_overlap_in_any_week(
    day, zone, change, wall
):
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
def test_edge_03_a_night_shift_is_as_long_as_the_night(day, hours):
    found = stretch(day, Hours(time(22), time(6)), NEW_YORK)
    assert found.span.length == timedelta(hours=hours)


# 4. Times that do not exist move forward; of times that exist twice a shift takes all.


def test_edge_04_a_start_in_the_gap_moves_forward_and_says_so():
    found = stretch(date(2026, 3, 8), Hours(time(2, 30), time(8)), NEW_YORK)
    assert (found.span.start, found.opened) == (utc(3, 8, 7, 30), Bent.MOVED)


def test_edge_04_a_shift_inside_the_gap_keeps_its_length_and_one_across_its_end_is_swallowed():
    inside = stretch(date(2026, 3, 8), Hours(time(2, 15), time(2, 45)), NEW_YORK)
    assert inside.span == Span(utc(3, 8, 7, 15), utc(3, 8, 7, 45))
    assert stretch(date(2026, 3, 8), Hours(time(2, 30), time(3, 15)), NEW_YORK) is None


def test_edge_04_a_time_that_happens_twice_opens_the_first_and_closes_the_second_time():
    opens = stretch(date(2026, 11, 1), Hours(time(1, 30), time(6)), NEW_YORK)
    closes = stretch(date(2026, 10, 31), Hours(time(22), time(1, 30)), NEW_YORK)
    assert (opens.span.start, opens.opened) == (utc(11, 1, 5, 30), Bent.FIRST)
    assert (closes.span.end, closes.closed) == (utc(11, 1, 6, 30), Bent.SECOND)


def test_edge_04_who_was_there_first_stays_through_the_hour_that_happens_twice():
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


def test_edge_05_a_layer_in_utc_moves_against_the_wall_and_one_in_berlin_does_not():
    before, after = date(2026, 3, 28), date(2026, 3, 30)
    nine = Hours(time(9), time(17))
    assert stretch(before, nine, "UTC").span.start.hour == 9
    assert stretch(after, nine, "UTC").span.start.hour == 9
    assert stretch(before, nine, BERLIN).span.start.hour == 8
    assert stretch(after, nine, BERLIN).span.start.hour == 7


ZONES = st.sampled_from([NEW_YORK, BERLIN, CHICAGO, "Asia/Shanghai", "Australia/Lord_Howe"])
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 30))
WALLS = st.times().map(lambda t: t.replace(minute=t.minute // 15 * 15, second=0, microsecond=0))


@settings(max_examples=60, deadline=None)
@given(day=DAYS, zone=ZONES, start=st.integers(18, 23), length=st.integers(6, 10))
def test_edge_03_a_night_is_longer_or_shorter_by_exactly_what_the_clocks_moved(
    day, zone, start, length
):
    end = time((start + length) % 24)
    found = stretch(day, Hours(time(start), end), zone).span
    jump = offset_of(found.end, zone) - offset_of(found.start, zone)
    assert found.length == timedelta(hours=length) - jump


@settings(max_examples=80, deadline=None)
@given(
    day=DAYS | st.sampled_from([date(2026, 3, 8), date(2026, 11, 1), date(2026, 10, 4)]),
    zone=ZONES,
    wall=WALLS | st.times(time(1), time(3)),
)
def test_edge_04_a_time_is_read_as_the_wall_shows_it_or_what_was_done_is_recorded(day, zone, wall):
    wall = wall.replace(second=0, microsecond=0)
    opened, closed = opening(day, wall, zone), closing(day, wall, zone)
    shown = opened.at.astimezone(zone_named(zone)).replace(tzinfo=None)
    if opened.bent is Bent.MOVED:
        # As far behind the jump as it was meant after it, and the same for both ends.
        assert shown > datetime.combine(day, wall)
        assert opened == closed
    else:
        assert shown == datetime.combine(day, wall)
        twice = opened.at != closed.at
        assert (opened.bent, closed.bent) == (
            (Bent.FIRST, Bent.SECOND) if twice else (Bent.STRAIGHT, Bent.STRAIGHT)
        )
        assert opened.at <= closed.at


@settings(max_examples=40, deadline=None)
@given(day=DAYS, wall=WALLS)
def test_edge_05_hours_in_utc_stand_still_whatever_clocks_do_elsewhere(day, wall):
    found = stretch(day, Hours(wall, wall), "UTC")
    assert found.span.start == datetime.combine(day, wall, UTC)
    assert found.span.length == timedelta(days=1)
    assert (found.opened, found.closed) == (Bent.STRAIGHT, Bent.STRAIGHT)


# 12. Times are shown in the viewer's zone with how far it is from UTC.


@settings(max_examples=60, deadline=None)
@given(
    at=st.integers(0, 700 * 24 * 60).map(lambda n: utc(1, 1) + timedelta(minutes=n)),
    zone=st.sampled_from([NEW_YORK, "Asia/Kathmandu", "Australia/Lord_Howe", "Europe/London"]),
)
def test_edge_12_the_offset_that_is_printed_leads_back_to_the_moment(at, zone):
    words = offset_words(offset_of(at, zone))
    hours, _colon, minutes = words.removeprefix("UTC").replace("−", "-").partition(":")
    distance = timedelta(hours=abs(int(hours or 0)), minutes=int(minutes or 0))
    local = at.astimezone(zone_named(zone)).replace(tzinfo=UTC)
    assert local - (-distance if hours.startswith("-") else distance) == at
