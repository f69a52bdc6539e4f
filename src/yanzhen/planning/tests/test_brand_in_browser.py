"""The brand framework in the composer: a key replaces the passage, another takes that back."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from yanzhen.brand.tests.frame import publish, rule
from yanzhen.planning.tests.plan import make_post
from yanzhen.planning.tests.test_composer_in_browser import fields, plain_names, sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
__all__ = ["plain_names"]


def test_a_key_replaces_the_passage_and_can_be_taken_back(
    plain_names, live_server, cast, account, page
):
    publish(cast.lena, rule("never", "Show it", "unique", replacement="rare"))
    post = make_post(account, cast.zhou, "Fine.", "👍 A unique, unique seat.")
    sign_in(page, live_server, cast.zhou)
    page.goto(live_server.url + reverse("post", args=[post.pk]))
    page.wait_for_selector("thread-editor:defined", state="attached")
    text = fields(page).nth(1)
    page.click("[data-go][data-from]")
    chosen = "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert text.evaluate(chosen) == "unique"
    page.keyboard.press("Control+.")
    expect(text).to_have_value("👍 A rare, unique seat.")
    page.keyboard.press("Control+.")
    expect(text).to_have_value("👍 A rare, rare seat.")
    page.keyboard.press("Control+z")
    expect(text).to_have_value("👍 A rare, unique seat.")
    expect(page.locator("[data-fix]")).to_have_count(1)
    page.click("[data-fix]")
    expect(page.locator("#checks [data-check=stop]")).to_have_count(0)
