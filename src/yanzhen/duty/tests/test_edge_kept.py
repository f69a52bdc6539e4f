"""Edge cases of rotas as they are kept in the database and shown on pages."""

from datetime import date, timedelta

import pytest
from django.db.models import F

from yanzhen.activity.feed import events
from yanzhen.config import telling
from yanzhen.duty.actions.calendars import NoCalendar, follow_calendar
from yanzhen.duty.actions.keeping import keep_rota
from yanzhen.duty.actions.overriding import override_duty
from yanzhen.duty.actions.sites import Day, add_site, set_holidays
from yanzhen.duty.loops import keep_calendars
from yanzhen.duty.models import Holiday, Rota, Site, Turn
from yanzhen.duty.queries import loads_of, on_duty
from yanzhen.duty.rules.layers import Change
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.tests.duties import kinds, make_layer, plan, utc
from yanzhen.duty.tests.pages import text_of
from yanzhen.handoff.actions.keeping import keep_workspace
from yanzhen.handoff.actions.opening import open_handover
from yanzhen.handoff.actions.sending import send_handover
from yanzhen.handoff.tests.shifts import accepted, again, lead_with, sent
from yanzhen.notify.models import Notice
from yanzhen.people.models import Workspace
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("then")]
NEW_YORK, SHANGHAI = "America/New_York", "Asia/Shanghai"
OFFICE = {"hours": [("09:00", "17:00")], "weekdays": frozenset(range(1, 6))}


def place(cast, name, zone, calendar):
    made = add_site(cast.workspace, name=name, zone=zone, **OFFICE, by=cast.lin, now=NOW)
    return follow_calendar(made, calendar=calendar, by=cast.lin, now=NOW)


def test_edge_01_05_wall_hours_keep_their_wall_and_utc_is_offered_as_a_choice(rota, cast, ask):
    make_layer(rota, cast.lin, [cast.lena], zone="Europe/Berlin", **OFFICE)
    pinned = make_layer(rota, cast.lin, [cast.maya], zone="UTC", hours=[("20:00", "23:00")])
    opens = [t.start_at.hour for t in Turn.objects.filter(member=cast.lena)]
    assert {*opens} - {NOW.hour} == {8, 7}
    assert {t.start_at.hour for t in Turn.objects.filter(member=cast.maya)} == {20}
    assert '<option value="UTC" selected' in ask(cast.lin, "duty-layer", pinned.pk).text


def test_edge_03_04_what_the_clocks_did_to_a_turn_is_kept_and_said(rota, cast, ask):
    make_layer(rota, cast.lin, [cast.maya], zone=NEW_YORK, hours=[("02:30", "09:00")], rank=1)
    make_layer(rota, cast.lin, [cast.zhou], zone=NEW_YORK, hours=[("22:00", "06:00")])
    moved = Turn.objects.get(member=cast.maya, start_at__date=date(2026, 3, 8))
    assert (moved.start_at, moved.opened) == (utc(3, 8, 7, 30), "moved")
    night = Turn.objects.get(member=cast.zhou, start_at=utc(3, 8, 3))
    assert night.end_at == moved.start_at
    page = text_of(ask(cast.maya, "duty", query=f"?day=2026-03-08&zone={NEW_YORK}"))
    assert "the clocks jump over an end of this turn" in page
    assert "Clocks change: UTC−5 to UTC−4" in page


