"""Connecting an account as people do it, on the real site and worker, and no secret left anywhere.

The tests of this module share one copy and build on each other: the last one looks through
everything that the others have left behind.
"""

from __future__ import annotations

import re
import sqlite3

import httpx2
import pytest

from yanzhen.config.tests.looking import (
    AXE,
    AXE_RUN,
    CRITERIA,
    DESK,
    FAULTS,
    LANGUAGES,
    PHONE,
    english_sentences,
)
from yanzhen.config.tests.reader import Reader
from yanzhen.config.tests.running import running_copy

pytestmark = pytest.mark.e2e

#: Window, language and theme; who is connected, and what the reader says about it at the end.
WAYS = {
    "phone-zh": ((PHONE, "zh-hans", "light"), "FerrowLab", "right"),
    "desk-en": ((DESK, "en", "dark"), "FerrowKids", "right"),
    "desk-en-no": ((DESK, "en", "light"), "Somebody", "another"),
}
WRONG_SECRET = "canary-wrong-secret-81f0"
#: Where the fake X keeps what must be nowhere else.
SECRETS = (
    "SELECT access FROM oauth2_tokens UNION SELECT refresh FROM oauth2_tokens"
    " UNION SELECT code FROM oauth2_codes UNION SELECT client_secret FROM apps"
    " UNION SELECT consumer_secret FROM apps UNION SELECT secret FROM oauth1_tokens"
    " UNION SELECT token FROM oauth1_tokens"
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    data = tmp_path_factory.mktemp("connect") / "data"
    with running_copy(data, log_level="debug") as copy:
        yield copy


@pytest.fixture(scope="module")
def app(copy):
    """An X app of the team's own at the fake X, and the accounts to connect."""
    for handle in ("FerrowLab", "FerrowKids", "Somebody"):
        httpx2.post(f"{copy.fake_x}/_sim/users", json={"username": handle, "name": handle})
    wish = {"name": "Desk", "redirect_uris": [f"{copy.url}/accounts/connected"]}
    return httpx2.post(f"{copy.fake_x}/_sim/apps", json=wish).json()


class Visitor(Reader):
    """Ada in the wizard, looking at each page as she passes."""

    def __init__(self, browser, copy, window, language, theme):
        touch = {"has_touch": True, "is_mobile": True} if window is PHONE else {}
        super().__init__(browser, copy, "ada", viewport=window, color_scheme=theme, **touch)
        self.speak(language)
        self.told = {
            "lang": LANGUAGES[language],
            "width": window["width"],
            "english": english_sentences() if language == "zh-hans" else [],
        }
        self.wrong = {}
        self.seen = []

    def look(self, name):
        """Note what is wrong with the page as it stands."""
        self.page.wait_for_load_state()
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(FAULTS, self.told) + self.page.evaluate(AXE_RUN, CRITERIA)
        if found or self.complaints:
            self.wrong[name] = found + self.complaints
        self.seen.append(self.page.content())

    def go_on(self, towards):
        self.page.click("main form button.btn--primary")
        self.page.wait_for_url(re.compile(towards))


SEEN = []


@pytest.mark.parametrize("way", WAYS)
def test_wizard_leads_to_the_account(browser, copy, app, way):
    window, handle, verdict = WAYS[way]
    ada = Visitor(browser, copy, *window)
    page = ada.go("/accounts/connect/?step=type")
    ada.look("type")
    ada.go_on(r"step=portal")
    ada.look("portal")
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    ada.go_on(r"step=pair")
    ada.look("pair")
    page.fill("input[name=client_id]", app["client_id"])
    page.fill("input[name=client_secret]", WRONG_SECRET)
    ada.go_on(r"/accounts/errands/")
    page.wait_for_selector("main ul.duties")
    ada.look("refused")
    page.click("main a.btn--primary")
    page.fill("input[name=client_id]", app["client_id"])
    page.fill("input[name=client_secret]", app["client_secret"])
    ada.go_on(r"step=scopes")
    ada.look("scopes")
    ada.go_on(r"step=agree")
    ada.look("agree")
    ada.go_on(r"/i/oauth2/authorize")
    page.check(f"input[name=user][value={handle}]")
    page.click("button[name=decision][value=approve]")
    page.wait_for_url(re.compile(r"/accounts/\d+/confirm/$"))
    assert page.inner_text("main h2") == f"@{handle}"
    ada.look("confirm")
    account = re.search(r"/accounts/(\d+)/", page.url)[1]
    page.click(f"button[name=verdict][value={verdict}]")
    page.wait_for_url(re.compile(r"/accounts/\d+/$" if verdict == "right" else r"/connect/"))
    if verdict == "right":
        ada.look("account")
        page.click("main .masthead form button")
        page.wait_for_url(re.compile(r"/accounts/errands/"))
        page.wait_for_url(f"{copy.url}/accounts/{account}/")
    for path in ("/accounts/", "/accounts/health/", "/accounts/revoke-all/"):
        ada.go(path)
        ada.look(path)
    SEEN.extend(ada.seen)
    ada.leave()
    assert ada.wrong == {}


def test_another_account_than_the_one_to_connect_again_is_refused(browser, copy, app):
    ada = Visitor(browser, copy, DESK, "en", "light")
    page = ada.go("/accounts/")
    address = page.locator("main .item a", has_text="FerrowLab").get_attribute("href")
    account = re.search(r"(\d+)", address)[1]
    ada.go(f"/accounts/connect/?account={account}")
    ada.go_on(r"/i/oauth2/authorize")
    page.check("input[name=user][value=FerrowKids]")
    page.click("button[name=decision][value=approve]")
    page.wait_for_selector("main ul.duties")
    told = page.inner_text("main")
    assert "@FerrowLab" in told
    assert "@FerrowKids" in told
    ada.look("wrong account")
    SEEN.extend(ada.seen)
    ada.leave()
    assert ada.wrong == {}


def test_wizard_works_without_scripts(browser, copy, app):
    ada = Reader(browser, copy, "ada", java_script_enabled=False)
    page = ada.go("/accounts/connect/?step=pair")
    page.fill("input[name=client_id]", app["client_id"])
    page.fill("input[name=client_secret]", app["client_secret"])
    page.click("main form button.btn--primary")
    for _look in range(50):
        if "/errands/" not in page.url:
            break
        page.wait_for_timeout(100)
        page.click("main noscript a, main a.btn--primary")
    assert "step=scopes" in page.url
    ada.leave()
    assert ada.complaints == []


def test_no_secret_is_left_in_plain_anywhere(browser, copy, app):
    """Rows, write-ahead log, logs at debug level, pages, exports: everything but the fake X."""
    lena = Reader(browser, copy, "lena")
    paths = ("/activity/", "/failures/", "/archive/", "/accounts/", "/accounts/health/")
    SEEN.extend(lena.go(path).content() for path in paths)
    answer = lena.context.request.get(f"{copy.url}/activity.csv")
    assert answer.ok
    export = answer.body()
    lena.leave()
    with sqlite3.connect(f"file:{copy.data / 'fake-x.sqlite3'}?mode=ro", uri=True) as fake_x:
        canaries = {row[0] for row in fake_x.execute(SECRETS) if row[0]}
    assert len(canaries) > 15
    canaries |= {WRONG_SECRET, app["client_secret"]}
    places = {
        path.name: path.read_bytes()
        for path in copy.data.rglob("*")
        if path.is_file() and not path.name.startswith("fake-x")
    }
    assert {"yanzhen.sqlite3", "up.log"} <= set(places)
    places |= {"pages": "".join(SEEN).encode(), "export": export}
    hits = [
        name for name, content in places.items() for each in canaries if each.encode() in content
    ]
    assert hits == []
