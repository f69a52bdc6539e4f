"""The calendar page: which post shows on which day, and what it costs."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.channels.tests.accounts import make_account
from yanzhen.jobs.tests.beats import worker_answers
from yanzhen.people.actions.workspaces import set_lead
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.framing import add_campaign, set_focus, set_theme
from yanzhen.planning.actions.timing import drop_post
from yanzhen.planning.models import Draft, Focus, Post, Theme
from yanzhen.planning.states import PostState
from yanzhen.planning.tests.plan import make_post, passed, timed


def clock(year, month, day, hour, minute=0):
    """Return what a clock on a wall shows."""
    return datetime.combine(date(year, month, day), time(hour, minute))


def opened(client, **asked):
    answer = client.get(reverse("calendar"), {"month": "2026-03", **asked})
    assert answer.status_code == 200
    return answer


def days_of(answer):
    """Return {day: [pk, ...]} of every cell that has posts."""
    weeks = answer.context["month"].weeks
    return {
        day.date.isoformat(): [event.pk for event in day.events]
        for week in weeks
        for day in week.days
        if day.events
    }


def fill(account, author, count, *, first=datetime(2026, 3, 1, 6, 0, tzinfo=UTC)):
    """Put ``count`` posts into March without asking the actions: a thousand take a minute."""
    posts = [
        Post(
            workspace=account.workspace,
            account=account,
            author=author,
            title=f"Post {number}",
            state=PostState.DRAFT,
            state_since_at=NOW,
            created_at=NOW,
            updated_at=NOW,
            due_wall="2026-03-01T07:00",
            due_zone="Europe/Berlin",
            due_at=first + timedelta(minutes=43 * number),
        )
        for number in range(count)
    ]
    made = Post.objects.bulk_create(posts)
    Draft.objects.bulk_create(
        [Draft(post=post, texts=["Hello"], saved_by=author, saved_at=NOW) for post in made]
    )
    return made


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("view", ["month", "list"])
def test_calendar_speaks_the_readers_language(enter, cast, account, language, view):
    timed(make_post(account, cast.zhou, title="Seat 7A"), cast.zhou)
    cast.zhou.user.language = language
    cast.zhou.user.save()
    page = opened(enter(cast.zhou), view=view).content.decode()
    assert "Seat 7A" in page
    assert ("2026 年 3 月" if language == "zh-hans" else "March 2026") in page
    assert ("按上海时间" if language == "zh-hans" else "Times in Shanghai") in page


def test_calendar_shows_the_month_of_the_viewers_today(enter, cast):
    answer = enter(cast.zhou).get(reverse("calendar"))
    assert answer.context["asked"].month == date(2026, 3, 1)
    assert 'aria-current="date"' in answer.content.decode()


def test_calendar_shows_a_post_on_the_viewers_day_and_not_the_accounts(enter, cast):
    shanghai = make_account(cast.workspace, "Ferrow_ZH", zone="Asia/Shanghai")
    post = make_post(shanghai, cast.zhou)
    timed(post, cast.zhou, clock(2026, 4, 1, 0, 30), "Asia/Shanghai")
    assert days_of(opened(enter(cast.lena))) == {"2026-03-31": [post.pk]}
    answer = opened(enter(cast.lena))
    assert "18:30" in answer.content.decode()
    assert days_of(opened(enter(cast.zhou), month="2026-04")) == {"2026-04-01": [post.pk]}


def test_calendar_counts_the_neighbours_visible_days_and_no_further(enter, cast, account):
    walls = [
        clock(2026, 3, 29, 23, 59),
        clock(2026, 3, 30, 0, 0),
        clock(2026, 5, 3, 23, 59),
    ]
    walls.append(clock(2026, 5, 4, 0, 0))
    posts = [timed(make_post(account, cast.zhou), cast.zhou, wall) for wall in walls]
    answer = opened(enter(cast.lena), month="2026-04")
    assert days_of(answer) == {"2026-03-30": [posts[1].pk], "2026-05-03": [posts[2].pk]}
    assert answer.context["month"].count == 0


def test_calendar_list_has_the_months_own_days_only(enter, cast, account):
    inside = timed(make_post(account, cast.zhou, title="In"), cast.zhou, clock(2026, 4, 1, 9))
    timed(make_post(account, cast.zhou, title="Neighbour"), cast.zhou, clock(2026, 3, 31, 9))
    page = opened(enter(cast.lena), month="2026-04", view="list").content.decode()
    assert f'id="on-{inside.pk}"' in page
    assert "Neighbour" not in page


@pytest.mark.parametrize(
    ("wall", "shown"),
    [
        ((2026, 3, 29, 0, 30), "00:30"),
        ((2026, 3, 29, 3, 30), "03:30"),
        ((2026, 10, 25, 23, 30), "23:30"),
    ],
)
def test_calendar_on_days_the_clocks_change_keeps_day_and_hour(enter, cast, account, wall, shown):
    post = timed(make_post(account, cast.zhou), cast.zhou, clock(*wall))
    answer = opened(enter(cast.lena), month=f"{wall[0]}-{wall[1]:02}")
    assert days_of(answer) == {f"{date(*wall[:3])}": [post.pk]}
    assert f">{shown}<" in answer.content.decode()


def test_calendar_over_new_year_names_the_iso_week_and_its_focus(enter, cast):
    set_focus(week=date(2026, 12, 30), name="Quiet days", by=cast.lin, now=NOW)
    for month in ("2026-12", "2027-01"):
        weeks = opened(enter(cast.lena), month=month).context["month"].weeks
        assert {(week.number, week.focus) for week in weeks} >= {(53, "Quiet days")}
    assert opened(enter(cast.lena), month="2026-12").context["asked"].next.endswith("month=2027-01")


def test_calendar_row_says_what_the_week_is_about_and_what_is_open(enter, cast, account):
    set_theme(month=date(2026, 3, 1), name="Travel light", by=cast.maya, now=NOW)
    set_focus(week=date(2026, 3, 10), name="Sleep on the plane", by=cast.lin, now=NOW)
    for hour in (9, 10):
        timed(make_post(account, cast.zhou), cast.zhou, clock(2026, 3, 10, hour))
    Post.objects.filter(due_wall="2026-03-10T09:00").update(state=PostState.PUBLISHED)
    page = opened(enter(cast.lena)).content.decode()
    assert "Sleep on the plane" in page
    assert "2 posts, 1 open" in page
    assert "March theme, set by Maya" in page


def test_calendar_shows_the_lead_on_today_only(enter, cast):
    shown = opened(enter(cast.lena)).content.decode()
    assert "day__lead" not in shown
    set_lead(cast.workspace, member=cast.lin, until=None, seen=0, by=cast.lena, now=NOW)
    shown = opened(enter(cast.lena)).content.decode()
    assert shown.count('class="day__lead"') == 1


def test_calendar_folds_a_full_day_and_the_list_hides_nothing(enter, cast, account):
    posts = [
        timed(make_post(account, cast.zhou), cast.zhou, clock(2026, 3, 10, 8 + number))
        for number in range(7)
    ]
    page = opened(enter(cast.lena)).content.decode()
    assert [f'id="on-{post.pk}"' in page for post in posts] == [True] * 5 + [False] * 2
    assert "2 more" in page
    assert "view=list#day-2026-03-10" in page
    listed = opened(enter(cast.lena), view="list").content.decode()
    assert all(f'id="on-{post.pk}"' in listed for post in posts)
    timed(posts[6], cast.zhou, clock(2026, 3, 11, 8))
    assert "more<" not in opened(enter(cast.lena)).content.decode()


def test_calendar_keeps_posts_without_a_time_in_the_tray(enter, cast, account):
    draft = make_post(account, cast.zhou)
    ready = passed(make_post(account, cast.zhou), cast.zhou)
    gone = make_post(account, cast.zhou)
    drop_post(gone, by=cast.lin, now=NOW)
    timed(make_post(account, cast.zhou), cast.zhou)
    tray = opened(enter(cast.lena)).context["tray"]
    assert [event.pk for event in tray.events] == [ready.pk, draft.pk]
    assert tray.count == 2


def test_calendar_tray_says_how_many_it_does_not_show(enter, cast, account):
    for _number in range(26):
        make_post(account, cast.zhou)
    assert "2 more without a time" in opened(enter(cast.lena)).content.decode()


def test_calendar_narrows_by_accounts_stage_author_and_campaign(enter, cast, account):
    german = make_account(cast.workspace, "FerrowDE")
    third = make_account(cast.workspace, "FerrowCare")
    june = add_campaign(name="Travel light", code="june", by=cast.lin, now=NOW)
    one = timed(make_post(account, cast.zhou), cast.zhou)
    two = timed(make_post(german, cast.lin), cast.zhou)
    three = timed(make_post(third, cast.zhou), cast.zhou)
    Post.objects.filter(pk=three.pk).update(campaign=june, state=PostState.RETURNED)
    client = enter(cast.lena)

    def found(**asked):
        return sorted(pk for day in days_of(opened(client, **asked)).values() for pk in day)

    assert found() == [one.pk, two.pk, three.pk]
    assert found(account=[account.pk, german.pk]) == [one.pk, two.pk]
    assert found(stage="returned") == [three.pk]
    assert found(author=cast.lin.pk) == [two.pk]
    assert found(campaign=june.pk) == [three.pk]
    asked = opened(client, account=[account.pk, german.pk], author=cast.lin.pk).context["asked"]
    kept = f"account={account.pk}&account={german.pk}&author={cast.lin.pk}"
    for link in (asked.next, asked.previous, asked.as_list, asked.address):
        assert kept in link


def test_calendar_without_what_is_not_there_answers_404(enter, cast, account, post):
    foreign = make_account(cast.wu.workspace, "Other")
    client = enter(cast.lena)
    for asked in (
        {"account": foreign.pk},
        {"account": 999_999},
        {"account": "x"},
        {"author": cast.wu.pk},
        {"campaign": 1},
        {"stage": "gone"},
        {"stage": "dropped"},
        {"view": "year"},
        {"view": "week", "day": "2026-02-30"},
        {"view": "day", "day": "9999-12-31"},
        {"month": "2026-13"},
        {"month": "0001-01"},
        {"month": "9999-12"},
        {"month": "June"},
    ):
        assert client.get(reverse("calendar"), asked).status_code == 404, asked


def test_calendar_at_the_end_of_time_leads_no_further(enter, cast):
    client = enter(cast.lena)
    assert opened(client, month="2006-01").context["asked"].previous == ""
    assert opened(client, month="2100-12").context["asked"].next == ""


def test_calendar_of_others_shows_nothing_of_ours(enter, cast, account, post):
    timed(post, cast.zhou)
    set_theme(month=date(2026, 3, 1), name="Travel light", by=cast.maya, now=NOW)
    answer = opened(enter(cast.wu))
    assert days_of(answer) == {}
    assert answer.context["tray"].count == 0
    assert "Travel light" not in answer.content.decode()


def test_calendar_answers_htmx_with_the_board_alone(enter, cast, post):
    client = enter(cast.zhou)
    asked = {"HX-Request": "true", "HX-Target": "calendar"}
    piece = client.get(reverse("calendar"), headers=asked)
    assert piece.content.decode().lstrip().startswith('<div id="calendar"')
    assert "HX-Target" in piece.headers["Vary"]
    whole = client.get(reverse("calendar"), headers={**asked, "HX-Boosted": "true"})
    assert "<!doctype html>" in whole.content.decode()


def test_calendar_offers_moving_only_what_can_be_moved_to_those_who_may(enter, cast, account):
    post = timed(make_post(account, cast.zhou), cast.zhou)
    assert "data-movable" in opened(enter(cast.lena)).content.decode()
    assert "data-movable" not in opened(enter(cast.admin)).content.decode()
    Post.objects.filter(pk=post.pk).update(state=PostState.PUBLISHED)
    assert "data-movable" not in opened(enter(cast.lena)).content.decode()


@pytest.mark.parametrize("view", ["month", "week", "day", "list"])
def test_calendar_asks_as_much_for_a_thousand_as_for_one(enter, cast, account, view):
    client = enter(cast.lena)

    def count():
        with CaptureQueriesContext(connection) as asked:
            opened(client, view=view)
        return len(asked)

    worker_answers()
    fill(account, cast.zhou, 1)
    make_post(account, cast.zhou)
    count()
    one = count()
    fill(account, cast.zhou, 2)
    make_post(account, cast.maya)
    assert count() == one
    fill(account, cast.zhou, 997)
    assert count() == one
    assert one == QUERIES


#: Session, member, roles, rights lent and the frame 12; accounts, authors, campaigns, posts,
#: focuses, theme, tray and its count, slots, the spacing of posts, tasks and ideas that are due,
#: the team's own days, countries with holidays, and views that are kept 15.
QUERIES = 27


def test_set_theme_shows_it_in_the_band(enter, cast):
    client = enter(cast.maya)
    url = f"{reverse('calendar-theme')}?month=2026-04"
    answer = client.post(url, {"name": "Travel light"})
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/calendar/?month=2026-04")
    theme = Theme.objects.get(month_date=date(2026, 4, 1))
    assert (theme.name, theme.set_by) == ("Travel light", cast.maya)
    piece = client.post(
        url, {"name": "Heavy"}, headers={"HX-Request": "true", "HX-Target": "calendar"}
    )
    assert piece.status_code == 200
    assert "Heavy" in piece.content.decode()
    assert "The theme of April 2026 is set." in piece.headers["HX-Trigger"]


def test_set_focus_shows_it_in_its_week(enter, cast):
    client = enter(cast.maya)
    url = f"{reverse('calendar-focus')}?month=2026-03"
    answer = client.post(url, {"name": "Repair", "week": "2026-03-09"}, follow=True)
    assert "The focus of week 11 is set." in answer.content.decode()
    assert Focus.objects.get().week_date == date(2026, 3, 9)


@pytest.mark.parametrize("name", ["calendar-theme", "calendar-focus"])
@pytest.mark.parametrize("sent", ["", "x" * 81])
def test_set_theme_or_focus_without_words_says_so(enter, cast, name, sent):
    answer = enter(cast.maya).post(reverse(name), {"name": sent, "week": "2026-03-09"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Theme.objects.exists()
    assert not Focus.objects.exists()


def test_set_focus_of_no_week_is_refused(enter, cast):
    for week in ("", "soon", "2026-02-31"):
        answer = enter(cast.maya).post(reverse("calendar-focus"), {"name": "Repair", "week": week})
        assert answer.status_code == 422


@pytest.mark.parametrize("name", ["calendar-theme", "calendar-focus"])
def test_set_theme_or_focus_without_the_right_is_refused(enter, cast, name):
    answer = enter(cast.zhou).post(reverse(name), {"name": "Mine", "week": "2026-03-09"})
    assert answer.status_code == 403
    assert not Theme.objects.exists()


def test_calendar_leaves_out_what_was_dropped(enter, cast, account):
    dropped = timed(make_post(account, cast.zhou), cast.zhou)
    drop_post(dropped, by=cast.lin, now=NOW)
    assert days_of(opened(enter(cast.lena))) == {}
