"""What is said above every page: loud only when something public goes wrong, with the way out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from yanzhen.jobs.tests.beats import worker_answers
from yanzhen.kernel.clock import set_to
from yanzhen.notify.banners import Tone, banners_for
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.models import Campaign
from yanzhen.publishing.actions.freezing import freeze, freeze_from_shell
from yanzhen.publishing.engine import money
from yanzhen.publishing.models import Delivery, Gate


@pytest.fixture
def at_zhou(desk):
    """The banners Zhou reads now."""

    def read(member=desk.cast.zhou):
        return banners_for(member, now=desk.now)

    return read


def make_late(desk, number=1):
    for _ in range(number):
        delivery = desk.due()
        Delivery.objects.filter(pk=delivery.pk).update(due_at=desk.now - timedelta(minutes=3))


def test_banners_when_all_is_well_are_none_and_cost_one_query(desk):
    worker_answers()
    desk.due()
    now = desk.now
    with CaptureQueriesContext(connection) as asked:
        assert banners_for(desk.cast.zhou, now=now) == []
    assert len(asked) == 1


def test_banner_without_a_worker_says_so_before_anything_is_late(desk, at_zhou):
    (banner,) = at_zhou()
    assert banner.tone == Tone.OCHRE
    assert banner.command == "yanzhen work"
    assert "No worker has run here yet" in banner.text
    answered_at = desk.now - timedelta(minutes=1)
    worker_answers(answered_at)
    (banner,) = at_zhou()
    since = answered_at.astimezone(desk.cast.zhou.user.tz)
    assert f"No worker has answered since {since:%H:%M}" in banner.text


def test_banner_of_late_posts_without_a_worker_is_red_and_says_what_to_do(desk, at_zhou):
    make_late(desk, 2)
    (banner,) = at_zhou()
    assert (banner.tone, banner.command) == (Tone.ALERT, "yanzhen work")
    assert banner.text == "2 posts are late: no worker has run here yet."
    assert banner.url == "/posts/?stage=scheduled"
    answered_at = desk.now - timedelta(minutes=4)
    worker_answers(answered_at)
    (banner,) = at_zhou()
    since = answered_at.astimezone(desk.cast.zhou.user.tz)
    assert banner.text == f"2 posts are late: no worker has answered since {since:%H:%M}."
    with translation.override("zh-hans"):
        (banner,) = at_zhou()
    assert "2 条内容到点未发" in banner.text


def test_banner_of_one_late_post_leads_to_it(desk, at_zhou):
    worker_answers()
    make_late(desk)
    (banner,) = at_zhou()
    assert banner.url == f"/posts/{Delivery.objects.get().post_id}/"
    assert "nothing keeps it back" in banner.text


def test_banner_of_another_brand_is_not_shown(desk, at_zhou):
    worker_answers()
    make_late(desk)
    freeze(desk.cast.workspace, by=desk.cast.zhou, reason="Storm", now=desk.now)
    assert at_zhou(desk.cast.wu) == []


def test_banner_of_a_freeze_is_red_for_everything_and_plum_for_a_part(desk, at_zhou):
    worker_answers()
    zhou = desk.cast.zhou
    freeze(desk.account, by=zhou, reason="Storm", now=desk.now)
    (banner,) = at_zhou()
    assert (banner.tone, banner.url) == (Tone.PLUM, "/freeze/")
    assert banner.text == "@Ferrow is frozen, and nothing of it goes out: Storm"
    campaign = Campaign.objects.create(workspace=desk.cast.workspace, name="Rye", code="rye")
    freeze(campaign, by=zhou, reason="Storm", now=desk.now)
    assert [one.text for one in at_zhou()] == ["2 freezes keep posts back."]
    freeze(desk.cast.workspace, by=zhou, reason="Storm over us", now=desk.now)
    (banner,) = at_zhou()
    assert banner.tone == Tone.ALERT
    assert banner.text == "Everything is frozen, and nothing goes out: Storm over us"


def test_banner_of_a_freeze_of_everything_comes_first_and_says_what_waits(desk, at_zhou):
    make_late(desk)
    freeze_from_shell(None, reason="Attack", now=desk.now)
    freeze(desk.cast.workspace, by=desk.cast.zhou, reason="Storm", now=desk.now)
    frozen, worker = at_zhou()
    assert "Attack" in frozen.text
    assert "1 post came due meanwhile" in frozen.text
    assert worker.tone == Tone.OCHRE
    assert Gate.objects.filter(frozen=True).count() == 2


@pytest.mark.parametrize(("code", "said"), [("no_credits", "Buy credits"), ("spend_cap", "until")])
def test_banner_of_an_app_without_money_names_the_accounts(desk, at_zhou, code, said):
    worker_answers()
    until = None if code == "no_credits" else desk.now + timedelta(days=3)
    money.pause_app(desk.account, code, detail="", until=until, now=desk.now)
    (banner,) = at_zhou()
    assert (banner.url, banner.tone) == ("/money/", Tone.ALERT)
    assert "@Ferrow" in banner.text
    assert said in banner.text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_show_banners_and_open_ones_fetch_them_again(desk, client, language):
    cast = desk.cast
    cast.zhou.user.language = language
    cast.zhou.user.save()
    freeze(cast.workspace, by=cast.lin, reason="<b>Storm</b>", now=desk.now)
    client.force_login(cast.zhou.user)
    for path in ("/", "/posts/", "/notices/", "/review/"):
        page = client.get(path).content.decode()
        assert page.count('role="alert"') == 1
        assert "&lt;b&gt;Storm" in page
    again = re.search(r'hx-get="(/frame/[^"]*)"', page)[1]
    assert client.get(again).status_code == 204
    worker_answers()
    answer = client.get(again)
    assert answer.status_code == 200
    piece = answer.content.decode()
    assert "<html" not in piece
    assert 'id="bell"' in piece
    for slot in ("review", "failures", "more"):
        assert re.search(rf'id="count-{slot}"[^>]*hx-swap-oob="true"', piece)


def test_frame_is_the_same_until_something_changes(desk, client):
    worker_answers()
    client.force_login(desk.cast.zhou.user)
    with set_to(NOW):
        page = client.get("/more/").content.decode()
    again = re.search(r'hx-get="(/frame/[^"]*)"', page)[1]
    assert "every 60s" in page
    assert client.get(again).status_code == 204
    freeze(desk.account, by=desk.cast.lin, reason="Storm", now=desk.now)
    piece = client.get(again).content.decode()
    assert "every 10s" in piece
    assert 'aria-label="Notices, 1 unread"' in piece
