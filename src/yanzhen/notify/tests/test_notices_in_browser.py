"""The page of notices under the keyboard, and an open page that hears of new ones."""

from __future__ import annotations

import pytest
from django.conf import settings as project
from django.test import Client
from playwright.sync_api import expect

from yanzhen.jobs.tests.beats import worker_answers
from yanzhen.notify.models import Notice
from yanzhen.notify.tests.news import told
from yanzhen.people.tests.cast import make_cast

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def lena(settings, live_server, cast, page):
    """Lena's notices, three of them, opened in a browser."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    worker_answers()
    for number in range(3):
        told(cast, cast.lena, url=f"/posts/?q=word-{number}", name=f"Name {number}")
    client = Client()
    client.force_login(cast.lena.user)
    name = project.SESSION_COOKIE_NAME
    key = client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": key, "url": live_server.url}])
    page.goto(f"{live_server.url}/notices/")
    page.wait_for_selector("list-cursor:defined")
    return page


def says(page, words):
    """Wait until the bell says so."""
    sync_api.expect(page.locator("#bell")).to_have_attribute("aria-label", words)


def counts(page, selector, number):
    sync_api.expect(page.locator(selector)).to_have_count(number, timeout=15_000)


def test_keys_move_open_and_mark_as_read(lena):
    says(lena, "Notices, 3 unread")
    lena.keyboard.press("j")
    lena.keyboard.press("j")
    lena.keyboard.press("k")
    lena.keyboard.press("j")
    lena.keyboard.press("Enter")
    lena.wait_for_url("**/posts/?q=word-1")
    says(lena, "Notices, 2 unread")
    lena.keyboard.press("g")
    lena.keyboard.press("u")
    lena.wait_for_url("**/notices/")
    counts(lena, "[data-unread]", 2)
    lena.keyboard.press("e")
    counts(lena, "[data-unread]", 0)
    says(lena, "Notices")
    assert not Notice.objects.unread().exists()


def test_open_page_hears_of_a_new_notice_and_keeps_its_cursor(lena, cast):
    lena.keyboard.press("j")
    first = lena.get_attribute(".item[aria-current=true]", "id")
    told(cast, cast.lena, urgent=True, name="Later")
    lena.evaluate("document.body.dispatchEvent(new CustomEvent('activity:publishing'))")
    counts(lena, ".notice-row", 4)
    says(lena, "Notices, 4 unread")
    assert lena.get_attribute(".item[aria-current=true]", "id") == first
    expect(lena.locator("#bell")).to_have_count(1)


def test_open_page_shows_a_banner_the_moment_it_is_needed_and_takes_it_away(lena, live_server):
    lena.goto(f"{live_server.url}/posts/")
    expect(lena.locator(".banner")).to_have_count(0)
    worker_answers(Notice.objects.first().at)
    lena.evaluate("document.body.dispatchEvent(new CustomEvent('activity:publishing'))")
    lena.wait_for_selector(".banner--ochre")
    assert "yanzhen work" in lena.inner_text(".banner")
    worker_answers()
    counts(lena, ".banner", 0)
