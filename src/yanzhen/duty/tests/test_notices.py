"""What is told before it happens: who goes on duty and off, and offers nobody takes."""

from datetime import timedelta

import pytest

from yanzhen.duty.actions.keeping import keep_rota
from yanzhen.duty.actions.overriding import override_duty
from yanzhen.duty.actions.swapping import offer_swap
from yanzhen.duty.models import Noticed, Place
from yanzhen.duty.rules.ahead import NUDGE_HOURS, nudge_due
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.tests.duties import kinds, make_layer, utc
from yanzhen.notify.models import Notice
from yanzhen.people.tests.cast import NOW

pytestmark = pytest.mark.django_db


def told(kind):
    """Who was told, and whether urgently, oldest first."""
    rows = Notice.objects.filter(kind=f"duty.{kind}").order_by("event", "member__user__name")
    return [(notice.member.name, notice.urgent) for notice in rows]


def test_keep_rota_tells_both_sides_of_a_change_60_and_10_minutes_ahead_once_each(weeks, cast):
    change = utc(3, 9)
    found = []
    for minutes in (61, 60, 59.5, 30, 10, 9.5, 1, 0, -1):
        keep_rota(weeks, now=change - timedelta(minutes=minutes))
        found.append(kinds(weeks).count("turn_begins"))
    assert found == [0, 1, 1, 1, 2, 2, 2, 2, 2]
    assert told("turn_begins") == [
        ("Maya", False),
        ("Zhou", False),
        ("Maya", True),
        ("Zhou", True),
    ]
    # Marks are let go once they are of no use.
    keep_rota(weeks, now=utc(3, 15, 23, 30))
    assert {mark.at for mark in Noticed.objects.all()} == {utc(3, 16)}


def test_keep_rota_after_a_silence_tells_only_what_is_still_of_use(weeks, cast):
    keep_rota(weeks, now=utc(3, 8, 23, 55))
    assert told("turn_begins") == [("Maya", True), ("Zhou", True)]


def test_going_on_in_another_way_is_no_change_and_somebody_else_meanwhile_is_told_anew(weeks, cast):
    keep_rota(weeks, now=utc(3, 8, 23, 0))
    hours = Span(utc(3, 9), utc(3, 9, 4))
    reason = {"reason": "Maya is late", "by": cast.lin}
    override_duty(weeks, member=cast.zhou, span=hours, now=utc(3, 8, 23, 5), **reason)
    keep_rota(weeks, now=utc(3, 8, 23, 50))
    assert kinds(weeks).count("turn_begins") == 1
    keep_rota(weeks, now=utc(3, 9, 3, 50))
    assert told("turn_begins")[-2:] == [("Maya", True), ("Zhou", True)]


def test_where_nobody_follows_who_goes_and_who_keeps_the_rota_are_told(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou], hours=[("06:00", "22:00")])
    make_layer(rota, cast.lin, [cast.maya], hours=[("10:00", "12:00")], place=Place.BACKUP)
    keep_rota(rota, now=utc(3, 3, 21, 55))
    names = {name for name, urgent in told("turn_ends") if urgent}
    assert {"Zhou", "Lin"} <= names
    assert "Maya" not in names
    keep_rota(rota, now=utc(3, 4, 9, 50))
    assert told("backup_begins") == [("Maya", True)]
    keep_rota(rota, now=utc(3, 4, 11, 50))
    # Nobody stands behind then: that is Maya's news alone.
    assert told("turn_ends")[-1] == ("Maya", True)


def test_an_offer_nobody_takes_is_told_of_again_as_its_hours_come_near(weeks, cast):
    given = Span(utc(3, 16), utc(3, 23))
    offer_swap(weeks, given=given, by=cast.zhou, now=NOW)
    found = []
    for hours in (13 * 24, 169, 168, 167, 72, 48, 24, 12, 11, 1):
        keep_rota(weeks, now=given.start - timedelta(hours=hours))
        found.append(kinds(weeks).count("swap_waits"))
    # Offered 14 days ahead, which was news itself.
    assert found == [0, 0, 1, 1, 2, 3, 4, 5, 5, 5]
    assert {name for name, _urgent in told("swap_waits")} == {"Zhou", "Maya"}


def test_an_offer_to_one_is_told_of_to_the_two(weeks, cast):
    offer_swap(weeks, given=Span(utc(3, 16), utc(3, 17)), asked=cast.lena, by=cast.zhou, now=NOW)
    keep_rota(weeks, now=utc(3, 14))
    assert told("swap_waits") == [("Lena", False), ("Zhou", False)]


def test_nudge_due_is_the_latest_one_and_none_that_was_before_the_offer():
    begins = NOW + timedelta(hours=NUDGE_HOURS[0] + 5)
    ask = {"since": NOW, "told": None}
    at = [nudge_due(begins, now=begins - timedelta(hours=h), **ask) for h in (677, 672, 100, 5, 0)]
    assert at == [None, 672, 168, 12, None]
    late = begins - timedelta(hours=20)
    assert nudge_due(begins, since=late, told=None, now=late + timedelta(hours=1)) is None
    assert nudge_due(begins, since=NOW, told=24, now=late) is None
