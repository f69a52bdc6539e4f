"""The palette in Chromium: by keys alone, in both languages."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as project
from django.test import Client
from playwright.sync_api import expect

from yanzhen.channels.tests.accounts import make_account
from yanzhen.channels.tests.site import BACKEND
from yanzhen.people.tests.cast import make_cast
from yanzhen.planning.tests.plan import make_post

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def signed_in(page, live_server, settings):
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    cast = make_cast()
    account = make_account(cast.workspace, "Ferrow")
    post = make_post(account, cast.zhou, "雁阵飞过清晨", title="Morning geese")
    client = Client()
    client.force_login(cast.zhou.user, backend=BACKEND)
    name = project.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/calendar/")
    page.wait_for_selector("command-palette:defined", state="attached")
    return page, post


def test_palette_finds_a_post_by_two_chinese_characters_and_opens_it(signed_in):
    page, post = signed_in
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Search or jump to")
    expect(field).to_be_focused()
    page.keyboard.type("雁阵")
    option = page.get_by_role("option", name=re.compile("Morning geese"))
    expect(option).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/posts/{post.pk}/$"))


def test_palette_jumps_to_a_page_and_closes_without_one(signed_in):
    page, _ = signed_in
    page.keyboard.press("/")
    page.keyboard.type("libr")
    expect(page.get_by_role("option", name="Library")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("libr")
    expect(page.get_by_role("option", name="Library")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/library/$"))


def test_palette_opens_nothing_that_was_found_for_other_words(signed_in):
    """What comes when somebody has typed on is shown, but Enter goes where the words say."""
    page, post = signed_in
    page.keyboard.press("/")
    page.keyboard.type("libr")
    library = page.get_by_role("option", name="Library")
    expect(library).to_have_attribute("aria-selected", "true")
    page.evaluate(
        """(pk) => {
          const found = document.getElementById("palette-found");
          found.innerHTML = `<a class="pop__item" role="option" href="/posts/${pk}/">Late</a>`;
          const detail = { requestConfig: { parameters: { q: "" } } };
          found.dispatchEvent(new CustomEvent("htmx:afterSwap", { bubbles: true, detail }));
        }""",
        post.pk,
    )
    expect(page.get_by_role("option", name="Late")).to_be_visible()
    expect(library).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/library/$"))


def test_palette_opens_again_before_the_browser_has_drawn_it_closed(signed_in):
    page, _ = signed_in
    page.keyboard.press("/")
    expect(page.locator("#palette")).to_be_visible()
    page.evaluate(
        """() => {
          document.getElementById("palette").close();
          const slash = new KeyboardEvent("keydown", { key: "/", bubbles: true, cancelable: true });
          document.activeElement.dispatchEvent(slash);
        }"""
    )
    expect(page.locator("#palette")).to_be_visible()


def test_palette_says_when_nothing_fits_and_without_script_search_is_a_page(signed_in):
    page, _ = signed_in
    page.keyboard.press("/")
    page.keyboard.type("qqqqq")
    expect(page.get_by_text("Nothing fits.")).to_be_visible()
    assert page.locator(".search-open").get_attribute("href") == "/search/"
