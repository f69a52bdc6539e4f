"""A new owner's first hour, on the real site with its worker: from a link to a scheduled post."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from yanzhen.config.tests.looking import AXE, AXE_RUN, CRITERIA, DESK, FAULTS
from yanzhen.config.tests.reader import Reader
from yanzhen.config.tests.running import SOURCES, running_copy

pytestmark = pytest.mark.e2e

PASSWORD = "cranes-fly-in-lines-9"
TEXT = "Nord says good morning."
WORKSPACE = ("--name", "Nord", "--slug", "nord", "--zone", "Europe/Berlin", "--link")
OWNER = ("--admin-email", "ada@nord.example", "--admin-name", "Ada")


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    with running_copy(tmp_path_factory.mktemp("first") / "data", seconds=240) as copy:
        yield copy


def new_workspace(copy) -> str:
    """Make a workspace as an administrator of the machine does; return the path of its link."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("YANZHEN_")}
    environment |= {"YANZHEN_DATA": str(copy.data), "PYTHONPATH": str(SOURCES)}
    command = [sys.executable, "-m", "yanzhen", "create-workspace", *WORKSPACE, *OWNER]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return re.search(r"/join/[^/\s]+/", done.stdout)[0]


class Owner(Reader):
    """Ada, who has nothing yet, looking at each page as she passes."""

    def __init__(self, browser, copy, link):
        super().__init__(browser, copy, "", color_scheme="light")
        self.wrong = {}
        self.go(link)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button.btn--primary")
        self.page.wait_for_url(f"{copy.url}/")

    def look(self, name):
        self.page.wait_for_load_state()
        self.page.evaluate(AXE.read_text())
        told = {"lang": "en", "width": DESK["width"], "english": []}
        found = self.page.evaluate(FAULTS, told) + self.page.evaluate(AXE_RUN, CRITERIA)
        if found:
            self.wrong[name] = found

    def go_on(self, towards, button="main .form button.btn--primary"):
        self.page.click(button)
        self.page.wait_for_url(re.compile(towards))
        self.look(towards)


def test_new_owner_goes_from_a_link_to_the_first_scheduled_post(browser, copy):
    ada = Owner(browser, copy, new_workspace(copy))
    page = ada.page
    ada.look("today")
    page.get_by_role("link", name="Begin: the first ten minutes").click()
    ada.go_on("/start/workspace/", "main .masthead a.btn--primary")
    page.fill("main input[name=name]", "Nordlicht")
    ada.go_on("/start/people/")
    page.fill("input[name=p0-email]", "bo@nord.example")
    ada.go_on("/start/people/")
    assert "/join/" in page.locator("main .start-link input").input_value()
    ada.go_on("/start/places/", "main .wizard__page a.btn--primary")
    assert page.input_value("input[name=s0-name]") == "Berlin"
    ada.go_on("/start/way/")
    page.fill("main [name=reason]", "I am alone for now.")
    ada.go_on("/start/account/")
    page.get_by_role("button", name="Get a practice account").click()
    page.get_by_text("There is somewhere to publish").wait_for()
    assert page.url == f"{copy.url}/start/account/"
    assert "@Nordlicht" in page.inner_text("main")
    ada.look("practice account")
    ada.go_on("/start/words/", "main .wizard__page button.btn--primary")
    page.fill("textarea[name=never]", "cheap")
    ada.go_on("/start/theme/")
    page.fill("main input[name=name]", "Northern light")
    ada.go_on("/start/$")
    assert "You are set up" in page.inner_text("h1")
    page.keyboard.press("F1")
    page.wait_for_selector("#help h3")
    assert "Seven short steps" in page.inner_text("#help")
    ada.look("help")
    page.keyboard.press("Escape")
    ada.go_on("/posts/new/", "main .masthead a.btn--primary")
    # At an hour that every day has once, also those on which clocks change.
    berlin = datetime.now(ZoneInfo("Europe/Berlin"))
    due = (berlin + timedelta(days=2)).replace(hour=10, minute=0)
    page.fill("textarea[name=text]", TEXT)
    page.fill("input[name=date]", due.strftime("%Y-%m-%d"))
    page.fill("input[name=time]", due.strftime("%H:%M"))
    page.click("form.begin button.btn--primary")
    page.wait_for_url(re.compile(r"/posts/\d+/$"))
    post = page.url
    page.goto(f"{post}submit/")
    for box in page.locator("input[name=point]").all():
        box.check()
    page.click("main form button.btn--primary")
    page.wait_for_url(post)
    assert "Scheduled" in page.inner_text("main")
    ada.go(f"/calendar/?month={due:%Y-%m}")
    page.get_by_text(TEXT).first.wait_for()
    ada.look("calendar")
    ada.leave()
    assert ada.wrong == {}
    assert ada.complaints == []
