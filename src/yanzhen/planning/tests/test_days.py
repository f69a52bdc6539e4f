"""Holidays of countries and the team's own days on the calendar."""

import json
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from yanzhen.activity.feed import events
from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel.holidays import country_name, country_of_zone, holidays_of
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.days import add_team_day, show_holidays
from yanzhen.planning.actions.framing import set_theme
from yanzhen.planning.models import HolidayCountry, TeamDay
from yanzhen.planning.tests.plan import make_post, timed

LABOUR_DAY = datetime.fromisoformat("2026-05-01T10:00")
HTMX = {"HX-Request": "true"}


def names_on(day, *codes):
    found = holidays_of(codes, day, date.fromordinal(day.toordinal() + 1))
    return [(each.name, each.places, each.working) for each in found.get(day, ())]


def undo_of(answer):
    return json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]


def kinds():
    rows = events().objects.filter(kind__contains="holidays_") | events().objects.filter(
        kind__contains="team_day"
    )
    return list(rows.order_by("pk").values_list("kind", flat=True))


def month(client, first="2026-05", **asked):
    answer = client.get(reverse("calendar"), {"month": first, **asked})
    assert answer.status_code == 200
    return answer


def marks(answer, concern):
    return [mark for mark in answer.context["marks"] if mark.concern == concern]


@pytest.mark.parametrize(
    ("day", "codes", "language", "expected"),
    [
        (date(2026, 12, 25), ("DE", "US"), "en", [("Christmas Day", ("DE", "US"), False)]),
        (date(2026, 12, 25), ("DE", "US"), "zh-hans", [("圣诞节", ("DE", "US"), False)]),
        (date(2026, 10, 3), ("DE",), "zh-hans", [("德国统一日", ("DE",), False)]),
        (date(2026, 10, 1), ("CN",), "zh-hans", [("国庆节", ("CN",), False)]),
        (date(2026, 10, 7), ("CN",), "en", [("Day off in lieu", ("CN",), False)]),
        (date(2026, 10, 7), ("CN",), "zh-hans", [("调休", ("CN",), False)]),
        (date(2026, 5, 4), ("CN",), "en", [("Labor Day (observed)", ("CN",), False)]),
        (date(2026, 10, 10), ("CN",), "zh-hans", [("调休上班", ("CN",), True)]),
        (date(2026, 7, 14), ("FR", "GB"), "en", [("National Day", ("FR",), False)]),
    ],
)
def test_holidays_have_names_in_the_readers_language(day, codes, language, expected):
    with override(language):
        assert names_on(day, *codes) == expected


def test_holidays_of_no_country_and_of_unknown_codes_are_none():
    assert names_on(date(2026, 12, 25)) == names_on(date(2026, 12, 25), "XX") == []


def test_country_of_a_zone_is_where_it_lies():
    assert [country_of_zone(zone) for zone in ("Asia/Shanghai", "America/New_York", "UTC")] == [
        "CN",
        "US",
        "",
    ]
    with override("zh-hans"):
        assert country_name("DE") == "德国"


@pytest.mark.parametrize(
    ("day", "yearly", "year", "expected"),
    [
        (date(2024, 2, 29), True, 2026, date(2026, 2, 28)),
        (date(2024, 2, 29), True, 2028, date(2028, 2, 29)),
        (date(2024, 6, 9), False, 2026, None),
        (date(2024, 6, 9), True, 2023, None),
    ],
)
def test_team_day_falls_in_its_year_or_in_each_after_it(day, yearly, year, expected):
    assert TeamDay(date=day, name="Day", yearly=yearly).falls_in(year) == expected


def test_settings_offer_where_the_team_is_and_show_and_hide_holidays(enter, cast):
    client = enter(cast.maya)
    offered = dict(client.get(reverse("calendar-settings")).context["nearby"])
    assert "DE" in offered
    sent = {"country": "DE"}
    answer = client.post(reverse("holidays-add"), sent, headers=HTMX)
    client.post(reverse("holidays-add"), sent)
    assert list(HolidayCountry.objects.values_list("code", flat=True)) == ["DE"]
    assert "DE" not in dict(client.get(reverse("calendar-settings")).context["nearby"])
    client.post(undo_of(answer), headers=HTMX)
    assert not HolidayCountry.objects.exists()
    client.post(reverse("holidays-add"), sent)
    gone = client.post(reverse("holidays-remove", args=["DE"]), headers=HTMX)
    client.post(undo_of(gone), headers=HTMX)
    assert HolidayCountry.objects.count() == 1
    assert kinds()[:2] == ["planning.holidays_shown", "planning.holidays_hidden"]
    client.post(reverse("holidays-add"), {"country": "XX"})
    assert HolidayCountry.objects.count() == 1


