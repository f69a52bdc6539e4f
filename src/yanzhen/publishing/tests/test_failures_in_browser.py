"""The failure inbox in Chromium, in both languages: by keys, beside the list, without a reload."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as project
from django.test import Client

from yanzhen.channels.running import run_waiting
from yanzhen.channels.tests.site import BACKEND
from yanzhen.kernel import clock
from yanzhen.publishing.engine.remove import remove
from yanzhen.publishing.models import Delivery, Removal
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import RemovalState
from yanzhen.publishing.tests.desk import POSTING

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": {
        "refused": "X refused it: this account has posted these words already.",
        "unclear": "X answered with a fault of its own, and has not shown the post in ten minutes.",
        "proposed": "Proposed. A second member confirms it.",
        "there": "X shows it. It is linked and published.",
        "deleting": "It is being deleted on X.",
    },
    "zh-hans": {
        "refused": "X 拒绝了它：这个账号已经发过这些文字。",
        "unclear": "X 自己出了故障，十分钟内没有显示这条内容。",
        "proposed": "已提议，等另一位成员确认。",
        "there": "X 上有这一条，已关联并标为已发布。",
        "deleting": "正在 X 上删除。",
    },
}


def sign_in(page, desk, member, language):
    member.user.language = language
    member.user.save()
    client = Client()
    client.force_login(member.user, backend=BACKEND)
    name = project.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": desk.site}]
    )


@pytest.fixture
def two_stopped(open_desk):
    """A post X refused, then one that may have landed."""
    open_desk.sim.fault("403_duplicate", match=POSTING)
    refused = open_desk.due("Said before")
    open_desk.settle()
    open_desk.sim.fault("reject_500", match=POSTING)
    unclear = open_desk.due("Maybe there")
    open_desk.settle()
    return refused, unclear


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_inbox_by_keys_opens_proposes_and_links(open_desk, two_stopped, page, language):
    refused, unclear = two_stopped
    words = WORDS[language]
    sign_in(page, open_desk, open_desk.cast.lena, language)
    page.goto(f"{open_desk.site}/failures/")
    page.wait_for_selector("list-cursor:defined", state="attached")
    page.get_by_text(words["refused"]).first.wait_for()
    page.keyboard.press("j")
    page.wait_for_url(re.compile(rf"/failures/{unclear.pk}/"))
    page.locator(".failure__what", has_text=words["unclear"]).wait_for()
    page.keyboard.press("a")
    page.locator("#again-reason").fill("Not there")
    page.locator("#again-reason").press("Enter")
    page.get_by_text(words["proposed"]).wait_for()
    remote_id = open_desk.sim.publish("Ferrow", "Maybe there")
    page.goto(f"{open_desk.site}/failures/{unclear.pk}/")
    page.keyboard.press("i")
    page.locator("#there-link").fill(f"{open_desk.url}/Ferrow/status/{remote_id}")
    page.locator("#there-link").press("Enter")
    page.wait_for_url(re.compile("/accounts/errands/"))
    run_waiting(clock.database_now())
    page.get_by_text(words["there"]).wait_for()
    assert Delivery.objects.get(pk=unclear.pk).state == S.PUBLISHED
    assert Delivery.objects.get(pk=refused.pk).state == S.FAILED


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_phone_shows_list_story_and_ways_below_each_other(open_desk, two_stopped, page, language):
    sign_in(page, open_desk, open_desk.cast.lena, language)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{open_desk.site}/failures/")
    tops = [
        page.locator(css).first.bounding_box()["y"]
        for css in (".reviewer__queue", ".failure__what", ".ways", ".failure__log")
    ]
    assert tops == sorted(tops)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_delete_on_x_from_the_post_page(open_desk, page, language):
    delivery = open_desk.due("A wrong figure")
    open_desk.turn()
    sign_in(page, open_desk, open_desk.cast.lena, language)
    page.goto(f"{open_desk.site}/posts/{delivery.post_id}/")
    page.locator("#delivery a[href$='/remove/']").click()
    page.get_by_text("A wrong figure").first.wait_for()
    page.locator("main input[name=reason]").fill("Wrong figure")
    page.locator("main form .btn--primary").click()
    page.get_by_text(WORDS[language]["deleting"]).first.wait_for()
    remove(clock.database_now())
    page.reload()
    page.locator("#delivery .item").first.wait_for()
    assert Removal.objects.get().state == RemovalState.GONE
    assert open_desk.posts() == []