def test_edge_04_new_rules_of_zones_move_the_future_alone_and_keepers_are_told_the_difference(
    rota, cast
):
    make_layer(rota, cast.lin, [cast.zhou], hours=[("09:00", "17:00")], change=Change.DAY)
    now = utc(3, 10, 20)
    keep_rota(rota, now=now)
    been = Turn.objects.filter(start_at__lt=now).order_by("pk").values_list("start_at", "end_at")
    past = list(been)
    # As older rules would have laid them: an hour early.
    hour = timedelta(hours=1)
    early = Turn.objects.filter(start_at__gt=now)
    count = early.update(start_at=F("start_at") - hour, end_at=F("end_at") - hour)
    Rota.objects.update(tzdata="2019a")
    Notice.objects.all().delete()
    keep_rota(rota, now=now)
    assert list(been.all()) == past
    assert not Turn.objects.exclude(start_at__hour=9).exists()
    told = events().objects.get(kind="duty.zones_changed")
    assert (told.data["old"], told.data["count"]) == ("2019a", count)
    assert told.data["words"].startswith("Zhou: 2026-03-11 08:00–16:00 → 09:00–17:00 UTC; ")
    assert told.data["words"].endswith(f"; +{count - 3}")
    first = [utc(3, 11, 8), utc(3, 11, 16)], [utc(3, 11, 9), utc(3, 11, 17)]
    was, is_now = ([at.isoformat() for at in ends] for ends in first)
    assert told.data["moved"][0] == [cast.zhou.pk, was, is_now]
    keepers = {n.member.name for n in Notice.objects.filter(kind="duty.zones_changed")}
    assert "Lin" in keepers
    assert "Maya" not in keepers
    assert Notice.objects.get(kind="duty.turns_moved").member == cast.zhou
    keep_rota(rota, now=now)
    assert kinds(rota).count("zones_changed") == 1


def test_edge_06_of_two_overrides_of_the_same_hours_the_newest_counts_and_says_why(
    weeks, cast, ask
):
    hours = Span(utc(3, 4, 10), utc(3, 4, 12))
    for member, reason in ((cast.lena, "Launch"), (cast.maya, "Lena is ill")):
        override_duty(weeks, member=member, span=hours, reason=reason, by=cast.lin, now=NOW)
    assert on_duty(cast.workspace, at=hours.start).primary == cast.maya
    page = text_of(ask(cast.lin, "duty", query="?zone=UTC"))
    assert "out of turn: Lena is ill" in page
    assert "out of turn: Launch" not in page


def test_edge_09_public_holidays_close_a_place_and_days_made_up_are_worked(rota, cast, ask):
    shanghai = place(cast, "Shanghai", SHANGHAI, "CN")
    make_layer(rota, cast.lin, [cast.zhou], zone=SHANGHAI, holidays_of=shanghai, **OFFICE)
    laid = {start.date() for _name, start, _end in plan(rota, utc(4, 1), utc(5, 20))}
    # The first of May and the days bridged to it are free, and Saturday the ninth is worked.
    assert not laid & {date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 4), date(2026, 5, 5)}
    assert {date(2026, 5, 6), date(2026, 5, 9)} <= laid
    override_duty(
        rota,
        member=cast.zhou,
        span=Span(utc(5, 1, 1), utc(5, 1, 9)),
        reason="Launch",
        by=cast.lin,
        now=NOW,
    )
    loads = {m.name: load for m, load in loads_of(rota, Span(utc(5, 1), utc(5, 11)))}
    # On duty on a holiday counts as one; the Saturday that was made up is no weekend.
    assert (loads["Zhou"].holidays, loads["Zhou"].weekends) == (8, 0)
    page = text_of(ask(cast.zhou, "duty", query="?day=2026-05-04"))
    assert "Shanghai closed: Labor Day" in page
    assert "Shanghai works: Working day" in page
    cast.zhou.user.language = "zh-hans"
    cast.zhou.user.save()
    assert "劳动节" in text_of(ask(cast.zhou, "duty", query="?day=2026-05-04"))


