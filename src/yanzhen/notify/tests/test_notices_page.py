"""The page of notices: what it shows, in which order, to whom, and what reading it does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yanzhen.jobs.tests.beats import worker_answers
from yanzhen.kernel.clock import set_to
from yanzhen.notify.actions.seeing import see
from yanzhen.notify.models import Notice
from yanzhen.notify.tests.news import told
from yanzhen.notify.views.notices import PAGE
from yanzhen.people.tests.cast import NOW, join

#: Session, member, roles and the frame 12; count, page, mails that have not left, and events 4.
QUERIES = 16


@pytest.fixture
def enter(client):
    def enter(member, language="en"):
        member.user.language = language
        member.user.save()
        client.force_login(member.user)
        return client

    return enter


def opened(client, **query):
    with set_to(NOW):
        answer = client.get("/notices/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def shown(page):
    return [int(pk) for pk in re.findall(r'id="notice-(\d+)"', page)]


def test_notices_page_lists_ones_own_by_day_newest_first(cast, enter):
    told(cast, cast.lena, name="Old", at=NOW - timedelta(days=3))
    told(cast, cast.lena, name="Before", at=NOW - timedelta(days=1))
    told(cast, cast.lena, cast.zhou, name="Now", urgent=True)
    page = opened(enter(cast.lena))
    mine = Notice.objects.visible_to(cast.lena).newest_first()
    assert shown(page) == [notice.pk for notice in mine]
    assert re.findall(r'<h2 id="day-[^"]*">([^<]*)</h2>', page) == [
        "Today",
        "Yesterday",
        "Fri 27 February",
    ]
    assert page.count("Urgent</span>") == 1
    assert page.count(">Unread</span>") == 3
    assert shown(opened(enter(cast.wu))) == []


def test_notices_page_speaks_the_readers_language(cast, enter):
    told(cast, cast.lena)
    english, chinese = opened(enter(cast.lena)), opened(enter(cast.lena, "zh-hans"))
    said = re.compile(r'class="item__link item__title"[^>]*>([^<]*)<')
    assert said.findall(english) != said.findall(chinese)
    assert "今日" in chinese


def test_notices_page_names_the_day_by_the_readers_own_clock(cast, enter):
    told(cast, cast.maya, at=NOW.replace(hour=7))  # 23:00 of the day before in Los Angeles
    assert "Yesterday" in opened(enter(cast.maya))


def test_notices_page_narrows_to_unread_and_urgent(cast, enter):
    told(cast, cast.lena, name="Read", urgent=True)
    told(cast, cast.lena, name="New")
    read, new = Notice.objects.order_by("pk")
    see(read, now=NOW)
    client = enter(cast.lena)
    assert shown(opened(client, show="unread")) == [new.pk]
    assert shown(opened(client, show="urgent")) == [read.pk]
    assert shown(opened(client, show="odd")) == [new.pk, read.pk]
    assert 'aria-pressed="true">Unread' in opened(client, show="unread")


def test_notices_page_when_empty_says_so(cast, enter):
    client = enter(cast.lena)
    assert "Nothing to tell you" in opened(client)
    assert "Show all notices" in opened(client, show="unread")
    assert "Mark all as read" not in opened(client)


def test_notices_page_gives_htmx_the_rows_alone(cast, enter):
    told(cast, cast.lena)
    answer = enter(cast.lena).get(
        "/notices/", headers={"HX-Request": "true", "HX-Target": "notice-rows"}
    )
    assert "<html" not in answer.content.decode()
    assert "HX-Target" in answer.headers["Vary"]


def test_notices_page_costs_the_same_for_one_and_many_and_is_paged(cast, enter):
    worker_answers()
    client = enter(cast.lena)

    def cost():
        with CaptureQueriesContext(connection) as seen:
            opened(client)
        return len(seen)

    told(cast, cast.lena)
    cost()
    one = cost()
    for number in range(PAGE):
        told(cast, cast.lena, name=f"Name {number}")
    assert (one, cost()) == (QUERIES, QUERIES)
    assert len(shown(opened(client))) == PAGE
    assert len(shown(opened(client, page=2))) == 1
    assert opened(client, page="9" * 30)


def test_open_notice_notes_it_once_and_leads_on(cast, enter):
    told(cast, cast.lena, url="/posts/?stage=held")
    notice = Notice.objects.get()
    client = enter(cast.lena)
    for moment in (NOW, NOW + timedelta(hours=1)):
        with set_to(moment):
            answer = client.get(f"/notices/{notice.pk}/")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/posts/?stage=held")
    notice.refresh_from_db()
    assert notice.seen_at == NOW


def test_open_notice_of_somebody_else_is_not_found(cast, enter):
    told(cast, cast.lena)
    notice = Notice.objects.get()
    for stranger in (cast.zhou, cast.wu):
        client = enter(stranger)
        for pk in (notice.pk, 99, 10**18, 10**30):
            assert client.get(f"/notices/{pk}/").status_code == 404
    notice.refresh_from_db()
    assert notice.seen_at is None


def test_open_notice_from_a_mail_opens_its_own_brand(cast, enter):
    there = join(cast.wu.workspace, cast.lena.user, "creator")
    told(cast, cast.lena, url="/posts/")
    client = enter(cast.lena)
    client.post("/workspaces/", {"workspace": there.workspace_id})
    assert "Other" in client.get("/posts/").content.decode()
    client.get(f"/notices/{Notice.objects.get().pk}/")
    assert "<title>Posts · Ferrow" in client.get("/posts/").content.decode()


def test_mark_all_as_read_leaves_what_came_after_the_page(cast, enter):
    told(cast, cast.lena, cast.zhou, name="Shown")
    client = enter(cast.lena)
    up_to = re.search(r'name="up_to" value="(\d+)"', opened(client))[1]
    told(cast, cast.lena, name="After")
    answer = client.post("/notices/seen/", {"up_to": up_to})
    assert answer.headers["Location"] == "/notices/"
    unread = Notice.objects.unread()
    assert unread.filter(member=cast.lena).count() == 1
    assert unread.filter(member=cast.zhou).count() == 1
    client.post("/notices/seen/")
    assert unread.filter(member=cast.lena).count() == 0


def test_bell_counts_what_is_unread_and_shows_no_zero(cast, enter):
    client = enter(cast.lena)
    page = opened(client)
    bell = re.search(r'<a [^>]*id="bell".*?</a>', page, re.DOTALL)[0]
    assert 'aria-label="Notices"' in bell
    assert "count" not in bell
    told(cast, cast.lena)
    told(cast, cast.lena)
    bell = re.search(r'<a [^>]*id="bell".*?</a>', opened(client), re.DOTALL)[0]
    assert 'aria-label="Notices, 2 unread"' in bell
    assert ">2</span>" in bell
