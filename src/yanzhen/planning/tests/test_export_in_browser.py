"""The export menu by keys, and a month on paper."""

import re
from datetime import datetime

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.timing import time_post
from yanzhen.planning.actions.writing import create_post

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
TITLES = [
    "Night train to Berlin, quiet as a library",
    "去柏林的夜车，安静得像图书馆",
    "Donaudampfschifffahrtskapitän" * 3,
]
DRAWN = """() => {
  const {color, backgroundColor} = getComputedStyle(document.querySelector(".print-month"));
  return [color, backgroundColor];
}"""
#: Parts of the paper that do not show all they hold.
CUT = """() => [...document.querySelectorAll(".print-month, .print-month *")].filter(
  (each) => !each.closest(".sr-only") && each.clientWidth && each.scrollWidth > each.clientWidth + 1
).map((each) => each.outerHTML.slice(0, 90))"""


@pytest.fixture
def desk(settings, live_server, cast, account, page):
    """Fill a month with ninety posts, nine on its first day, and open its calendar as Lin."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    for number in range(90):
        day = 1 if number < 9 else number % 28 + 1
        title = f"{number} {TITLES[number % len(TITLES)]}"[:120]
        post = create_post(account=account, by=cast.lin, texts=[f"T{number}"], title=title, now=NOW)
        wall = datetime.fromisoformat(f"2030-04-{day:02}T09:{number % 60:02}")
        time_post(post, by=cast.lin, wall=wall, zone="Asia/Shanghai", now=NOW)
    client = Client()
    client.force_login(cast.lin.user)
    cookie = client.cookies[project.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": project.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}{reverse('calendar')}?month=2030-04")
    return page


def test_menu_is_led_by_keys_to_a_month_on_paper_with_nothing_cut_off(desk):
    desk.wait_for_selector("drop-menu:defined")
    desk.keyboard.press("e")
    desk.keyboard.press("ArrowDown")
    assert desk.evaluate("document.activeElement.textContent") == "Excel or CSV"
    desk.keyboard.press("Escape")
    expect(desk.locator("drop-menu details[open]")).to_have_count(0)
    assert desk.evaluate("document.activeElement.tagName") == "SUMMARY"
    desk.keyboard.press("e")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/calendar/print/**")
    expect(desk.locator(".print-month__table li")).to_have_count(90)

    desk.set_viewport_size({"width": 390, "height": 844})
    assert desk.evaluate("document.documentElement.scrollWidth") == 390

    # What A4 across leaves between the margins, in CSS pixels.
    desk.set_viewport_size({"width": 1054, "height": 726})
    desk.emulate_media(media="print", color_scheme="dark")
    assert desk.evaluate(CUT) == []
    assert not desk.locator(".bar, .rail, [data-print]").first.is_visible()
    in_the_dark = desk.evaluate(DRAWN)
    desk.emulate_media(media="print", color_scheme="light")
    assert desk.evaluate(DRAWN) == in_the_dark, "paper is white"
    paper = desk.pdf(prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 4
    [size] = set(re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+ [\d.]+)\]", paper))
    width, height = map(float, size.split())
    assert (round(width), round(height)) == (842, 595)
