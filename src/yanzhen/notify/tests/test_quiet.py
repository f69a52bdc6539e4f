"""Quiet hours and digests on the clocks of a place, clock changes included."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from yanzhen.notify.rules.quiet import Quiet, next_shown

BERLIN = ZoneInfo("Europe/Berlin")


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def ends(start, end, at):
    """When is it over, for a Berliner who is quiet from ``start`` to ``end``?"""
    return Quiet(time.fromisoformat(start), time.fromisoformat(end), BERLIN).ends_after(utc(at))


@pytest.mark.parametrize(
    ("start", "end", "at", "over"),
    [
        # over midnight, on either side of it, and outside
        ("22:00", "07:00", "2026-01-10T22:30", "2026-01-11T06:00"),
        ("22:00", "07:00", "2026-01-11T05:59", "2026-01-11T06:00"),
        ("22:00", "07:00", "2026-01-11T06:00", "2026-01-11T06:00"),
        ("12:00", "14:00", "2026-01-10T12:30", "2026-01-10T13:00"),
        # the night of 29 March 2026 is an hour shorter: seven o'clock is 05:00 UTC from then on
        ("22:00", "07:00", "2026-03-28T22:30", "2026-03-29T05:00"),
        # half past two does not come that night: quiet ends where the clocks have jumped over it
        ("22:00", "02:30", "2026-03-28T22:30", "2026-03-29T01:00"),
        # the night of 25 October 2026 is an hour longer
        ("22:00", "07:00", "2026-10-24T21:30", "2026-10-25T06:00"),
        # half past two comes twice: it ends at the first, is quiet again, and ends at the second
        ("22:00", "02:30", "2026-10-24T23:00", "2026-10-25T00:30"),
        ("22:00", "02:30", "2026-10-25T01:10", "2026-10-25T01:30"),
    ],
)
def test_quiet_ends_when_the_clocks_show_it(start, end, at, over):
    assert ends(start, end, at) == utc(over)


def test_quiet_never_ends_in_the_past_nor_inside_itself():
    for zone in map(ZoneInfo, ("Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe")):
        quiet = Quiet(time(1, 15), time(2, 45), zone)
        at = utc("2026-03-01T00:00")
        while at < utc("2026-11-15T00:00"):
            over = quiet.ends_after(at)
            assert over >= at
            assert not quiet.holds(over)
            assert over - at < timedelta(hours=3)
            at += timedelta(minutes=47)


@pytest.mark.parametrize(
    ("wall", "after", "shown"),
    [
        ("08:30", "2026-01-10T07:00", "2026-01-10T07:30"),
        ("08:30", "2026-01-10T07:30", "2026-01-11T07:30"),
        ("08:30", "2026-03-28T08:00", "2026-03-29T06:30"),
        ("02:30", "2026-03-28T12:00", "2026-03-29T01:00"),
    ],
)
def test_digest_comes_at_its_hour(wall, after, shown):
    assert next_shown(time.fromisoformat(wall), BERLIN, after=utc(after)) == utc(shown)
