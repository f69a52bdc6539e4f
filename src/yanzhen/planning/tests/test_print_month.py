"""A month on paper."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.slotting import SlotWish, add_slot


def test_printed_month_has_its_empty_slots(enter, cast, account):
    wall = datetime(2026, 3, 12, 14, 0)  # noqa: DTZ001 -- a wall time
    wish = SlotWish(account=account, wall=wall, zone="Europe/Berlin", goal="Photo of the week")
    add_slot(wish, by=cast.lena, now=NOW)
    page = enter(cast.lena).get(reverse("calendar-print"), {"month": "2026-03"}).content.decode()
    assert "Photo of the week" in page
    assert "print-month__slot-key" in page
    other = enter(cast.lena).get(reverse("calendar-print"), {"month": "2026-04"}).content.decode()
    assert "print-month__slot-key" not in other
