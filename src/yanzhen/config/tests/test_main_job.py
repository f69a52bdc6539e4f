"""The main job, as people do it: write, pass three people, and be on X at the minute."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from yanzhen.config.tests.running import running_copy
from yanzhen.demo.cast import PASSWORD

pytestmark = pytest.mark.e2e

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
LATEST = timedelta(seconds=5)
DESK = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

#: name, device, language to read the pages in, account, its zone, what to write
WAYS = [
    ("desk-en", DESK, "en", "Ferrow", BERLIN, ["Geese take turns at the lead.", "So do we."]),
    ("desk-zh", DESK, "zh-hans", "Ferrow_ZH", SHANGHAI, ["大雁轮流领头，我们也是。🪿"]),
    ("phone-en", PHONE, "en", "FerrowDE", BERLIN, ["Gänse wechseln sich vorne ab."]),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    with running_copy(tmp_path_factory.mktemp("copy") / "data") as copy:
        yield copy


class Member:
    """Somebody at a browser of their own, signed in."""

    def __init__(self, browser, copy, key, device, language):
        self.copy = copy
        locale = "zh-CN" if language == "zh-hans" else "en-GB"
        self.context = browser.new_context(**device, locale=locale, reduced_motion="reduce")
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.complaints = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{copy.url}/sign-in/")
        self.page.fill("input[name=email]", f"{key}@ferrow.example")
        self.page.fill("input[name=password]", PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(f"{copy.url}/")
        self.speak(language)

    def speak(self, language):
        token = next(c["value"] for c in self.context.cookies() if c["name"] == "yanzhen_csrf")
        answer = self.context.request.post(
            f"{self.copy.url}/language/",
            form={"language": language, "next": "/", "csrfmiddlewaretoken": token},
            headers={"Referer": f"{self.copy.url}/"},
        )
        assert answer.ok

    def go(self, path):
        self.page.goto(self.copy.url + path)
        return self.page

    def leave(self):
        self.context.close()
        assert self.complaints == []


def write(member, account, texts, due):
    """Start a post by hand, add its segments, each saved by itself; return its number."""
    page = member.go("/posts/new/")
    page.fill("textarea[name=text]", texts[0])
    page.select_option("select[name=account]", label=f"@{account}")
    page.fill("input[name=date]", due.strftime("%Y-%m-%d"))
    page.fill("input[name=time]", due.strftime("%H:%M"))
    page.click("form.begin button.btn--primary")
    page.wait_for_url(re.compile(r"/posts/\d+/$"))
    for text in texts[1:]:
        before = page.locator("textarea[name=text]").count()
        page.click("button[name=do][value=add]")
        with page.expect_response(lambda answer: "/draft/" in answer.url and answer.ok):
            page.locator("textarea[name=text]").nth(before).fill(text)
    return int(page.url.rstrip("/").rsplit("/", 1)[1])


def sign(member, number):
    """Tick every point and send the post to review."""
    page = member.go(f"/posts/{number}/submit/")
    for box in page.locator("input[name=point]").all():
        box.check()
    page.click("form button.btn--primary")
    page.wait_for_url(re.compile(rf"/posts/{number}/$"))


def pass_it(member, number):
    """Open the review from the post's trail and pass it."""
    page = member.go(f"/posts/{number}/")
    page.click("a[href^='/review/'].btn--primary")
    page.click("button[name=verdict][value=pass]")
    page.wait_for_url(re.compile(r"/review/$"))


def move(member, number, due):
    """Give the passed post another minute; its approval stands."""
    page = member.go(f"/posts/{number}/")
    page.click(".studio__time > summary")
    page.fill(".studio__time input[name=date]", due.strftime("%Y-%m-%d"))
    page.fill(".studio__time input[name=time]", due.strftime("%H:%M"))
    with page.expect_response(re.compile(r"/time/$")) as answer:
        page.click(".studio__time form .btn:not(.btn--quiet)")
    assert answer.value.status == 200


def test_a_post_passes_three_people_and_is_on_x_at_its_minute(browser, copy):
    numbers = {}
    for name, device, language, account, zone, texts in WAYS:
        zhou, lin, lena = (
            Member(browser, copy, key, device, language) for key in ("zhou", "lin", "lena")
        )
        # At an hour that every day has once, also those on which clocks change.
        later = (datetime.now(zone) + timedelta(days=2)).replace(hour=10, minute=0)
        numbers[name] = write(zhou, account, texts, later)
        sign(zhou, numbers[name])
        pass_it(lin, numbers[name])
        pass_it(lena, numbers[name])
        for member in (zhou, lin, lena):
            member.leave()

    zhou = Member(browser, copy, "zhou", DESK, "zh-hans")
    due = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    if due - datetime.now(UTC) < timedelta(seconds=20):
        due += timedelta(minutes=1)
    for name, _device, _language, _account, zone, _texts in WAYS:
        move(zhou, numbers[name], due.astimezone(zone))
    zhou.leave()
    assert datetime.now(UTC) < due, "moving three posts took longer than their minute"
    time.sleep((due + LATEST - datetime.now(UTC)).total_seconds())

    for _name, _device, _language, account, _zone, texts in WAYS:
        sent = copy.posts_at_x(account)[-len(texts) :]
        assert [post["text"] for post in sent] == texts
        for post in sent:
            created = datetime.fromisoformat(post["created_at"])
            assert due <= created <= due + LATEST
        page = browser.new_page()
        page.goto(f"{copy.fake_x}/{account}")
        assert texts[-1] in page.content()
        page.close()
