"""An approval from a Slack message: linked, shown, pressed, and seen on the post's page.

And one on the page, seen in the message.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as project
from django.test import Client
from playwright.sync_api import expect

from yanzhen.adapters.tools.slack.tests.fake import SECRET, TOKEN, USER, fake_slack
from yanzhen.channels.tests.accounts import make_account
from yanzhen.jobs.tests.beats import worker_answers
from yanzhen.kernel import clock
from yanzhen.notify.posting import post_letters
from yanzhen.notify.tests.wiring import wire
from yanzhen.people.tests.cast import make_cast
from yanzhen.review.tests.rounds import submitted, waiting_step

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def send():
    """Do what the worker does."""
    post_letters(clock.database_now() + timedelta(seconds=1))


def enter(page, live_server, member):
    client = Client()
    client.force_login(member.user)
    name = project.SESSION_COOKIE_NAME
    # No answer may be under way that would bring the last one's cookies back.
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )


def test_member_links_slack_and_passes_a_post_from_the_message(
    settings, monkeypatch, live_server, page, db
):
    cast = make_cast()
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.BASE_URL = live_server.url
    worker_answers()
    with fake_slack() as slack:
        wire(settings, monkeypatch, slack=slack)
        # An administrator connects Slack and adds the channel.
        enter(page, live_server, cast.admin)
        page.goto(f"{live_server.url}/outlets/slack/")
        page.get_by_label("Bot token").fill(TOKEN)
        page.get_by_label("Signing secret").fill(SECRET)
        page.get_by_role("button", name="Connect Slack").click()
        slack.calls_to = page.locator("code.address-long").inner_text()
        page.goto(f"{live_server.url}/outlets/new/slack/")
        page.get_by_label("Name", exact=True).fill("#brand")
        page.get_by_label("Channel ID").fill("C0000001")
        page.get_by_role("button", name="Add the outlet").click()
        expect(page.get_by_role("heading", name="#brand")).to_be_visible()
        # The team lead says who she is in Slack: the link comes there, and is opened here.
        enter(page, live_server, cast.lin)
        page.goto(f"{live_server.url}/me/telling/?slack={USER}#slack")
        page.get_by_role("button", name="Send me the link").click()
        page.wait_for_url("**/me/telling/#slack")
        send()
        link = slack.messages[-1]["text"].rsplit(" ", 1)[-1]
        page.goto(link)
        page.get_by_role("button", name="That is me").click()
        expect(page.locator("#slack")).to_contain_text(USER)
        # A post goes to review, and she passes it from the message.
        round_ = submitted(make_account(cast.workspace), cast.zhou, "Geese take turns.")
        send()
        page.goto(slack.url)
        message = page.locator("article", has_text="signed the self-check")
        message.get_by_role("link", name="Pass").click()
        send()
        page.goto(slack.url)
        expect(message).to_contain_text("Lin passed this step.")
        expect(message.get_by_role("link", name="Pass")).to_have_count(0)
        page.goto(f"{live_server.url}/posts/{round_.post_id}/")
        expect(page.locator("main")).to_contain_text("Lin")
        # She passes another one on its page: the message says so, and offers nothing any more.
        other = submitted(round_.post.account, cast.zhou, "Geese rest in turns.")
        send()
        page.goto(slack.url)
        second = page.locator("article", has_text="Geese rest in turns.").first
        expect(second.get_by_role("link", name="Pass")).to_be_visible()
        expect(second.get_by_role("link", name="Return")).to_be_visible()
        page.goto(f"{live_server.url}/review/{waiting_step(other).pk}/")
        page.get_by_role("button", name="Pass").click()
        page.get_by_text("“Geese rest in turns.” passed.").wait_for()
        send()
        page.goto(slack.url)
        expect(second).to_contain_text("Lin passed this step.")
        expect(second.get_by_role("link")).to_have_count(1)
        expect(second.get_by_role("link", name="Open in Yanzhen")).to_be_visible()
    assert round_.verdicts.get(step__kind="role").member == cast.lin
