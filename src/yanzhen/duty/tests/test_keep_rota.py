"""Leave, overrides, and what time does: the plan grows and gaps are told of."""

from datetime import timedelta

import pytest

from yanzhen.duty.actions.checks import IsAway, NotQualified, PastHours
from yanzhen.duty.actions.keeping import keep_rota
from yanzhen.duty.actions.laying import HORIZON
from yanzhen.duty.actions.leaving import cancel_leave, import_leave, take_leave
from yanzhen.duty.actions.overriding import NeedsReason, override_duty, withdraw_override
from yanzhen.duty.loops import keep_rotas
from yanzhen.duty.models import Leave, Rota, Turn
from yanzhen.duty.queries import entries_of, gaps_ahead
from yanzhen.duty.rules.ical import NotACalendar, read, written
from yanzhen.duty.rules.layers import Change
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.tests.duties import kinds, make_layer, plan, utc
from yanzhen.notify.models import Notice
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW

pytestmark = pytest.mark.django_db


def names(rota, start, end):
    return [name for name, *_ in plan(rota, start, end)]


def test_edge_08_take_leave_skips_fairly_and_cancelling_puts_it_back(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou, cast.maya, cast.lena], change=Change.DAY)
    before = names(rota, utc(3, 3), utc(3, 9))
    assert before == ["Maya", "Lena", "Zhou", "Maya", "Lena", "Zhou"]
    Notice.objects.all().delete()
    leave = take_leave(cast.maya, span=Span(utc(3, 3), utc(3, 4)), by=cast.maya, now=NOW)
    assert names(rota, utc(3, 3), utc(3, 9)) == ["Lena", "Maya", "Zhou", "Maya", "Lena", "Zhou"]
    told = Notice.objects.filter(kind="duty.turns_moved").order_by("pk")
    assert [notice.member for notice in told] == [cast.lena]
    cancel_leave(leave, by=cast.lin, now=NOW)
    assert names(rota, utc(3, 3), utc(3, 9)) == before
    with pytest.raises(PastHours):
        cancel_leave(leave, by=cast.lin, now=NOW)


def test_take_leave_is_ones_own_or_of_who_sets_the_lead(rota, cast):
    span = Span(utc(3, 3), utc(3, 4))
    take_leave(cast.zhou, span=span, by=cast.lin, now=NOW)
    for by in (cast.maya, cast.wu):
        with pytest.raises(NotAllowed):
            take_leave(cast.zhou, span=span, by=by, now=NOW)
    with pytest.raises(PastHours):
        take_leave(cast.zhou, span=Span(utc(2, 3), utc(2, 4)), by=cast.zhou, now=NOW)


def test_leave_that_began_counts_from_now_on_and_cancelled_midway_until_then(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou, cast.maya])
    leave = take_leave(cast.zhou, span=Span(utc(2, 20), utc(3, 6)), by=cast.zhou, now=utc(3, 3))
    assert leave.start_at == utc(3, 3)
    cancel_leave(leave, by=cast.zhou, now=utc(3, 4))
    assert plan(rota, NOW, utc(3, 8)) == [
        ("Zhou", NOW, utc(3, 3)),
        ("Maya", utc(3, 3), utc(3, 4)),
        ("Zhou", utc(3, 4), utc(3, 9)),
    ]


def test_import_leave_reads_a_calendar_all_or_none_and_no_hours_twice(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou, cast.maya])
    event = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:{}\nSUMMARY:Holiday\nEND:VEVENT\n"
    text = "BEGIN:VCALENDAR\n" + "".join(event.format(d) for d in ("20260303", "20260105"))
    [leave] = import_leave(cast.zhou, text=text, by=cast.zhou, now=NOW)
    # A day in Shanghai.
    assert (leave.start_at, leave.end_at, leave.note) == (utc(3, 2, 16), utc(3, 3, 16), "Holiday")
    assert import_leave(cast.zhou, text=text, by=cast.zhou, now=NOW) == []
    with pytest.raises(NotACalendar):
        import_leave(cast.zhou, text=text + event.format("soon"), by=cast.zhou, now=NOW)
    assert Leave.objects.count() == 1


def test_edge_06_override_duty_splits_a_turn_and_taking_it_back_joins_the_rest(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou, cast.maya])
    hours = Span(utc(3, 4, 10), utc(3, 4, 12))
    override = override_duty(
        rota, member=cast.lena, span=hours, reason="Launch", by=cast.lin, now=NOW
    )
    assert plan(rota, NOW, utc(3, 8)) == [
        ("Zhou", NOW, hours.start),
        ("Lena", hours.start, hours.end),
        ("Zhou", hours.end, utc(3, 9)),
    ]
    withdraw_override(override, by=cast.lin, now=NOW)
    assert plan(rota, NOW, utc(3, 8)) == [("Zhou", NOW, utc(3, 9))]
    assert kinds(rota)[-4:] == [
        "overridden",
        "turns_moved",
        "override_withdrawn",
        "turns_moved",
    ]


