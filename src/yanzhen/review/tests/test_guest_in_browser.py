"""A guest from the invitation to the revoked link, in two separate browsers."""

from __future__ import annotations

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse

from yanzhen.channels.tests.accounts import make_account
from yanzhen.people.tests.cast import make_cast
from yanzhen.review.models import Verdict
from yanzhen.review.tests.invited import NAME, open_lead_step
from yanzhen.review.tests.rounds import submitted

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

TEXT = "Geese take turns at the lead."
SAID = "Second sentence: say “at the front”, please."


@pytest.fixture
def url(settings, live_server):
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.BASE_URL = live_server.url
    return live_server.url


@pytest.fixture
def outside(browser):
    """The guest's own browser: no session, no cookie of the team."""
    context = browser.new_context(locale="en-GB")
    yield context.new_page()
    context.close()


def sit(page, url, member):
    client = Client()
    client.force_login(member.user)
    name = project.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": url}
    page.context.add_cookies([cookie])


def test_guest_comments_and_decides_until_the_link_is_revoked(page, url, outside):
    cast = make_cast()
    open_lead_step()
    round_ = submitted(make_account(cast.workspace), cast.zhou, TEXT)
    post = round_.post

    sit(page, url, cast.maya)
    page.goto(url + reverse("review-guests", args=[post.pk]))
    page.fill("input[name=name]", NAME)
    page.select_option("select[name=step]", index=1)
    page.keyboard.press("Control+Enter")
    address = page.get_by_label("The link, shown this once").input_value()
    assert address.startswith(url)

    outside.goto(address)
    outside.get_by_text(TEXT).first.wait_for()
    said = outside.locator("section[aria-labelledby=sd]")
    said.get_by_label("Your name").fill(NAME)
    said.locator("textarea").fill(SAID)
    said.get_by_role("button", name="Send the comment").click()
    said.locator(".quote", has_text=SAID).wait_for()
    decide = outside.locator("section[aria-labelledby=dc]")
    decide.get_by_label("Your name").fill(NAME)
    decide.locator("input[name=sure]").check()
    decide.get_by_role("button", name="Pass").click()
    outside.get_by_text("Your decision", exact=True).wait_for()
    signed = outside.locator("section[aria-labelledby=vd] .guest__digest")
    assert signed.inner_text() == round_.digest

    verdict = Verdict.objects.get(guest__isnull=False)
    assert (verdict.guest_name, verdict.digest) == (NAME, round_.digest)
    page.goto(url + reverse("post", args=[post.pk]))
    trail = page.locator("#trail")
    trail.get_by_text(NAME).first.wait_for()
    page.goto(url + reverse("review-guests", args=[post.pk]))
    row = page.locator(".guests > li")
    row.get_by_text(SAID).wait_for()
    row.get_by_text("Passed").wait_for()
    assert row.locator("time").count() >= 2
    assert page.get_by_text("v1", exact=True).is_visible()

    page.keyboard.press("j")
    page.keyboard.press("d")
    page.get_by_text("shows nothing any more").first.wait_for()
    gone = outside.goto(address)
    assert gone is not None
    assert gone.status == 410
    outside.get_by_role("heading", name="This link shows nothing any more").wait_for()
    assert not outside.get_by_text(TEXT).count()
