"""A delegation from end to end, in a real browser and with a moved clock."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse

from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel import clock
from yanzhen.people.tests.cast import NOW, make_cast
from yanzhen.review.models import Verdict
from yanzhen.review.tests.rounds import submitted, waiting_step

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


class Seat:
    """The browser of whoever sits before it, at the hour the test says."""

    def __init__(self, page, url, monkeypatch):
        self.page, self.url, self.monkeypatch = page, url, monkeypatch

    def at(self, hours):
        moment = NOW + timedelta(hours=hours)
        self.monkeypatch.setattr(clock, "_set_to", ContextVar("moved", default=moment))
        self.page.clock.set_fixed_time(moment)

    def sits(self, member):
        client = Client()
        client.force_login(member.user)
        name = project.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": self.url}
        self.page.context.add_cookies([cookie])

    def go(self, name, *args):
        self.page.goto(self.url + reverse(name, args=args))
        return self.page


@pytest.fixture
def seat(page, settings, live_server, monkeypatch):
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    return Seat(page, live_server.url, monkeypatch)


def test_delegation_from_the_form_over_a_verdict_to_its_end(seat):
    cast = make_cast()
    account = make_account(cast.workspace)
    first = submitted(account, cast.zhou, "Geese take turns at the lead.")
    second = submitted(account, cast.zhou, "They rest on the water.")

    seat.at(0)
    seat.sits(cast.lin)
    page = seat.go("delegations")
    page.get_by_text("Everybody decides for themselves.").wait_for()
    page.get_by_label("Who decides").select_option(label="Maya")
    # Lin's own zone: 20:00 in Shanghai is three hours after NOW.
    page.locator("[name=ends_at]").fill("2026-03-02T20:00")
    page.get_by_label("Pass or return posts written by others.").check()
    page.get_by_role("button", name="Let them decide").click()
    page.get_by_text("Maya decides for Lin", exact=True).wait_for()

    seat.at(1)
    seat.sits(cast.maya)
    page = seat.go("review-step", waiting_step(first).pk)
    with page.expect_response(lambda answer: "/decide/" in answer.url):
        page.locator("button[name=verdict][value=pass]").click()
    page.wait_for_load_state()
    verdict = Verdict.objects.get(round=first, member=cast.maya)
    assert verdict.acting_for_id == cast.lin.pk
    page = seat.go("notices")
    assert page.get_by_text("Maya decides for Lin").count() == 1, "Maya was told"

    seat.sits(cast.admin)
    page = seat.go("activity")
    assert page.get_by_text("Maya for Lin").count() >= 1, "the log names both"

    seat.at(3)
    seat.sits(cast.maya)
    answer = page.goto(seat.url + reverse("review-step", args=[waiting_step(second).pk]))
    assert answer.status in (200, 403)
    assert page.locator("button[name=verdict][value=pass]").count() == 0
    page = seat.go("delegations")
    page.get_by_text("Everybody decides for themselves.").wait_for()
