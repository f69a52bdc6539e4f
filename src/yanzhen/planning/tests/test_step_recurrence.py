"""The times of a recurring post step on the wall, whatever the clocks do."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from yanzhen.planning.recurrence import Odd, Rule, next_that_exists, rule_faults, times_of

BERLIN = "Europe/Berlin"


def at(text):
    return datetime.fromisoformat(text)


def walls(rule, start, zone=BERLIN, fold=0):
    return [f"{t.wall:%m-%d %H:%M}" for t in times_of(rule, wall=at(start), zone=zone, fold=fold)]


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        (Rule("day", 2, 3), "2026-03-10T10:00", ["03-10 10:00", "03-12 10:00", "03-14 10:00"]),
        (Rule("week", 1, 3), "2026-03-10T10:00", ["03-10 10:00", "03-17 10:00", "03-24 10:00"]),
        (
            Rule("week", 2, 4, (0, 4)),
            "2026-03-10T10:00",
            ["03-10 10:00", "03-13 10:00", "03-23 10:00", "03-27 10:00"],
        ),
        (
            Rule("month", 1, 4),
            "2026-01-31T10:00",
            ["01-31 10:00", "02-28 10:00", "03-31 10:00", "04-30 10:00"],
        ),
        (Rule("month", 12, 2), "2024-02-29T10:00", ["02-29 10:00", "02-28 10:00"]),
        (Rule("month", 5, 3), "2026-10-01T10:00", ["10-01 10:00", "03-01 10:00", "08-01 10:00"]),
    ],
)
def test_times_of_steps_on_the_wall(rule, start, expected):
    assert walls(rule, start) == expected


def test_times_of_keeps_the_hour_when_the_clocks_change():
    times = times_of(Rule("week", 1, 2), wall=at("2026-03-25T09:00"), zone=BERLIN, fold=0)
    assert [t.at for t in times] == [
        datetime(2026, 3, 25, 8, tzinfo=UTC),
        datetime(2026, 4, 1, 7, tzinfo=UTC),
    ]


def test_times_of_takes_the_next_that_exists_in_a_gap():
    times = times_of(Rule("day", 1, 3), wall=at("2026-03-28T02:30"), zone=BERLIN, fold=0)
    assert [(f"{t.wall:%d %H:%M}", t.odd) for t in times] == [
        ("28 02:30", Odd.NONE),
        ("29 03:00", Odd.MOVED),
        ("30 02:30", Odd.NONE),
    ]
    assert times[1].at == datetime(2026, 3, 29, 1, tzinfo=UTC)


@pytest.mark.parametrize(("fold", "hour"), [(0, 0), (1, 1)])
def test_times_of_takes_the_post_s_own_side_of_a_repeated_hour(fold, hour):
    times = times_of(Rule("day", 1, 2), wall=at("2026-10-24T02:30"), zone=BERLIN, fold=fold)
    assert (times[1].odd, times[1].at) == (Odd.TWICE, datetime(2026, 10, 25, hour, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("zone", "wall", "expected"),
    [
        ("Australia/Lord_Howe", "2026-10-04T02:10", "2026-10-04T02:30"),
        ("Pacific/Apia", "2011-12-30T10:00", "2011-12-31T00:00"),
        (BERLIN, "2026-03-29T01:59", "2026-03-29T01:59"),
    ],
)
def test_next_that_exists_finds_the_end_of_every_gap(zone, wall, expected):
    assert next_that_exists(at(wall), zone) == at(expected)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tehran", "Africa/Cairo", BERLIN])
def test_times_of_rise_for_ever_in_every_zone(zone):
    times = times_of(Rule("day", 1, 60), wall=at("2026-02-20T02:30"), zone=zone, fold=0)
    assert all(one.at < other.at for one, other in pairwise(times))


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        (Rule("week", 12, 60, (0, 6)), []),
        (Rule("year", 1, 2), ["step"]),
        (Rule("day", 0, 2), ["every"]),
        (Rule("day", 13, 1), ["every", "times"]),
        (Rule("day", 1, 61), ["times"]),
        (Rule("day", 1, 2, (1,)), ["weekdays"]),
        (Rule("week", 1, 2, (7,)), ["weekdays"]),
    ],
)
def test_rule_faults_names_what_is_out_of_bounds(rule, wrong):
    assert list(rule_faults(rule)) == wrong
