"""A week of three places in a real browser: the clocks change in it, and two members swap."""

from __future__ import annotations

from contextvars import ContextVar

import pytest
from django.conf import settings as project
from django.urls import reverse
from playwright.sync_api import expect

from yanzhen.duty.actions.rotas import open_rota
from yanzhen.duty.models import Turn
from yanzhen.duty.tests.duties import utc
from yanzhen.duty.tests.sites import follow
from yanzhen.kernel import clock
from yanzhen.people.tests.cast import NOW, make_cast

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plain_names(settings):
    """Serve scripts under their plain names: the test server knows no others."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def team(plain_names, monkeypatch):
    """The team of three places, on Tuesday 24 March 2026: Berlin's clocks change on the 29th.

    The clock of every thread of the site is held there, not only this one's.
    """
    cast = make_cast()
    follow(open_rota(cast.workspace, by=cast.lin, now=NOW), cast)
    tuesday = utc(3, 24, 12)
    monkeypatch.setattr(clock, "_set_to", ContextVar("held", default=tuesday))
    return cast


def enter(page, client, live_server, member):
    """Be this member from now on."""
    client.force_login(member.user)
    name = project.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page.context.add_cookies([cookie])


def berlin(day):
    """Return Berlin's turn of a day of March, which opens at nine by the clocks there."""
    hour = 7 if day >= 29 else 8
    turns = Turn.objects.filter(start_at__gte=utc(3, day, hour), start_at__lt=utc(3, day, 12))
    return turns.select_related("member__user").earliest("start_at")


def test_week_with_three_places_keeps_its_hours_over_the_change_and_swaps(
    page, client, live_server, team
):
    enter(page, client, live_server, team.lena)
    page.goto(f"{live_server.url}{reverse('duty')}?day=2026-03-25")
    expect(page.get_by_role("heading", name="Mon 23 March – Sun 29 March")).to_be_visible()
    # Shanghai keeps it until 18:00 there: 11:00 in Berlin before the change, 12:00 after it.
    days = page.locator(".duty-day")
    for name, hours in (("Sat 28 March", "11:00–18:00"), ("Sun 29 March", "12:00–18:00")):
        day = days.filter(has=page.get_by_role("heading", name=name))
        expect(day.locator(".duty-row__time", has_text=hours)).to_have_count(1)
    # By keys: the day, the week after it, and this week again.
    page.keyboard.press("]")
    expect(page.get_by_role("heading", name="Mon 30 March – Sun 5 April")).to_be_visible()
    page.keyboard.press("3")
    expect(page.locator(".turns[data-view='day']")).to_be_visible()

    mine = next(day for day in range(26, 30) if berlin(day).member == team.lena)
    theirs = next(day for day in range(26, 30) if berlin(day).member == team.admin)
    page.goto(live_server.url + reverse("duty-swap-new") + f"?turn={berlin(mine).key}")
    page.get_by_label("In return for").select_option(berlin(theirs).key)
    page.get_by_label("Note").fill("My train is late")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Sam is asked.").wait_for()

    enter(page, client, live_server, team.admin)
    page.goto(live_server.url + reverse("duty"))
    page.get_by_text("You are asked for 1 swap.").wait_for()
    page.get_by_role("link", name="Answer").click()
    page.get_by_text("My train is late").wait_for()
    page.get_by_role("button", name="Swap", exact=True).click()
    page.get_by_text("Swapped. Lena was told.").wait_for()
    assert (berlin(mine).member, berlin(theirs).member) == (team.admin, team.lena)
    page.goto(f"{live_server.url}{reverse('duty')}?day=2026-03-25")
    expect(page.locator(".turns__bar[data-mark='swap']")).to_have_count(2)
