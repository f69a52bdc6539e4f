"""Choosing posts by keys and Shift, moving them, and taking it back."""

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse

from yanzhen.planning.models import Post
from yanzhen.planning.tests.plan import make_post

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def posts(settings, live_server, cast, account, page):
    """Open the list of five posts as Lin."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    for number in range(5):
        make_post(account, cast.zhou, f"Goose {number}")
    client = Client()
    client.force_login(cast.lin.user)
    cookie = client.cookies[project.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": project.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page.goto(live_server.url + reverse("posts"))
    page.wait_for_selector("pick-many:defined")
    return page


def chosen(page):
    return page.locator("[data-chosen]").inner_text()


def test_posts_are_chosen_by_keys_and_ranges_then_moved_and_moved_back(posts):
    bar = posts.locator(".with-chosen")
    assert not bar.is_visible()
    for key in ("j", "x", "j", "j", "Shift+X"):
        posts.keyboard.press(key)
    assert chosen(posts) == "3"
    boxes = posts.locator("input[name=post]")
    boxes.nth(3).click()
    boxes.nth(4).click(modifiers=["Shift"])
    assert chosen(posts) == "5"
    posts.keyboard.press("*")
    assert not bar.is_visible()
    posts.keyboard.press("*")
    posts.keyboard.press("m")
    posts.wait_for_url("**/posts/bulk/**")
    posts.get_by_label("Put all on one day, each at its hour").check()
    posts.locator("input[name=day]").fill("2030-04-01")
    posts.get_by_role("button", name="Show what would change").click()
    posts.wait_for_selector("#able-h")
    posts.keyboard.press("Control+Enter")
    posts.wait_for_url("**/posts/?**")
    assert Post.objects.filter(due_wall="2030-04-01T10:00").count() == 5
    posts.keyboard.press("z")
    posts.wait_for_selector("text=5 posts are as they were.")
    assert not Post.objects.exclude(due_wall="").exists()