def test_own_day_is_marked_refused_twice_and_removed_with_undo(enter, cast):
    client = enter(cast.maya)
    sent = {"day": "2026-05-06", "name": "Founding  day", "yearly": "on", "free": "on"}
    made = client.post(reverse("team-day-add"), sent, headers=HTMX)
    again = client.post(reverse("team-day-add"), sent)
    assert again.status_code == 422
    assert "has this name already" in again.content.decode()
    assert client.post(reverse("team-day-add"), {"day": "soon", "name": ""}).status_code == 422
    row = TeamDay.objects.get()
    assert (row.name, row.yearly, row.free) == ("Founding day", True, True)
    gone = client.post(reverse("team-day-remove", args=[row.pk]), headers=HTMX)
    assert not TeamDay.objects.exists()
    client.post(undo_of(gone), headers=HTMX)
    back = TeamDay.objects.get()
    assert (back.date, back.yearly, back.free) == (row.date, True, True)
    assert client.post(undo_of(made), headers=HTMX).status_code == 404
    assert enter(cast.wu).get(reverse("calendar"), {"month": "2026-05"}).status_code == 200


def test_calendar_shows_special_days_in_every_view_and_points_at_posts_on_them(
    enter, cast, account
):
    show_holidays("DE", by=cast.maya, now=NOW)
    add_team_day(
        day=date(2020, 5, 6), name="Founding day", yearly=True, free=False, by=cast.maya, now=NOW
    )
    labour, founding = (
        datetime.fromisoformat("2026-05-01T10:00"),
        datetime.fromisoformat("2026-05-06T10:00"),
    )
    timed(make_post(account, cast.zhou, title="Off"), cast.zhou, labour)
    timed(make_post(account, cast.zhou, title="On"), cast.zhou, founding)
    client = enter(cast.lena)
    for view in ("month", "week", "list"):
        answer = month(client, view=view, day="2026-05-01")
        assert "Labor Day" in answer.content.decode(), view
    [mark] = marks(month(client), "holiday")
    assert (mark.day, "Labor Day (Germany)" in mark.words) == (LABOUR_DAY.date(), True)
    assert "Founding day" in month(client).content.decode()
    assert "Founding day" not in month(enter(cast.wu)).content.decode()


def test_holiday_counts_where_the_readers_live_and_many_posts_are_one_mark(enter, cast):
    """10 p.m. on 30 April in Berlin is 1 May in Shanghai."""
    account = make_account(cast.workspace, "Ferrow_ZH", zone="Asia/Shanghai")
    show_holidays("CN", by=cast.maya, now=NOW)
    for minute in (0, 45):
        wall = datetime.fromisoformat(f"2026-05-01T04:{minute:02}")
        timed(make_post(account, cast.zhou), cast.zhou, wall, "Asia/Shanghai")
    [mark] = marks(month(enter(cast.lena), "2026-04"), "holiday")
    assert mark.day == date(2026, 4, 30)
    assert mark.words.startswith("2 posts go out on a holiday")


def test_theme_expects_nothing_on_a_holiday_and_something_on_a_make_up_day(enter, cast):
    """The cast's now is Monday 9 March 2026; the days looked at are the seven from it."""
    set_theme(month=date(2026, 3, 1), name="Light", by=cast.maya, now=NOW)
    client = enter(cast.lena)
    before = {mark.day for mark in marks(month(client, "2026-03"), "day")}
    day = min(before)
    add_team_day(day=day, name="Off", yearly=False, free=True, by=cast.maya, now=NOW)
    assert {mark.day for mark in marks(month(client, "2026-03"), "day")} == before - {day}


def test_composer_says_that_the_day_is_a_holiday(enter, cast, account):
    show_holidays("DE", by=cast.maya, now=NOW)
    found = timed(
        make_post(account, cast.zhou), cast.zhou, datetime.fromisoformat("2026-05-01T10:00")
    )
    page = enter(cast.zhou).get(reverse("post", args=[found.pk])).content.decode()
    assert "On a holiday: Labor Day (Germany)" in page


def test_calendar_asks_as_much_for_three_countries_and_days_as_for_one(enter, cast):
    client = enter(cast.lena)

    def count():
        with CaptureQueriesContext(connection) as asked:
            month(client)
        return len(asked)

    def mark(number, code):
        show_holidays(code, by=cast.maya, now=NOW)
        day = date(2026, 5, number)
        add_team_day(day=day, name="Day", yearly=True, free=True, by=cast.maya, now=NOW)

    mark(1, "DE")
    count()
    one = count()
    mark(2, "CN")
    mark(3, "US")
    assert count() == one
