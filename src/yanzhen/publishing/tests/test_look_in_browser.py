"""The lead's last look in Chromium: found on Today, one post let go by keys, another one held."""

from __future__ import annotations

import pytest

from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.test_failures_in_browser import sign_in
from yanzhen.publishing.tests.test_last_look import let_lead
from yanzhen.review.models import Flow

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_lead_lets_one_go_from_today_on_and_holds_the_other(open_desk, page):
    desk = open_desk
    lead = let_lead(desk, desk.cast.lin)
    Flow.objects.filter(workspace=desk.cast.workspace).update(look_minutes=120)
    goes, stays = desk.due("Six geese take turns."), desk.due("One goose rests.")
    sign_in(page, desk, lead, "zh-hans")
    page.goto(f"{desk.site}/")
    page.get_by_role("heading", name="等你最后确认").wait_for()
    page.keyboard.press("l")
    page.get_by_role("heading", name="最后确认", exact=True).wait_for()
    page.locator("#look-doc").get_by_text("Six geese take turns.").first.wait_for()
    with page.expect_response(lambda answer: answer.url.endswith(f"/{goes.pk}/clear/")):
        page.keyboard.press("a")
    page.get_by_role("heading", name="已放行，尚未发布").wait_for()
    page.goto(f"{desk.site}/last-look/{stays.pk}/")
    page.locator("#look-reason").fill("先等一等")
    with page.expect_response(lambda answer: answer.url.endswith(f"/{stays.pk}/hold/")):
        page.locator("#look-reason").press("Enter")
    page.wait_for_load_state()
    desk.turn()
    for delivery in (goes, stays):
        delivery.refresh_from_db()
    assert (goes.state, stays.state, stays.hold_note) == (S.PUBLISHED, S.HELD, "先等一等")
    assert [post["text"] for post in desk.posts()] == ["Six geese take turns."]
