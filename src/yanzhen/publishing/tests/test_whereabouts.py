"""Telling a restored or copied database: what is found, and what it means."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from yanzhen.publishing.engine.whereabouts import (
    Found,
    Life,
    Marker,
    Suspicion,
    read,
    same_place,
    suspect,
    write,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HERE = "postgresql system=71 database=5 timeline=1"
LIFE = Life("now", HERE, {"before": NOW})
MARKER = Marker("now", 7, NOW)
FOUND = Found(here=HERE, used=True, highest=7, life=LIFE, marker=MARKER)
EARLIER = Marker("before", 99, NOW - timedelta(hours=1))


@pytest.mark.parametrize(
    ("change", "meaning"),
    [
        ({}, None),
        ({"highest": 9}, None),
        ({"marker": replace(MARKER, highest=8)}, Suspicion.BEHIND),
        ({"marker": replace(MARKER, identity="another")}, Suspicion.OTHER),
        # A further machine on the same live database.
        ({"marker": None}, None),
        ({"marker": None, "needs_marker": True}, Suspicion.NO_MARKER),
        ({"unreadable": True}, Suspicion.UNREADABLE),
        ({"here": HERE.replace("database=5", "database=6")}, Suspicion.ELSEWHERE),
        ({"here": HERE.replace("timeline=1", "timeline=2")}, Suspicion.ELSEWHERE),
        ({"here": HERE.replace("system=71", "system=?")}, None),
        # A machine that slept through a restore which has been dealt with.
        ({"marker": EARLIER}, None),
        # It worked on the original after the copy had parted from it.
        ({"marker": replace(EARLIER, at=NOW + timedelta(seconds=1))}, Suspicion.BEHIND),
        ({"life": None}, Suspicion.UNKNOWN),
        ({"life": None, "highest": 0}, None),
        # Nothing to send, so nothing to fear: a data folder that was emptied to start anew.
        ({"used": False, "life": None, "marker": replace(MARKER, identity="old")}, None),
    ],
)
def test_suspect_says_why_a_database_is_taken_for_a_copy(change, meaning):
    assert suspect(replace(FOUND, **change)) == meaning


def test_same_place_compares_what_both_tell():
    assert same_place(HERE, HERE)
    assert not same_place(HERE, "sqlite folder=12")
    assert not same_place("sqlite folder=12", "sqlite folder=13")
    assert same_place("postgresql system=? database=5", "postgresql system=9 database=5")


def test_marker_survives_its_file_and_nonsense_is_none():
    assert read(write(MARKER)) == MARKER
    for text in ("", "{}", "[]", "null", '{"identity": "", "highest": 1, "at": "2026-03-02"}', "x"):
        assert read(text) is None
