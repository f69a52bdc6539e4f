import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yanzhen.kernel.wall_time import (
    FoldTime,
    GapTime,
    UnknownZone,
    every_zone,
    resolve,
    tzdata_version,
    zone_named,
    zones,
)

FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
STEP = timedelta(days=7)


wall = datetime.fromisoformat


def offset_at(moment, zone):
    return moment.astimezone(zone).utcoffset()


def transitions(zone):
    """Yield (moment of the change in UTC, offset before, offset after), 2024 to 2035."""
    at, offset = FIRST, offset_at(FIRST, zone)
    while at < LAST:
        after = at + STEP
        new = offset_at(after, zone)
        if new != offset:
            low, high = at, after
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if offset_at(middle, zone) == offset else (low, middle)
            yield high.replace(microsecond=0), offset, new
        at, offset = after, new


def naive(moment, offset):
    return (moment + offset).replace(tzinfo=None)


def test_resolve_keeps_wall_times_refuses_gaps_and_asks_about_folds_everywhere():
    begun, seen, gaps, folds = time.process_time(), 0, 0, 0
    for name in sorted(every_zone()):
        zone = zone_named(name)
        for change, old, new in transitions(zone):
            seen += 1
            middle = naive(change, old) + abs(new - old) / 2
            if new > old:
                gaps += 1
                check_gap(name, middle, new - old)
            else:
                folds += 1
                check_fold(name, middle - (old - new), change, old - new)
            for far in (timedelta(hours=-30), timedelta(hours=30)):
                local = naive(change + far, old if far < timedelta(0) else new)
                assert resolve(local, name).at == change + far
    assert len(every_zone()) > 590
    assert gaps > 1000
    assert folds > 1000
    assert seen == gaps + folds
    assert time.process_time() - begun < 10


def check_gap(name, local, jump):
    with pytest.raises(GapTime) as refused:
        resolve(local, name)
    before, after = refused.value.before, refused.value.after
    assert (before, after) == (local - jump, local + jump)
    assert resolve(after, name).at - resolve(before, name).at == jump


def check_fold(name, local, change, jump):
    with pytest.raises(FoldTime) as asked:
        resolve(local, name)
    earlier, later = asked.value.earlier, asked.value.later
    assert earlier.at < change <= later.at
    assert later.at - earlier.at == jump == earlier.offset - later.offset
    assert resolve(local, name, 0).at == earlier.at
    assert resolve(local, name, 1).at == later.at
    assert (resolve(local, name, 0).fold, resolve(local, name, 1).fold) == (0, 1)


def test_resolve_asks_which_of_two_and_names_both():
    with pytest.raises(FoldTime) as asked:
        resolve(wall("2026-10-25T02:30"), "Europe/Berlin")
    assert (asked.value.earlier.abbreviation, asked.value.later.abbreviation) == ("CEST", "CET")
    assert asked.value.earlier.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert asked.value.later.at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_resolve_offers_both_neighbours_of_a_gap():
    with pytest.raises(GapTime) as refused:
        resolve(wall("2026-03-29T02:30"), "Europe/Berlin")
    assert refused.value.before == wall("2026-03-29T01:30")
    assert refused.value.after == wall("2026-03-29T03:30")


def test_resolve_ignores_fold_where_the_time_happens_once():
    resolved = resolve(wall("2026-06-10T17:00"), "Asia/Shanghai", fold=1)
    assert resolved.at == datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
    assert resolved.fold == 0
    assert resolved.tzdata == tzdata_version()


def test_resolve_refuses_a_time_that_has_a_zone_already():
    with pytest.raises(ValueError, match="no zone of its own"):
        resolve(datetime(2026, 6, 10, tzinfo=UTC), "UTC")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Mars/Olympus",
        "../../etc/passwd",
        "/etc/localtime",
        "Europe/",
        "Berlin",
        "x" * 999,
        "\x00",
    ],
)
def test_resolve_refuses_an_unknown_zone(name):
    with pytest.raises(UnknownZone) as refused:
        resolve(wall("2026-06-10T00:00"), name)
    assert len(refused.value.name) <= 60


def test_zones_offers_known_zones_in_order():
    offered = zones()
    assert offered == sorted(set(offered))
    assert set(offered) <= every_zone()
    assert {"Asia/Shanghai", "Europe/Berlin", "America/Los_Angeles", "UTC"} <= set(offered)


def test_tzdata_version_is_a_release():
    assert tzdata_version()[:4].isdigit()
    assert tzdata_version()[4:].isalpha()


@settings(deadline=None)
@given(
    st.datetimes(wall("2024-01-01T00:00"), wall("2035-12-31T00:00")),
    st.sampled_from(sorted(every_zone())),
    st.sampled_from([0, 1]),
)
def test_resolve_reads_back_as_the_same_wall_time(local, name, fold):
    gap = None
    try:
        at = resolve(local, name, fold).at
    except GapTime as refused:
        gap = refused
    if gap is not None:
        assert resolve(gap.before, name, fold).at < resolve(gap.after, name, fold).at
        return
    assert at.astimezone(zone_named(name)).replace(tzinfo=None, fold=0) == local
    assert isinstance(zone_named(name), ZoneInfo)
