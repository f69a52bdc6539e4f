"""Moving posts by hand and by keys in a real browser."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.conf import settings as project
from django.urls import reverse
from playwright.sync_api import expect

from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel.clock import now
from yanzhen.people.tests.cast import make_cast
from yanzhen.planning.actions.timing import time_post
from yanzhen.planning.actions.writing import create_post
from yanzhen.planning.calendar_days import next_month
from yanzhen.planning.models import Post

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plain_names(settings):
    """Serve scripts under their plain names: the test server knows no others."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def board(page, plain_names, live_server, client):
    """A calendar of next month, opened by Lena, with a post on the 10th and one on the 11th."""
    cast = make_cast()
    account = make_account(cast.workspace)
    first = next_month(now().date().replace(day=1))
    made = []
    for day, title in ((10, "Seat 7A"), (11, "Repair day")):
        post = create_post(account=account, by=cast.zhou, texts=["Hello"], title=title, now=now())
        wall = datetime.combine(first.replace(day=day), time(10))
        made.append(time_post(post, by=cast.zhou, wall=wall, zone="Europe/Berlin", now=now()))
    client.force_login(cast.lena.user)
    name = project.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(f"{live_server.url}{reverse('calendar')}?month={first:%Y-%m}")
    page.wait_for_selector("drag-day:defined", state="attached")
    return Board(page, first, *made)


class Board:
    """The page, the month's first day, and the two posts."""

    def __init__(self, page, first, seat, repair):
        self.page, self.first, self.seat, self.repair = page, first, seat, repair

    def day(self, number):
        return self.page.locator(f'[data-day="{self.first.replace(day=number)}"]')

    def event(self, post):
        return self.page.locator(f"#event-{post.pk}")

    def shows(self, post, number):
        """Wait until the post stands on that day of the board that came from the server."""
        self.page.wait_for_selector(
            f'[data-day="{self.first.replace(day=number)}"] #on-{post.pk}:not([aria-busy])'
        )
        expect(self.page.locator(".htmx-request")).to_have_count(0)

    def drag(self, post, number):
        cell = self.page.locator("td").filter(has=self.day(number)).bounding_box()
        event = self.event(post).bounding_box()
        mouse = self.page.mouse
        mouse.move(event["x"] + 60, event["y"] + 8)
        mouse.down()
        mouse.move(event["x"] + 70, event["y"] + 14, steps=3)
        mouse.move(cell["x"] + cell["width"] / 2, cell["y"] + cell["height"] - 12, steps=8)
        mouse.up()

    def kept(self, post):
        return date.fromisoformat(Post.objects.get(pk=post.pk).due_wall[:10]).day


def test_drag_moves_a_post_and_undo_takes_it_back(board):
    board.drag(board.seat, 17)
    board.page.get_by_text("“Seat 7A” goes out").wait_for()
    board.shows(board.seat, 17)
    assert board.kept(board.seat) == 17
    assert board.page.url.endswith(f"{board.first:%Y-%m}")
    board.page.locator("toast-region [data-undo]").click()
    board.shows(board.seat, 10)
    assert board.kept(board.seat) == 10


def test_keys_move_a_post_and_z_takes_it_back(board):
    board.event(board.repair).focus()
    keys = board.page.keyboard
    for key in ("m", "ArrowRight", "ArrowDown", "Enter"):
        keys.press(key)
    board.page.get_by_text("“Repair day” goes out").wait_for()
    board.shows(board.repair, 19)
    assert board.kept(board.repair) == 19
    focused = board.page.evaluate("document.activeElement.id")
    assert focused == f"event-{board.repair.pk}"
    keys.press("z")
    board.shows(board.repair, 11)
    assert board.kept(board.repair) == 11


def test_escape_puts_the_post_back(board):
    board.event(board.repair).focus()
    for key in ("m", "ArrowUp", "Escape"):
        board.page.keyboard.press(key)
    board.shows(board.repair, 11)
    assert board.kept(board.repair) == 11


def test_refused_move_snaps_back_and_says_why(board):
    past = now() - timedelta(days=1)
    Post.objects.filter(pk=board.seat.pk).update(due_at=past, due_wall="2026-01-01T10:00")
    board.drag(board.seat, 17)
    board.page.get_by_text("Somebody moved “Seat 7A” meanwhile").wait_for()
    expect(board.day(17).locator("li")).to_have_count(0)


def test_button_asks_for_the_day_without_dragging(board):
    board.event(board.seat).hover()
    board.page.locator(f"#move-{board.seat.pk}").click()
    board.page.locator("#move-day").fill(f"{board.first.replace(day=20)}")
    board.page.get_by_role("button", name="Move it").click()
    board.page.get_by_text("“Seat 7A” goes out").wait_for()
    board.shows(board.seat, 20)
    assert board.kept(board.seat) == 20
