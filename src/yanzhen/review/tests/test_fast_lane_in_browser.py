"""A run through the fast lane from end to end, in a real browser and with a moved clock."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse

from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel import clock
from yanzhen.people.actions.workspaces import set_lead
from yanzhen.people.tests.cast import NOW, make_cast
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.review.loops import ring_fast_runs
from yanzhen.review.models import FastRun
from yanzhen.review.tests.rounds import make_post, submitted

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


class Desk:
    """The page of whoever sits before it, at the minute the test says."""

    def __init__(self, page, url, monkeypatch):
        self.page, self.url, self.monkeypatch = page, url, monkeypatch

    def at(self, minutes):
        """Move the clock of every thread of the site, and of the browser; let the worker look."""
        moment = NOW + timedelta(minutes=minutes)
        self.monkeypatch.setattr(clock, "_set_to", ContextVar("moved", default=moment))
        self.page.clock.set_fixed_time(moment)
        ring_fast_runs(clock.database_now())
        ring_fast_runs(clock.database_now())

    def sits(self, member):
        client = Client()
        client.force_login(member.user)
        name = project.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": self.url}
        self.page.context.add_cookies([cookie])

    def go(self, name, *args):
        self.page.goto(self.url + reverse(name, args=args))
        return self.page

    def hears(self, member):
        """Return how many notices of an undecided run the member reads."""
        self.sits(member)
        return self.go("notices").get_by_text("waits in the fast lane").count()


@pytest.fixture
def desk(page, settings, live_server, monkeypatch):
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    return Desk(page, live_server.url, monkeypatch)


def test_run_from_the_signature_over_two_escalations_to_met(desk):
    cast = make_cast()
    account = make_account(cast.workspace)
    set_lead(cast.workspace, member=cast.maya, until=None, by=cast.lena, seen=0, now=NOW)
    submitted(account, cast.zhou, "An ordinary text that waits longer.")
    post = make_post(account, cast.zhou, "It happens now.", title="Right now")

    desk.at(0)
    desk.sits(cast.zhou)
    page = desk.go("review-submit", post.pk)
    for box in page.locator("input[name=point]").all():
        box.check()
    page.get_by_text("It cannot wait:").click()
    page.get_by_role("button", name="Sign and start the clock").click()
    page.get_by_text("Choose what it is for.").wait_for()
    page.select_option("#fast-reason", index=1)
    page.fill("#fast-line", "Everybody talks of it today.")
    page.get_by_role("button", name="Sign and start the clock").click()
    page.locator("#standing").get_by_text("in 30 min").wait_for()
    page.locator("#trail").get_by_text("Everybody talks of it today.").wait_for()

    desk.at(14)
    assert desk.hears(cast.maya) == 0
    desk.at(15)
    assert (desk.hears(cast.maya), desk.hears(cast.lin)) == (1, 0)
    desk.at(25)
    assert (desk.hears(cast.maya), desk.hears(cast.lin)) == (1, 1)

    desk.at(26)
    page = desk.go("review")
    first = page.locator(".reviewer__queue .item").first
    first.get_by_text("Fast lane").wait_for()
    assert "Right now" in first.inner_text()
    page.locator(".reviewer__doc").get_by_text("in 4 min").wait_for()
    page.get_by_role("button", name="Pass").click()
    page.get_by_text("“Right now” passed.").wait_for()
    assert Post.objects.get(pk=post.pk).state == PostState.REVIEW

    desk.at(28)
    desk.sits(cast.lena)
    page = desk.go("review")
    page.get_by_role("button", name="Pass").click()
    page.get_by_text("“Right now” passed.").wait_for()
    assert Post.objects.get(pk=post.pk).state == PostState.PASSED
    assert FastRun.objects.get().state == "met"

    page = desk.go("review-fast")
    row = page.locator(".fast-run")
    assert "28 min" in row.inner_text()
    assert "decided by Lin, Lena" in row.inner_text()
    row.get_by_text("Regretted later").click()
    row.get_by_role("textbox").fill("It was not urgent after all.")
    row.get_by_role("button", name="Mark it").click()
    page.locator(".fast-run .quote").get_by_text("It was not urgent after all.").wait_for()
