"""A tour of the calendar without a mouse: choose, move through the bulk page, return, undo."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.conf import settings as project
from django.urls import reverse
from playwright.sync_api import expect

from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel.clock import now
from yanzhen.people.tests.cast import make_cast
from yanzhen.planning.actions.timing import time_post
from yanzhen.planning.actions.writing import create_post
from yanzhen.planning.models import Post
from yanzhen.planning.tests.test_drag_day import plain_names

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
__all__ = ["plain_names"]


@pytest.fixture
def tuesday():
    today = now().date()
    return today + timedelta(days=15 - today.weekday())


@pytest.fixture
def week(page, plain_names, live_server, client, tuesday):
    """Open the week after next as Lena, with a post at 9, 12 and 15 on its Tuesday."""
    cast = make_cast()
    account = make_account(cast.workspace)
    for hour in (9, 12, 15):
        made = create_post(
            account=account, by=cast.zhou, texts=["Hi"], title=f"At {hour}", now=now()
        )
        wall = datetime.combine(tuesday, time(hour))
        time_post(made, by=cast.zhou, wall=wall, zone="Europe/Berlin", now=now())
    client.force_login(cast.lena.user)
    name = project.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.set_viewport_size({"width": 1280, "height": 1700})
    page.goto(f"{live_server.url}{reverse('calendar')}?view=week&day={tuesday}")
    page.wait_for_selector("pick-posts:defined", state="attached")
    return page


def walls():
    return list(Post.objects.order_by("pk").values_list("due_wall", flat=True))


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def told(page, words):
    page.locator("[data-tells]", has_text=words).wait_for(state="attached")


def test_calendar_is_worked_by_keys_alone(week, tuesday):
    before = walls()
    bar = week.locator(".cal-chosen")
    press(week, "j", "Space")
    told(week, "1 post is chosen.")
    press(week, "Shift+ArrowDown", "Shift+ArrowDown")
    told(week, "3 posts are chosen.")
    press(week, "Shift+ArrowUp")
    told(week, "2 posts are chosen.")
    press(week, "Escape")
    told(week, "Nothing is chosen.")
    assert not bar.is_visible()
    press(week, "*")
    told(week, "3 posts are chosen.")
    press(week, "*")
    told(week, "Nothing is chosen.")
    press(week, "x", "k", "x")
    told(week, "2 posts are chosen.")
    week.evaluate("document.querySelector('#calendar').dataset.old = ''")
    week.evaluate("document.querySelector('#calendar').dispatchEvent(new CustomEvent('refresh'))")
    week.wait_for_selector("#calendar:not([data-old])")
    expect(week.locator(".cal-pick :checked")).to_have_count(2)
    assert week.locator("[data-chosen]").inner_text() == "2"
    press(week, "m")
    week.wait_for_url("**/posts/bulk/**")
    for _step in range(80):
        press(week, "Tab")
        if week.evaluate("document.activeElement.name") == "days":
            break
    week.keyboard.type("1")
    press(week, "Enter")
    week.wait_for_selector("#able-h")
    press(week, "Control+Enter")
    week.wait_for_url("**/calendar/?**")
    after = tuesday + timedelta(days=1)
    assert walls() == [f"{after}T09:00", f"{after}T12:00", f"{tuesday}T15:00"]
    week.wait_for_selector("pick-posts:defined", state="attached")
    press(week, "z")
    week.get_by_text("2 posts are as they were.").wait_for()
    assert "view=week" in week.url
    assert walls() == before
    week.wait_for_selector("pick-posts:defined", state="attached")
    press(week, "b")
    week.wait_for_selector("#good")
    press(week, "j", "s")
    week.wait_for_url(lambda url: url.endswith(f"{reverse('slot-new')}?day={tuesday}"))
