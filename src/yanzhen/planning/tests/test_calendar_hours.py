"""Weeks and days by the hour, and what to look at in a plan."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.channels.tests.accounts import make_account
from yanzhen.jobs.tests.beats import worker_answers
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.framing import set_focus, set_theme
from yanzhen.planning.actions.slotting import SlotWish, add_slot, set_spacing
from yanzhen.planning.calendar_days import seen_time
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.planning.tests.plan import copy_of, make_post, timed

HTMX = {"HX-Request": "true", "HX-Target": "calendar"}
BERLIN = "Europe/Berlin"
TEN = datetime.fromisoformat("2026-03-10T10:00")


def opened(client, view="week", **asked):
    answer = client.get(reverse("calendar"), {"day": "2026-03-10", "view": view, **asked})
    assert answer.status_code == 200
    return answer


def boxes(answer, day=date(2026, 3, 10)):
    columns = answer.context["grid"].columns
    (found,) = [column for column in columns if column.day.date == day]
    return [
        (box.event.title if box.event else box.slot.title, box.lane, box.lanes)
        for box in found.boxes
    ]


def words(answer):
    return [mark.words for mark in answer.context["marks"]]


def test_week_lays_posts_and_slots_out_by_the_hour_side_by_side(enter, cast, account):
    for title, minutes in (("One", 0), ("Two", 30), ("Late", 240)):
        wall = TEN + timedelta(minutes=minutes)
        timed(make_post(account, cast.zhou, title=title), cast.zhou, wall)
    wish = SlotWish(account=account, wall=TEN + timedelta(minutes=45), zone=BERLIN, goal="Place")
    add_slot(wish, by=cast.lena, now=NOW)
    answer = opened(enter(cast.lena))
    assert boxes(answer) == [("One", 0, 3), ("Two", 1, 3), ("Place", 2, 3), ("Late", 0, 1)]
    assert "9 to 15 March 2026" in answer.content.decode()
    assert opened(enter(cast.lena), view="day").context["title"] == "Tuesday, 10 March 2026"
    first = answer.context["grid"].columns[1].boxes[0]
    assert first.at == f"{4 / 18:.4f}"


def test_week_shows_the_accounts_hour_where_its_clocks_differ(enter, cast, account):
    shanghai = make_account(cast.workspace, "Ferrow_ZH", zone="Asia/Shanghai")
    timed(make_post(account, cast.zhou, title="Here"), cast.zhou, TEN)
    early = datetime.fromisoformat("2026-03-10T09:30")
    timed(make_post(shanghai, cast.zhou, title="There"), cast.zhou, early, "Asia/Shanghai")
    client = enter(cast.lena)
    page = opened(client)
    grid = page.context["grid"]
    assert grid.first_hour == 2
    assert [box.there for box in grid.columns[1].boxes] == ["09:30", ""]
    assert "09:30 Shanghai" in page.content.decode()
    assert grid.beside == ""
    beside = opened(client, account=shanghai.pk).context["grid"]
    assert beside.beside == "Asia/Shanghai"
    assert [(hour.label, hour.beside) for hour in beside.hours[:2]] == [
        ("02:00", "09:00"),
        ("03:00", "10:00"),
    ]


def test_week_and_day_go_back_and_forth_and_keep_the_filters(enter, cast, account):
    client = enter(cast.lena)
    asked = opened(client, account=account.pk).context["asked"]
    kept = f"view=week&account={account.pk}"
    assert asked.previous.endswith(f"?day=2026-03-03&{kept}")
    assert asked.next.endswith(f"?day=2026-03-17&{kept}")
    assert asked.as_month.endswith(f"?month=2026-03&account={account.pk}")
    day = opened(client, view="day").context["asked"]
    assert day.next.endswith("?day=2026-03-11&view=day")
    last = client.get(reverse("calendar"), {"view": "day", "day": "2100-12-31"})
    assert last.context["asked"].next == ""
    today = client.get(reverse("calendar"), {"view": "week"})
    assert today.context["asked"].day == date(2026, 3, 2)


def test_move_to_an_hour_is_by_the_viewers_clocks_and_undo_takes_it_back(enter, cast):
    shanghai = make_account(cast.workspace, "Ferrow_ZH", zone="Asia/Shanghai")
    post = timed(make_post(shanghai, cast.zhou), cast.zhou, TEN, "Asia/Shanghai")
    client = enter(cast.lena)
    url = f"{reverse('post-move', args=[post.pk])}?view=week&day=2026-03-10"
    sent = {"day": "2026-03-12", "time": "08:15", "seen": seen_time(copy_of(post).due_at)}
    answer = client.post(url, sent, headers=HTMX)
    assert answer.status_code == 200
    assert (copy_of(post).due_wall, copy_of(post).due_zone) == ("2026-03-12T15:15", "Asia/Shanghai")
    assert boxes(answer, date(2026, 3, 12)) == [(post.shown_title, 0, 1)]
    (toast,) = json.loads(answer.headers["HX-Trigger"])["toast"]
    client.post(toast["undo"], headers=HTMX)
    assert copy_of(post).due_wall == "2026-03-10T10:00"
    again = {**sent, "seen": seen_time(copy_of(post).due_at)}
    gap = client.post(url, {**again, "day": "2026-03-29", "time": "02:30"}, headers=HTMX)
    assert gap.status_code == 422
    past = client.post(url, {**again, "day": "2026-03-01"}, headers=HTMX)
    assert past.status_code == 422
    assert copy_of(post).due_wall == "2026-03-10T10:00"


def test_watch_points_at_posts_that_are_nearer_than_the_team_wants(enter, cast, account):
    other = make_account(cast.workspace, "FerrowDE")
    timed(make_post(account, cast.zhou, title="One"), cast.zhou, TEN)
    timed(make_post(account, cast.zhou, title="Two"), cast.zhou, TEN + timedelta(minutes=20))
    timed(make_post(other, cast.zhou, title="Three"), cast.zhou, TEN + timedelta(minutes=10))
    timed(make_post(account, cast.zhou, title="Four"), cast.zhou, TEN + timedelta(minutes=50))
    client = enter(cast.lena)
    near = "“One” and “Two” go out on @Ferrow 20 minutes apart; the team keeps 30."
    assert words(opened(client)) == [near]
    assert "What to look at" in opened(client, view="month", month="2026-03").content.decode()
    assert words(opened(client, author=cast.zhou.pk)) == []
    set_spacing(minutes=0, seen=0, by=cast.maya, now=NOW)
    assert words(opened(client)) == []


def test_watch_points_at_slots_due_soon_bare_days_and_weeks_without_posts(enter, cast, account):
    soon = SlotWish(account=account, wall=datetime(2026, 3, 3, 10), zone=BERLIN, goal="Photo")  # noqa: DTZ001 -- a wall time
    add_slot(soon, by=cast.lena, now=NOW)
    later = SlotWish(account=account, wall=datetime(2026, 3, 18, 10), zone=BERLIN)  # noqa: DTZ001 -- a wall time
    add_slot(later, by=cast.lena, now=NOW)
    set_focus(week=date(2026, 3, 9), name="Repair", by=cast.maya, now=NOW)
    client = enter(cast.lena)
    assert words(opened(client, view="month", month="2026-03")) == [
        "The slot “Photo” on @Ferrow at 10:00 is still empty.",
        "Week 11, “Repair”, has no post yet.",
        "Nothing is written yet for a day with slots.",
    ]
    assert words(opened(client)) == ["Week 11, “Repair”, has no post yet."]
    timed(make_post(account, cast.zhou), cast.zhou, TEN)
    assert words(opened(client)) == []


def test_watch_points_at_bare_working_days_of_a_theme_that_are_near(enter, cast, account):
    set_theme(month=date(2026, 3, 1), name="Travel light", by=cast.maya, now=NOW)
    timed(make_post(account, cast.zhou), cast.zhou, datetime.fromisoformat("2026-03-04T10:00"))
    marks = opened(enter(cast.lena), view="month", month="2026-03").context["marks"]
    assert [mark.day.day for mark in marks] == [2, 3, 5, 6]


def test_watch_of_some_accounts_keeps_what_is_too_near_and_names_no_gaps(enter, cast, account):
    set_theme(month=date(2026, 3, 1), name="Travel light", by=cast.maya, now=NOW)
    set_focus(week=date(2026, 3, 16), name="Repair", by=cast.maya, now=NOW)
    for minutes in (0, 10):
        wall = TEN + timedelta(minutes=minutes)
        timed(make_post(account, cast.zhou, title="One"), cast.zhou, wall)
    soon = SlotWish(account=account, wall=TEN - timedelta(days=7), zone=BERLIN, goal="Photo")
    add_slot(soon, by=cast.lena, now=NOW)
    month = {"view": "month", "month": "2026-03", "account": account.pk}
    marks = opened(enter(cast.lena), **month).context["marks"]
    assert [mark.concern for mark in marks] == ["slot", "close"]


@pytest.mark.parametrize(
    ("asked", "beside"),
    [
        ({"day": "2026-03-22"}, "Asia/Shanghai"),
        ({"day": "2026-03-25"}, ""),
        ({"day": "2026-03-29", "view": "day"}, "Asia/Shanghai"),
    ],
)
def test_second_hours_are_left_out_of_a_week_whose_clocks_change(enter, cast, asked, beside):
    make_account(cast.workspace, "Ferrow_ZH", zone="Asia/Shanghai")
    assert opened(enter(cast.lena), **asked).context["grid"].beside == beside


@pytest.mark.parametrize("view", ["week", "day"])
def test_hours_ask_as_much_for_many_as_for_one(enter, cast, account, view):
    client = enter(cast.lena)

    def count():
        with CaptureQueriesContext(connection) as asked:
            opened(client, view=view)
        return len(asked)

    def add():
        timed(make_post(account, cast.zhou), cast.zhou, TEN)
        wish = SlotWish(account=account, wall=TEN + timedelta(hours=3), zone=BERLIN)
        add_slot(wish, by=cast.lena, now=NOW)

    worker_answers()
    add()
    count()
    one = count()
    add()
    add()
    assert count() == one == QUERIES


#: As the month: see test_calendar_page.
QUERIES = 27


def test_hours_offer_moving_only_what_can_be_moved(enter, cast, account):
    post = timed(make_post(account, cast.zhou), cast.zhou, TEN)
    assert "data-movable" in opened(enter(cast.lena)).content.decode()
    assert "data-movable" not in opened(enter(cast.admin)).content.decode()
    Post.objects.filter(pk=post.pk).update(state=PostState.PUBLISHED)
    assert "data-movable" not in opened(enter(cast.lena)).content.decode()