def test_an_override_taken_back_midway_stands_until_then(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou])
    hours = Span(utc(3, 4), utc(3, 5))
    override = override_duty(rota, member=cast.lena, span=hours, reason="x", by=cast.lin, now=NOW)
    withdraw_override(override, by=cast.lin, now=utc(3, 4, 6))
    assert names(rota, utc(3, 4), utc(3, 4, 6)) == ["Lena"]
    assert names(rota, utc(3, 4, 6), utc(3, 5)) == ["Zhou"]


def test_override_duty_refuses_who_is_away_gone_or_without_reason(rota, cast):
    hours = Span(utc(3, 4), utc(3, 5))
    take_leave(cast.zhou, span=hours, by=cast.zhou, now=NOW)
    for member, reason, error in [
        (cast.zhou, "Launch", IsAway),
        (cast.wu, "Launch", NotQualified),
        (cast.maya, " ", NeedsReason),
    ]:
        with pytest.raises(error):
            override_duty(rota, member=member, span=hours, reason=reason, by=cast.lin, now=NOW)
    past = Span(utc(2, 4), utc(2, 5))
    with pytest.raises(PastHours):
        override_duty(rota, member=cast.maya, span=past, reason="x", by=cast.lin, now=NOW)


def test_everybody_may_take_hours_nobody_has_and_no_others(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou], hours=[("06:00", "22:00")])
    night = Span(utc(3, 3, 22), utc(3, 4, 6))
    take = {"reason": "I am up", "by": cast.maya, "now": NOW}
    override_duty(rota, member=cast.maya, span=night, **take)
    assert names(rota, night.start, night.end) == ["Maya"]
    for member, span in [
        (cast.maya, Span(utc(3, 4, 21), utc(3, 4, 23))),
        (cast.lena, Span(utc(3, 4, 22), utc(3, 4, 23))),
    ]:
        with pytest.raises(NotAllowed):
            override_duty(rota, member=member, span=span, **take)


def test_keep_rota_grows_the_plan_and_raises_the_mark(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou, cast.maya])
    Notice.objects.all().delete()
    assert keep_rotas(NOW) == 0
    later = NOW + timedelta(days=2)
    assert keep_rotas(later) == 1
    kept = Rota.objects.get()
    assert (kept.settled_at, kept.laid_until_at) == (later, later + HORIZON)
    # Nothing was cut where the plan was laid anew, and nobody is told that all is as it was.
    assert plan(rota, NOW, utc(3, 8)) == [("Zhou", NOW, utc(3, 9))]
    assert not Notice.objects.filter(kind="duty.turns_moved").exists()


def test_edge_08_keep_rota_tells_of_a_gap_14_7_2_and_1_days_ahead_once_each(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou])
    gap = Span(utc(3, 20), utc(3, 21))
    take_leave(cast.zhou, span=gap, by=cast.zhou, now=NOW)
    assert gaps_ahead(rota, now=utc(3, 10)) == [gap]
    told = []
    for days in (17, 14, 13.5, 8, 7, 3, 2, 1, 0.5, 0, -0.25, -0.5):
        keep_rota(rota, now=gap.start - timedelta(days=days))
        told.append(kinds(rota).count("gap_ahead"))
    assert told == [0, 1, 1, 1, 2, 2, 3, 4, 4, 4, 4, 4]
    notices = Notice.objects.filter(kind="duty.gap_ahead", member=cast.lin).order_by("pk")
    assert [notice.urgent for notice in notices] == [False, False, True, True]
    assert not Notice.objects.filter(kind="duty.gap_ahead", member=cast.maya).exists()


def test_keep_rota_asks_as_much_whatever_layers_and_members_there_are(
    rota, cast, django_assert_num_queries
):
    make_layer(rota, cast.lin, [cast.zhou])
    make_layer(rota, cast.lin, [cast.zhou, cast.maya, cast.lena], rank=1, change=Change.DAY)
    keep_rota(rota, now=NOW)
    with django_assert_num_queries(11):
        keep_rota(rota, now=NOW)


def test_the_calendar_of_a_rota_is_what_is_planned(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou, cast.maya])
    whole = Span(NOW, utc(3, 15))
    entries = entries_of(rota, whole, words="%(name)s, %(place)s", host="example.com")
    text = written("Ferrow", entries)
    found = [(busy.title, busy.span) for busy in read(text, zone="UTC")]
    assert found == [
        ("Zhou, On duty", Span(NOW, utc(3, 9))),
        ("Maya, On duty", Span(utc(3, 9), utc(3, 16))),
    ]
    assert len({entry.uid for entry in entries}) == 2
    assert Turn.objects.filter(rota=rota).visible_to(cast.wu).count() == 0
