"""An idea's way to a draft by keys alone, and voting on the board."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as project
from django.urls import reverse
from playwright.sync_api import expect

from yanzhen.channels.tests.accounts import make_account
from yanzhen.ideas.actions.ideas import Wish, add_idea
from yanzhen.ideas.models import Idea
from yanzhen.ideas.states import IdeaState
from yanzhen.people.tests.cast import NOW, make_cast

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(settings):
    """Serve scripts under their plain names: the test server knows no others."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    return make_cast()


@pytest.fixture
def board(cast, page, live_server, client):
    """The board as Zhou opens it, with one idea of Maya's."""
    make_account(cast.workspace, "Ferrow")
    add_idea(wish=Wish(title="Three climates"), by=cast.maya, now=NOW)
    client.force_login(cast.zhou.user)
    name = project.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(live_server.url + reverse("ideas"))
    page.wait_for_selector("list-cursor:defined")
    return page


def test_an_idea_becomes_a_draft_by_keys(board):
    keys = board.keyboard
    keys.press("n")
    board.wait_for_url(re.compile("/ideas/new/$"))
    board.get_by_label("Idea", exact=True).focus()
    keys.type("One bag, three cities")
    keys.press("Control+Enter")
    board.wait_for_url(re.compile(r"/ideas/\d+/$"))
    keys.press("b")
    expect(board.get_by_role("button", name="Back to the ideas")).to_be_visible()
    keys.press("d")
    expect(board.get_by_role("button", name="Bring it back")).to_be_visible()
    keys.press("z")
    expect(board.get_by_role("button", name="Back to the ideas")).to_be_visible()
    board.get_by_role("checkbox", name="@Ferrow").focus()
    keys.press("Space")
    keys.press("w")
    board.wait_for_url(re.compile(r"/posts/\d+/$"))
    idea = Idea.objects.get(title="One bag, three cities")
    assert idea.state == IdeaState.DRAFTED
    assert idea.written.get().post.title == "One bag, three cities"


def test_a_vote_is_given_and_taken_back_by_one_key(board, cast):
    keys, idea = board.keyboard, Idea.objects.get()
    for count in (2, 1):
        keys.press("j")
        keys.press("v")
        expect(board.locator(f"#idea-{idea.pk} .idea-vote button")).to_contain_text(f"+{count}")
    assert set(idea.votes.values_list("member", flat=True)) == {cast.maya.pk}
