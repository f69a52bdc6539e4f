"""The strip of working hours: zones, midnight, weekends and the days whose clocks jump."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from yanzhen.kernel.sky import Hours, Span, sky

BERLIN, SHANGHAI, ANGELES = "Europe/Berlin", "Asia/Shanghai", "America/Los_Angeles"
WEEK = frozenset({1, 2, 3, 4, 5})
EVERY_DAY = frozenset(range(1, 8))
#: A Monday, winter time in Berlin (UTC+1); Shanghai is UTC+8.
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def hours(zone: str, start: int = 9, end: int = 18, days: frozenset[int] = WEEK, city: str = ""):
    return Hours(zone=zone, city=city, start=time(start), end=time(end), days=days)


def drawn(*team: Hours, viewer: str = BERLIN, now: datetime = MONDAY):
    return sky(team, viewer=ZoneInfo(viewer), now=now)


def ends(spans) -> list[tuple[float, float]]:
    return [(span.start, span.end) for span in spans]


def test_sky_draws_hours_in_the_viewers_day():
    found = drawn(hours(BERLIN, city="Berlin"), hours(SHANGHAI, city="Shanghai"))
    rows = {row.city: row for row in found.rows}
    assert ends(rows["Berlin"].spans) == [(9.0, 18.0)]
    assert ends(rows["Shanghai"].spans) == [(2.0, 11.0)]
    assert ends(found.together) == [(9.0, 11.0)]
    assert ends(found.nobody) == [(0.0, 2.0), (18.0, 24.0)]
    assert found.now == 10.0


def test_sky_puts_the_city_furthest_ahead_first():
    found = drawn(hours(ANGELES), hours(BERLIN), hours(SHANGHAI))
    assert [row.zone for row in found.rows] == [SHANGHAI, BERLIN, ANGELES]
    assert [row.time for row in found.rows] == ["17:00", "10:00", "01:00"]


def test_sky_shifts_a_city_by_its_distance_from_the_viewer():
    found = drawn(hours(BERLIN), hours(SHANGHAI), hours(ANGELES))
    shifts = {row.zone: row.shift for row in found.rows}
    assert shifts == {
        BERLIN: 0.0,
        SHANGHAI: pytest.approx(17 / 24, abs=1e-4),
        ANGELES: pytest.approx(9 / 24, abs=1e-4),
    }


def test_sky_wraps_working_hours_at_the_viewers_midnight():
    """California works from 18:00 to 03:00 in Berlin; this morning's part is Sunday's there."""
    everyday = drawn(hours(ANGELES, days=EVERY_DAY))
    assert ends(everyday.rows[0].spans) == [(0.0, 3.0), (18.0, 24.0)]
    weekdays = drawn(hours(ANGELES))
    assert ends(weekdays.rows[0].spans) == [(18.0, 24.0)]


def test_sky_knows_a_night_shift_that_ends_the_next_day():
    night = drawn(hours(BERLIN, 22, 6, days=frozenset({1})))
    assert ends(night.rows[0].spans) == [(22.0, 24.0)]
    tuesday = drawn(hours(BERLIN, 22, 6, days=frozenset({1})), now=MONDAY.replace(day=3))
    assert ends(tuesday.rows[0].spans) == [(0.0, 6.0)]


def test_sky_leaves_the_weekend_empty():
    saturday = drawn(hours(BERLIN), now=MONDAY.replace(day=7))
    assert saturday.rows[0].spans == []
    assert ends(saturday.nobody) == [(0.0, 24.0)]
    assert saturday.together == []


def test_sky_reads_weekdays_where_the_member_sits():
    """Sunday 23:00 in Berlin is Monday morning in Shanghai."""
    sunday = drawn(hours(SHANGHAI, 5, 14), now=datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
    assert ends(sunday.rows[0].spans) == [(22.0, 24.0)]


def test_sky_merges_people_of_one_city_and_counts_them():
    found = drawn(hours(BERLIN, 8, 12), hours(BERLIN, 11, 16), hours(BERLIN, 19, 20))
    row = found.rows[0]
    assert ends(row.spans) == [(8.0, 16.0), (19.0, 20.0)]
    assert (row.people, row.first, row.last) == (3, "08:00", "20:00")
    assert found.together == [], "people of one city are at one desk"


def test_sky_keeps_to_four_cities_and_takes_the_largest():
    zones = ["Asia/Tokyo", SHANGHAI, BERLIN, "Europe/London", ANGELES]
    team = [hours(zone) for zone in zones for _each in range(2)][:-1]
    found = drawn(*team)
    assert {row.zone for row in found.rows} == set(zones) - {ANGELES}


@pytest.mark.parametrize("month_day", [(3, 29), (10, 25)], ids=["forward", "back"])
def test_sky_follows_the_viewers_clock_on_a_day_it_jumps(month_day: tuple[int, int]):
    month, day = month_day
    noon = datetime(2026, month, day, 12, 0, tzinfo=ZoneInfo(BERLIN))
    found = drawn(hours(BERLIN, days=EVERY_DAY), now=noon)
    assert ends(found.rows[0].spans) == [(9.0, 18.0)]
    assert found.now == 12.0


@pytest.mark.parametrize(
    ("month_day", "span"),
    # Europe's clocks jump at 01:00 UTC: Shanghai's eight o'clock falls before, its evening after.
    [((3, 29), (1.0, 11.0)), ((10, 25), (2.0, 10.0))],
    ids=["forward", "back"],
)
def test_sky_of_another_zone_stretches_over_the_jump(month_day: tuple[int, int], span):
    month, day = month_day
    noon = datetime(2026, month, day, 12, 0, tzinfo=ZoneInfo(BERLIN))
    found = drawn(hours(SHANGHAI, 8, 17, days=EVERY_DAY), now=noon)
    assert ends(found.rows[0].spans) == [span]


def test_sky_of_nobody_is_empty_and_does_not_break():
    found = drawn()
    assert (list(found.rows), list(found.together)) == ([], [])
    assert ends(found.nobody) == [(0.0, 24.0)]


@pytest.mark.parametrize(
    ("span", "said"),
    [(Span(9, 11), "2 h"), (Span(9, 11.5), "2½ h"), (Span(9, 9.5), "½ h"), (Span(9, 9.1), "0 h")],
)
def test_span_says_its_length(span: Span, said: str):
    assert span.length == said
    with translation.override("zh-hans"):
        assert span.length == said.replace("h", "时")