def test_own_holidays_stand_beside_the_public_ones_of_a_part_of_a_country(rota, cast, ask):
    munich = place(cast, "Munich", "Europe/Berlin", "DE-BY")
    days = [Day(date(2026, 6, 4), made_up=True), Day(date(2026, 9, 21), "Wiesn")]
    set_holidays(munich, days=days, by=cast.lin, now=NOW)
    known = {h.day_date: (h.public, h.made_up) for h in Holiday.objects.filter(site=munich)}
    # Corpus Christi is Bavaria's, and this team works on it; All Saints' stays.
    assert known[date(2026, 6, 4)] == (False, True)
    assert known[date(2026, 11, 1)] == (True, False)
    page = ask(cast.lin, "duty-site", munich.pk).text
    assert "+2026-06-04" in page
    assert "2026-11-01 All" not in page
    # Another country keeps the team's own days; the part is chosen once the country is.
    assert ask(cast.lin, "duty-calendar", munich.pk, country="US", part="BY").status_code == 302
    munich.refresh_from_db()
    assert munich.calendar == "US"
    assert ask(cast.lin, "duty-calendar", munich.pk, country="US", part="CA").status_code == 302
    assert "California" in ask(cast.lin, "duty-settings").text
    own = Holiday.objects.filter(site=munich, public=False)
    assert {h.day_date for h in own} == {date(2026, 6, 4), date(2026, 9, 21)}
    assert ask(cast.lin, "duty-calendar", munich.pk, country="XX").status_code == 422
    ask(cast.lin, "duty-calendar", munich.pk, country="")
    assert not Holiday.objects.filter(public=True).exists()
    with pytest.raises(NoCalendar):
        follow_calendar(munich, calendar="DE-XX", by=cast.lin, now=NOW)
    with pytest.raises(NotAllowed):
        follow_calendar(munich, calendar="DE", by=cast.zhou, now=NOW)


def test_public_holidays_go_on_as_the_years_do_and_when_their_source_knows_better(rota, cast):
    london = place(cast, "London", "Europe/London", "GB-ENG")
    last = Holiday.objects.filter(site=london).latest("day_date").day_date
    assert last == date(2027, 12, 28)
    assert keep_calendars(NOW) == 0
    assert keep_calendars(utc(3, 2) + timedelta(days=500)) == 1
    assert Holiday.objects.filter(site=london).latest("day_date").day_date.year == 2028
    Holiday.objects.filter(site=london, day_date=date(2026, 4, 3)).delete()
    Site.objects.update(calendar_by="0.1", calendar_until_date=date(2029, 1, 1))
    assert keep_calendars(NOW) == 1
    assert Holiday.objects.filter(site=london, day_date=date(2026, 4, 3)).exists()


def test_edge_10_after_a_handoff_who_took_over_is_paged_and_not_who_answered_before(cast):
    lead_with(cast, cast.lena)
    accepted(sent(cast), cast.zhou)
    Notice.objects.all().delete()
    workspace = Workspace.objects.get(pk=cast.workspace.pk)
    later = sent_by_zhou(cast)
    late = later.due_at + timedelta(minutes=16)
    keep_workspace(workspace, now=late)
    # What Lena accepted or acknowledged before binds nobody now: it starts again with the two.
    paged = Notice.objects.filter(kind="handoff.unaccepted")
    assert {notice.member.name for notice in paged} == {"Zhou", "Maya"}


def sent_by_zhou(cast):
    handover = open_handover(
        cast.workspace, to=cast.maya, due_at=utc(3, 2, 14), by=again(cast.zhou), now=utc(3, 2, 13)
    )
    return send_handover(handover, by=again(cast.zhou), now=utc(3, 2, 13))


def test_edge_11_when_nobody_has_it_quiet_hours_keep_nothing_urgent_from_anybody(rota, cast):
    make_layer(rota, cast.lin, [cast.zhou], hours=[("06:00", "22:00")])
    assert telling.on_duty(cast.workspace, utc(3, 4, 12)) == {cast.zhou.pk}
    # An empty answer is what lets urgent news through to all it is for.
    assert telling.on_duty(cast.workspace, utc(3, 4, 23)) == frozenset()


def test_edge_12_times_are_the_viewers_with_the_offset_printed(rota, cast, ask):
    make_layer(rota, cast.lin, [cast.zhou, cast.maya], change=Change.DAY)
    page = text_of(ask(cast.lena, "duty", query="?day=2026-03-04"))
    assert '<span class="num">UTC+1</span>' in page
    # Beside it the hours of whoever has the turn, by their own clocks.
    assert "UTC+8" in page
    assert "UTC−8" in page
