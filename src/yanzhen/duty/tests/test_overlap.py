"""Places at work together: the measured hours, and what would make them enough."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.duty.rules.overlap import (
    MONDAY_TO_FRIDAY,
    STEP,
    Kind,
    Site,
    breaks,
    compliance,
    moved,
    remedy,
    together_on,
    weeks_together,
)
from yanzhen.duty.rules.walls import Hours

NINE_TO_SIX = (Hours(time(9), time(18)),)
EVERY_DAY = frozenset(range(1, 8))
ZONES = {
    "Shanghai": "Asia/Shanghai",
    "London": "Europe/London",
    "New York": "America/New_York",
    "Los Angeles": "America/Los_Angeles",
    "Berlin": "Europe/Berlin",
}
MEASURED_ON = ("2026-01-15", "2026-03-16", "2026-03-30", "2026-07-15", "2026-10-26", "2026-11-02")
MEASURED = {
    ("Shanghai", "London"): (1, 1, 2, 2, 1, 1),
    ("Shanghai", "New York"): (0, 0, 0, 0, 0, 0),
    ("Shanghai", "Los Angeles"): (1, 0, 0, 0, 0, 1),
    ("London", "New York"): (4, 5, 4, 4, 5, 4),
    ("Berlin", "Los Angeles"): (0, 1, 0, 0, 1, 0),
}


def all_enough(first, second, start):
    return all(week.enough() for week in weeks_together(first, second, start=start))


def site(name, *, weekdays=MONDAY_TO_FRIDAY, hours=NINE_TO_SIX, **more):
    return Site(name, ZONES[name], hours, weekdays=weekdays, **more)


@pytest.mark.parametrize("pair", MEASURED, ids="-".join)
def test_together_on_is_as_measured(pair):
    first, second = (site(name, weekdays=EVERY_DAY) for name in pair)
    hours = [together_on(first, second, date.fromisoformat(day)) for day in MEASURED_ON]
    assert hours == [timedelta(hours=n) for n in MEASURED[pair]]


def test_together_on_leaves_out_what_is_too_short_to_hand_over():
    berlin = site("Berlin", hours=(Hours(time(9), time(17, 10)),))
    short = site("New York", hours=(Hours(time(11), time(18)),))
    assert together_on(berlin, short, date(2026, 1, 15)) == timedelta()


def test_weeks_together_lists_a_year_and_the_weeks_clocks_break():
    london, york = site("London"), site("New York")
    weeks = weeks_together(london, york, start=date(2026, 1, 15))
    assert len(weeks) == 52
    assert weeks[0].monday == date(2026, 1, 12)
    apart = [week.monday for week in weeks if week.least != timedelta(hours=4)]
    # America changes on 8 March and 1 November, Europe on 29 March and 25 October.
    assert apart == [date(2026, 3, 9), date(2026, 3, 16), date(2026, 3, 23), date(2026, 10, 26)]
    assert [each.day for each in breaks(london, york, start=date(2026, 1, 15))] == [
        date(2026, 3, 8),
        date(2026, 3, 29),
        date(2026, 10, 25),
        date(2026, 11, 1),
    ]


def test_weeks_together_counts_the_days_both_really_work():
    # Monday morning in Shanghai is Sunday in Los Angeles, so four mornings are left.
    week = weeks_together(site("Shanghai"), site("Los Angeles"), start=date(2026, 1, 15), weeks=1)
    assert (week[0].days, week[0].least) == (4, timedelta(hours=1))


def test_weeks_together_leaves_out_holidays_and_counts_days_made_up():
    closed = frozenset({date(2026, 2, 16), date(2026, 2, 17)})
    made_up = frozenset({date(2026, 2, 28)})
    shanghai = site("Shanghai", closed=closed, opened=made_up)
    london = site("London", weekdays=EVERY_DAY)
    weeks = weeks_together(shanghai, london, start=date(2026, 2, 16), weeks=2)
    assert [week.days for week in weeks] == [3, 6]


def test_compliance_is_the_share_of_weeks_that_reach_it():
    weeks = weeks_together(site("Shanghai"), site("London"), start=date(2026, 1, 5))
    assert sum(week.enough() for week in weeks) == 30
    assert compliance(weeks) == pytest.approx(30 / 52)
    assert compliance([]) == 1.0


def test_remedy_is_the_smallest_move_that_reaches_two_hours_in_every_week():
    found = remedy(site("Shanghai"), site("London"), start=date(2026, 1, 5))
    assert (found.kind, found.site.name, found.by) == (
        Kind.MOVE,
        "Shanghai",
        timedelta(hours=1),
    )
    assert found.site.hours == (Hours(time(10), time(19)),)


def test_remedy_adds_hours_apart_where_no_move_would_do():
    found = remedy(site("Shanghai"), site("New York"), start=date(2026, 1, 5))
    assert found.kind is Kind.SPLIT
    weeks = weeks_together(found.site, site("New York"), start=date(2026, 1, 5))
    if found.site.name == "New York":
        weeks = weeks_together(found.site, site("Shanghai"), start=date(2026, 1, 5))
    assert all(week.enough() for week in weeks)
    assert found.by < timedelta(hours=4)


def test_remedy_is_none_where_all_is_well():
    assert remedy(site("London"), site("Berlin"), start=date(2026, 1, 5)) is None


@settings(max_examples=4, deadline=None)
@given(
    pair=st.lists(st.sampled_from(sorted(ZONES)), min_size=2, max_size=2, unique=True),
    start=st.integers(6, 12),
    day=st.dates(date(2026, 1, 1), date(2027, 6, 30)),
)
def test_remedy_holds_in_every_week_and_nothing_smaller_does(pair, start, day):
    first = site(pair[0], hours=(Hours(time(start), time(start + 8)),))
    second = site(pair[1])
    found = remedy(first, second, start=day)
    one, other = first, second
    if found and found.kind is Kind.MOVE:
        less = abs(found.by) - STEP
        for by in (less, -less):
            near, far = moved(first, by), moved(second, by)
            assert not near or not all_enough(near, second, day)
            assert not far or not all_enough(first, far, day)
    if found:
        one = found.site if found.site.name == first.name else first
        other = found.site if found.site.name == second.name else second
    assert all_enough(one, other, day)


@settings(max_examples=30, deadline=None)
@given(
    pair=st.lists(st.sampled_from(sorted(ZONES)), min_size=2, max_size=2),
    day=st.dates(date(2026, 1, 1), date(2027, 12, 30)),
    start=st.integers(0, 15),
)
def test_together_on_is_what_counting_the_minutes_gives(pair, day, start):
    first = site(pair[0], weekdays=EVERY_DAY, hours=(Hours(time(start), time(start + 8)),))
    second = site(pair[1], weekdays=EVERY_DAY)
    at = datetime.combine(day, time(0), UTC) - timedelta(hours=16)
    minutes = 0
    for n in range(0, 56 * 60, 15):
        moment = at + timedelta(minutes=n)
        here = moment.astimezone(ZoneInfo(first.zone))
        there = moment.astimezone(ZoneInfo(second.zone))
        mine = here.date() == day and time(start) <= here.time() < time(start + 8)
        minutes += 15 * (mine and time(9) <= there.time() < time(18))
    assert together_on(first, second, day) == timedelta(minutes=minutes)
