"""Moving tasks by hand and by keys in a real browser."""

from __future__ import annotations

import pytest
from django.conf import settings as project
from django.urls import reverse
from playwright.sync_api import expect

from yanzhen.people.tests.cast import NOW, make_cast
from yanzhen.tasks.actions.parts import add_item
from yanzhen.tasks.models import Task
from yanzhen.tasks.tests.board import column, fresh, make_task

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plain_names(settings):
    """Serve scripts under their plain names: the test server knows no others."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def board(page, plain_names, live_server, client):
    """Zhou's board: Film above Brief to do, Maya's Poster in Doing."""
    cast = make_cast()
    brief, film = make_task(cast.zhou, "Brief"), make_task(cast.zhou, "Film")
    doing = column(cast.maya, "doing")
    poster = make_task(cast.maya, "Poster", assignee=cast.maya, column=doing)
    client.force_login(cast.zhou.user)
    name = project.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(live_server.url + reverse("tasks"))
    page.wait_for_selector("task-board:defined", state="attached")
    return Board(page, cast, brief, film, poster)


class Board:
    """The page, and its tasks."""

    def __init__(self, page, cast, brief, film, poster):
        self.page, self.cast = page, cast
        self.brief, self.film, self.poster = brief, film, poster

    def card(self, task):
        return self.page.locator(f"#task-{task.pk}")

    def shows(self, task, state):
        """Wait until the task stands in that column of the board that came from the server."""
        pk = column(self.cast.zhou, state).pk
        self.page.wait_for_selector(f'[data-column="{pk}"] #task-{task.pk}:not([aria-busy])')
        expect(self.page.locator(".htmx-request")).to_have_count(0)

    def order(self, state):
        rows = Task.objects.filter(column=column(self.cast.zhou, state)).order_by("rank")
        return [task.title for task in rows]

    def focused(self):
        return self.page.evaluate("document.activeElement.id")


def test_drag_moves_a_task_above_another_and_undo_takes_it_back(board):
    start, goal = board.card(board.brief).bounding_box(), board.card(board.poster).bounding_box()
    mouse = board.page.mouse
    mouse.move(start["x"] + 40, start["y"] + 10)
    mouse.down()
    mouse.move(start["x"] + 60, start["y"] + 16, steps=3)
    mouse.move(goal["x"] + 60, goal["y"] + 6, steps=10)
    # The board looks where the pointer is twenty times a second.
    doing = column(board.cast.zhou, "doing").pk
    board.page.locator(f'[data-column="{doing}"] #task-{board.brief.pk}').wait_for()
    mouse.up()
    board.page.get_by_text("“Brief” is in “Doing”.").wait_for()
    board.shows(board.brief, "doing")
    assert board.order("doing") == ["Brief", "Poster"]
    board.page.locator("toast-region [data-undo]").click()
    board.shows(board.brief, "todo")
    assert board.order("todo") == ["Film", "Brief"]


def test_keys_walk_the_board_and_move_only_what_is_ones_own(board):
    keys = board.page.keyboard
    keys.press("j")
    keys.press("j")
    assert board.focused() == f"title-{board.brief.pk}"
    for key in ("m", "ArrowRight", "ArrowDown", "Enter"):
        keys.press(key)
    board.page.get_by_text("“Brief” is in “Doing”.").wait_for()
    board.shows(board.brief, "doing")
    assert board.order("doing") == ["Poster", "Brief"]
    assert board.focused() == f"title-{board.brief.pk}"
    keys.press("ArrowLeft")
    assert board.focused() == f"title-{board.film.pk}"
    keys.press("ArrowRight")
    assert board.focused() == f"title-{board.poster.pk}"
    keys.press("m")
    board.page.locator("toast-region").get_by_text("Go to a task of yours first").wait_for()
    keys.press("z")
    board.shows(board.brief, "todo")
    # Without a pointer or arrows: the dialog behind the card's own button.
    board.page.locator(f"#move-{board.film.pk}").focus()
    keys.press("Enter")
    board.page.locator("#move-column").select_option(label="Done")
    board.page.get_by_role("button", name="Move it").click()
    board.shows(board.film, "done")
    assert fresh(board.film).state == "done"


def test_tick_of_a_step_is_drawn_small_and_takes_a_finger(board, browser):
    add_item(board.brief, text="Ask for the licence", by=board.cast.zhou, now=NOW)
    options = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    context = browser.new_context(**options)
    context.add_cookies(board.page.context.cookies())
    page = context.new_page()
    page.goto(board.page.url.replace(reverse("tasks"), reverse("task", args=[board.brief.pk])))
    tick = page.locator(".steps__tick")
    tick.scroll_into_view_if_needed()
    drawn = """tick => {
      const [own, box] = [getComputedStyle(tick), getComputedStyle(tick, "::before")];
      return [own.boxShadow, box.inlineSize, box.blockSize];
    }"""
    assert tick.evaluate(drawn) == ["none", "24px", "24px"]
    box = tick.bounding_box()
    assert (box["width"], box["height"]) == (44, 44)
    page.touchscreen.tap(box["x"] + 2, box["y"] + 2)
    expect(page.locator(".steps__tick[aria-checked=true]")).to_have_count(1)
    context.close()
