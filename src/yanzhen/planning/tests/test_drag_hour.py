"""Moving posts and slots among hours by hand and by keys in a real browser."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.conf import settings as project
from django.urls import reverse

from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel.clock import now
from yanzhen.people.tests.cast import make_cast
from yanzhen.planning.actions.slotting import SlotWish, add_slot
from yanzhen.planning.actions.timing import time_post
from yanzhen.planning.actions.writing import create_post
from yanzhen.planning.models import Post, Slot
from yanzhen.planning.tests.test_drag_day import plain_names

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
BERLIN = "Europe/Berlin"
__all__ = ["plain_names"]


class Board:
    """A week opened by Lena: a post on its Tuesday at 10, a slot at 14, a draft without a time."""

    def __init__(self, page, live_server, client):
        cast = make_cast()
        account = make_account(cast.workspace)
        today = now().date()
        self.page, self.monday = page, today + timedelta(days=14 - today.weekday())
        tuesday = self.monday + timedelta(days=1)
        made = create_post(account=account, by=cast.zhou, texts=["Hi"], title="Seat 7A", now=now())
        ten = datetime.combine(tuesday, time(10))
        self.post = time_post(made, by=cast.zhou, wall=ten, zone=BERLIN, now=now())
        wish = SlotWish(account=account, wall=ten + timedelta(hours=4), zone=BERLIN, goal="Photo")
        self.slot = add_slot(wish, by=cast.lena, now=now())
        self.draft = create_post(
            account=account, by=cast.zhou, texts=["Hi"], title="Draft", now=now()
        )
        client.force_login(cast.lena.user)
        name = project.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        page.context.add_cookies([cookie])
        page.set_viewport_size({"width": 1280, "height": 1700})
        page.goto(f"{live_server.url}{reverse('calendar')}?view=week&day={tuesday}")
        page.wait_for_selector("drag-hour:defined", state="attached")

    def drag(self, selector, to, *, at=(40, 8)):
        """Drag from a corner of what the selector finds to a point of the page."""
        box = self.page.locator(selector).bounding_box()
        x, y = box["x"] + at[0], box["y"] + at[1]
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + 6, y + 6, steps=2)
        mouse.move(to[0], to[1], steps=8)
        mouse.up()

    def point(self, day, hour):
        """Give the middle of a column's width at an hour."""
        box = self.page.locator(f'[data-hours="{day}"]').bounding_box()
        part = (hour - 6) / 18
        return box["x"] + box["width"] / 2, box["y"] + box["height"] * part

    def settled(self, words):
        self.page.get_by_text(words).first.wait_for()
        self.page.wait_for_selector(".htmx-request", state="detached")
        self.page.wait_for_selector("[aria-busy]", state="detached")

    def undo(self, until):
        self.page.keyboard.press("z")
        self.page.wait_for_selector(until)

    def wall(self, post):
        return Post.objects.get(pk=post.pk).due_wall


def test_drag_moves_posts_slots_and_drafts_to_the_hour_and_undo_takes_it_back(
    page, plain_names, live_server, client
):
    board = Board(page, live_server, client)
    friday = board.monday + timedelta(days=4)
    x, y = board.point(friday, 16)
    board.drag(f"#on-{board.post.pk}", (x, y + 8))
    board.settled("“Seat 7A” goes out")
    assert board.wall(board.post) == f"{friday}T16:00"
    tuesday = board.monday + timedelta(days=1)
    board.undo(f'[data-hours="{tuesday}"] #on-{board.post.pk}')
    assert board.wall(board.post) == f"{tuesday}T10:00"
    edge = page.locator(f"#slot-{board.slot.pk} [data-edge]").bounding_box()
    x, y = board.point(tuesday, 17)
    board.drag(f"#slot-{board.slot.pk} [data-edge]", (edge["x"] + 20, y), at=(20, 4))
    board.settled("“Photo” is on")
    assert Slot.objects.get().minutes == 180
    slot = page.locator(f"#slot-{board.slot.pk}").bounding_box()
    board.drag(f"#on-{board.draft.pk}", (slot["x"] + 30, slot["y"] + 60), at=(60, 40))
    board.settled("“Draft” goes out")
    assert board.wall(board.draft) == f"{tuesday}T14:00"
    page.wait_for_selector(f"#slot-{board.slot.pk}", state="detached")


def test_keys_move_and_stretch_and_refused_moves_say_why(page, plain_names, live_server, client):
    board = Board(page, live_server, client)
    tuesday = board.monday + timedelta(days=1)
    keys = page.keyboard
    page.locator(f"#event-{board.post.pk}").focus()
    for key in ("m", "ArrowRight", "ArrowDown", "ArrowDown", "Enter"):
        keys.press(key)
    board.settled("“Seat 7A” goes out")
    assert board.wall(board.post) == f"{tuesday + timedelta(days=1)}T10:30"
    page.locator(f"#slot-link-{board.slot.pk}").focus()
    for key in ("m", "Shift+ArrowDown", "Shift+ArrowDown", "ArrowUp", "Enter"):
        keys.press(key)
    board.settled("“Photo” is on")
    moved = Slot.objects.get()
    assert (moved.wall[11:], moved.minutes) == ("13:45", 30)
    page.locator(f"#event-{board.post.pk}").focus()
    for key in ("m", "ArrowLeft", "Escape"):
        keys.press(key)
    wednesday = f'[data-hours="{tuesday + timedelta(days=1)}"]'
    page.wait_for_selector(f"{wednesday} #on-{board.post.pk}")
    Post.objects.filter(pk=board.post.pk).update(due_at=now() - timedelta(days=1))
    for key in ("m", "ArrowLeft", "Enter"):
        keys.press(key)
    page.get_by_text("Somebody moved “Seat 7A” meanwhile").wait_for()
    keys.press("1")
    page.wait_for_selector("table.month")
    keys.press("4")
    page.wait_for_selector(".week--day")
