"""Posts chosen on the calendar: the boxes, the way to what is done with many, and back."""

from __future__ import annotations

from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from yanzhen.planning import best_times
from yanzhen.planning.best_times import BestTime, History, Suggestions
from yanzhen.planning.bulk import MOST_AT_ONCE
from yanzhen.planning.good_times import bands_of
from yanzhen.planning.tests.plan import copy_of, make_post, timed

TUESDAY_NINE = BestTime(
    weekday=1, first_hour=9, end_hour=12, minute=600, posts=12, median=48, times=1.4
)
SHIFT = {"what": "move", "way": "shift", "days": "1", "from": "calendar"}
WEEK = "day=2026-03-10&view=week"


@pytest.fixture
def history(monkeypatch):
    """Let every account do best on Tuesdays from nine to twelve."""
    found = History(posts=80, median=35, best=[TUESDAY_NINE])
    monkeypatch.setattr(best_times, "_sources", [lambda _account, _now: found])
    return found


def page_of(client, query):
    answer = client.get(f"{reverse('calendar')}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("view", ["month", "week", "day", "list"])
def test_every_view_has_a_box_for_every_post_and_a_bar_that_sends_them(enter, cast, account, view):
    placed = timed(make_post(account, cast.zhou, title="Seat 7A"), cast.zhou)
    waiting = make_post(account, cast.zhou, title="Tray")
    page = page_of(enter(cast.zhou), f"day=2026-03-10&month=2026-03&view={view}")
    for post in (placed, waiting):
        assert f'name="post" value="{post.pk}" form="chosen"' in page
    assert "Choose Seat 7A" in page
    assert 'id="chosen" method="get" action="/posts/bulk/"' in page
    assert 'name="from" value="calendar"' in page


def test_whoever_may_do_nothing_to_many_has_nothing_to_choose(enter, cast, account):
    timed(make_post(account, cast.zhou), cast.zhou)
    page = page_of(enter(cast.admin), "month=2026-03")
    assert ('form="chosen"' in page) == ('name="what"' in page)


def test_bulk_from_the_calendar_leads_back_to_it_and_so_does_its_undo(enter, cast, account):
    post = timed(make_post(account, cast.zhou), cast.zhou)
    client = enter(cast.zhou)
    sent = {**SHIFT, "post": [post.pk], "back": WEEK}
    looked = client.post(reverse("posts-bulk"), sent)
    assert "Back to the calendar" in looked.content.decode()
    seen = {f"seen-{post.pk}": looked.context["able"][0].seen}
    yes = {**sent, **seen, "answers": looked.context["answers"], "sure": "yes"}
    answer = client.post(reverse("posts-bulk"), yes)
    assert answer.url == f"{reverse('calendar')}?{WEEK}"
    assert copy_of(post).due_wall == "2026-03-11T10:00"
    [told] = get_messages(answer.wsgi_request)
    undo = told.extra_tags.removeprefix("undo:")
    assert parse_qs(urlsplit(undo).query) == {"from": ["calendar"], "back": [WEEK]}
    undone = client.post(undo, headers={"HX-Request": "true"})
    assert undone.headers["HX-Redirect"] == f"{reverse('calendar')}?{WEEK}"
    assert copy_of(post).due_wall == "2026-03-10T10:00"


def test_bulk_leads_nowhere_but_to_our_own_pages(enter, cast, account):
    client = enter(cast.zhou)
    for sent, leads in (
        ({"from": "calendar", "back": "//evil.example/"}, "/calendar/?"),
        ({"from": "//evil.example", "back": "x=1"}, "/posts/?x=1"),
        ({"from": "calendar"}, "/calendar/"),
    ):
        answer = client.get(reverse("posts-bulk"), {"what": "move", **sent})
        assert answer.url.startswith(leads)


def test_bulk_says_what_is_beyond_what_goes_at_once(enter, cast, account):
    post = timed(make_post(account, cast.zhou), cast.zhou)
    numbers = [post.pk, *range(10_000, 10_000 + MOST_AT_ONCE + 1)]
    page = enter(cast.zhou).get(reverse("posts-bulk"), {"what": "move", "post": numbers})
    assert page.context["left_out"] == 2
    assert "At most 100 posts go at once: 2 more" in page.content.decode()


def test_good_times_stand_in_the_week_with_the_numbers_behind_them(enter, cast, account, history):
    client = enter(cast.lena)
    assert "week__best" not in page_of(client, WEEK)
    page = unescape(page_of(client, f"{WEEK}&good=1"))
    assert page.count('class="week__best"') == 1
    assert "--from:0.1667;--to:0.3333" in page
    assert "1.4 times the usual: 48 interactions against 35, 12 posts" in page
    assert f"{reverse('slot-new')}?account={account.pk}&day=2026-03-03&time=10:00" in page
    assert f'href="{reverse("calendar")}?{WEEK}" data-key="b"' in page


def test_good_times_say_which_accounts_have_too_few_posts(enter, cast, account):
    page = page_of(enter(cast.lena), f"{WEEK}&good=1")
    assert "Too few posts out yet to tell" in page


def test_good_times_lie_where_the_viewers_clocks_have_them(account, cast, history):
    """Nine to twelve in Berlin is 16:00 to 19:00 in Shanghai; from New York it begins at 4."""
    told = [Suggestions(account, history, [])]
    days = [date(2026, 3, day) for day in range(9, 16)]
    shanghai = bands_of(told, days, viewer=cast.zhou.user.tz, first_hour=6)
    [band] = shanghai.pop(date(2026, 3, 10))
    assert (band.begins, band.ends) == (f"{10 / 18:.4f}", f"{13 / 18:.4f}")
    assert not shanghai
    late = BestTime(weekday=1, first_hour=15, end_hour=18, minute=900, posts=9, median=9, times=2)
    over = [Suggestions(account, History(40, 5, [late]), [])]
    parted = bands_of(over, days, viewer=cast.zhou.user.tz, first_hour=0)
    assert [(each.begins, each.ends) for each in parted[date(2026, 3, 10)]] == [
        (f"{22 / 24:.4f}", "1.0000")
    ]
    assert [(each.begins, each.ends) for each in parted[date(2026, 3, 11)]] == [
        ("0.0000", f"{1 / 24:.4f}")
    ]
