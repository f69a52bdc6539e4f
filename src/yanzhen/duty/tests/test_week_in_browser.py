"""A week of three places in a real browser: the clocks change in it, and two members swap."""

from __future__ import annotations

import re
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as project
from django.db.models import F
from django.urls import reverse
from playwright.sync_api import expect

from yanzhen.duty.actions.keeping import keep_rota
from yanzhen.duty.actions.rotas import open_rota
from yanzhen.duty.models import Rota, Turn
from yanzhen.duty.queries import on_duty
from yanzhen.duty.tests.duties import utc
from yanzhen.duty.tests.sun import round_the_sun
from yanzhen.kernel import clock
from yanzhen.people.tests.cast import NOW, make_cast

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LONDON, NEW_YORK = "Europe/London", "America/New_York"


@pytest.fixture
def plain_names(settings):
    """Serve scripts under their plain names: the test server knows no others."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def at(monkeypatch):
    """Hold the clock of every thread of the site, not only this one's: at(moment)."""

    def held(moment):
        monkeypatch.setattr(clock, "_set_to", ContextVar("held", default=moment))

    return held


@pytest.fixture
def team(plain_names, at):
    """Shanghai, London and New York follow the sun; it is Tuesday 24 March 2026.

    London's clocks change on the 29th, those of New York did on the 8th.
    """
    cast = make_cast()
    for member, zone in ((cast.lena, LONDON), (cast.admin, LONDON), (cast.maya, NEW_YORK)):
        member.user.zone = zone
        member.user.save()
    round_the_sun(open_rota(cast.workspace, by=cast.lin, now=NOW), cast)
    at(utc(3, 24, 12))
    return cast


@pytest.fixture
def show(page, client, live_server):
    """Show a page to a member: show(who, name, query), in another window with ``window``."""

    def shown(member, name, query="", window=page):
        client.force_login(member.user)
        cookie = project.SESSION_COOKIE_NAME
        value = {"name": cookie, "value": client.cookies[cookie].value, "url": live_server.url}
        window.context.add_cookies([value])
        window.goto(live_server.url + reverse(name) + query)
        return window

    return shown


def told(page, zone):
    """Read the page's turns: from when to when (UTC) each is, by the clocks of ``zone``."""
    found = []
    for row in page.locator(".duty-row__time").all():
        start = datetime.fromisoformat(row.get_attribute("datetime"))
        hour, minute = (int(part) for part in re.findall(r"(\d\d):(\d\d)", row.inner_text())[-1])
        end = start + timedelta(minutes=15)
        while (end.astimezone(zone).hour, end.astimezone(zone).minute) != (hour % 24, minute):
            end += timedelta(minutes=15)
        found.append((start, end))
    return found


def hours_said(page):
    """Read who is on duty for how many hours in these days."""
    said = page.locator(".duty-sums span").all_inner_texts()
    return {name: int(hours) for name, hours in (re.findall(r"(\w+) (\d+) h", s)[0] for s in said)}


def hours_laid(start, end):
    """Reckon the same from the turns."""
    hours = {}
    for turn in Turn.objects.filter(start_at__lt=end, end_at__gt=start).select_related("member"):
        length = min(turn.end_at, end) - max(turn.start_at, start)
        name = turn.member.name
        hours[name] = hours.get(name, 0) + length // timedelta(hours=1)
    return hours


@pytest.mark.parametrize(
    ("viewer", "zone", "monday", "change"),
    [
        ("lena", LONDON, date(2026, 3, 23), "Clocks change: UTC to UTC+1"),
        ("maya", NEW_YORK, date(2026, 3, 23), ""),
        ("maya", NEW_YORK, date(2026, 3, 2), "Clocks change: UTC−5 to UTC−4"),
    ],
    ids=["London changes, seen there", "and seen in New York", "New York changes"],
)
def test_week_of_three_places_has_no_gap_and_no_double_over_a_change_of_clocks(
    request, viewer, zone, monday, change
):
    show, team, at = (request.getfixturevalue(name) for name in ("show", "team", "at"))
    here, member, query = ZoneInfo(zone), getattr(team, viewer), f"?day={monday:%Y-%m-%d}"
    page = show(member, "duty", query)
    expect(page.locator(".turns__row[data-kind='site']")).to_have_count(3)
    expect(page.locator(".duty-row[data-gap]")).to_have_count(0)
    # From midnight to midnight there; before the rota was opened nobody was on duty.
    start, end = (
        datetime.combine(day, time(0), here).astimezone(UTC)
        for day in (monday, monday + timedelta(days=7))
    )
    start = max(start, NOW)
    turns = told(page, here)
    assert turns[0][0] <= start
    assert turns[-1][1] >= end
    for (_, before), (after, _) in pairwise(turns):
        assert before == after
    # An hour is missing in the week of the change, and in nobody's sum.
    said = hours_said(page)
    assert said == hours_laid(start, end)
    assert sum(said.values()) == (end - start) // timedelta(hours=1)
    chips = page.locator(".duty-day .chip", has_text="Clocks change")
    expect(chips).to_have_text([change] if change else [])
    # In the last hour before the change and in the first after it somebody has it.
    for moment in (utc(3, 29, 0, 30), utc(3, 29, 1, 30)):
        at(moment)
        running = show(member, "duty", "?day=2026-03-29").locator(".duty-row[data-now]")
        expect(running).to_have_count(1)
        expect(running).to_contain_text(on_duty(team.workspace, at=moment).primary.name)


def test_two_members_swap_both_see_it_and_it_falls_when_one_is_gone_at_its_start(
    show, team, browser, at
):
    theirs, mine = (
        Turn.objects.filter(member=who, start_at__gt=utc(3, 26)).earliest("start_at")
        for who in (team.admin, team.lena)
    )
    page = show(team.lena, "duty-swap-new", f"?turn={mine.key}")
    page.get_by_label("In return for").select_option(theirs.key)
    page.get_by_label("Note").fill("My train is late")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Sam is asked.").wait_for()

    sam = show(team.admin, "duty", window=browser.new_context().new_page())
    sam.get_by_text("You are asked for 1 swap.").wait_for()
    sam.get_by_role("link", name="Answer").click()
    sam.get_by_text("My train is late").wait_for()
    sam.get_by_role("button", name=re.compile(r"^Swap\b")).click()
    sam.get_by_text("Swapped. Lena was told.").wait_for()
    week = f"?day={mine.start_at:%Y-%m-%d}"
    for member, window in ((team.admin, sam), (team.lena, page)):
        show(member, "duty", week, window)
        expect(window.locator(".turns__bar[data-mark='swap']")).to_have_count(2)
        expect(window.locator(".duty-row", has_text="swapped")).to_have_count(2)
    sam.context.close()
    assert on_duty(team.workspace, at=mine.start_at).primary == team.admin

    # Nobody said so, but Sam's account is closed when the first of the hours begins.
    team.admin.user.is_active = False
    team.admin.user.save(update_fields=["is_active"])
    begun = min(mine.start_at, theirs.start_at) + timedelta(minutes=1)
    at(begun)
    keep_rota(Rota.objects.get(), now=begun)
    show(team.lena, "duty-swaps")
    expect(page.get_by_text("Void", exact=True)).to_be_visible()
    # The minute before it was seen is past and stands; from then on the hours are Lena's again.
    assert on_duty(team.workspace, at=max(mine.start_at, begun)).primary == team.lena


@pytest.fixture
def phone(browser):
    options = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    context = browser.new_context(**options)
    yield context.new_page()
    context.close()


def test_month_opens_at_today_on_a_phone_with_days_under_their_days(show, team, at, phone):
    at(utc(3, 27, 12))
    show(team.lena, "duty", "?view=month", phone)
    today = phone.locator(".turns [aria-current='date']")
    expect(today).to_have_count(1)
    expect(today).to_be_in_viewport(ratio=1)
    weeks = phone.locator(".turns-scroll")
    name = phone.locator(".turns__label").first.bounding_box()
    assert today.bounding_box()["x"] == pytest.approx(name["x"] + name["width"], abs=1)
    assert len(set(weeks.evaluate_all("all => all.map(one => one.scrollLeft)"))) == 1
    assert phone.evaluate("scrollY") > 0
    # Whoever loads the page again stays where they are.
    phone.evaluate("scrollTo(0, 0)")
    phone.reload()
    assert phone.evaluate("scrollY") == 0


def test_moved_turns_are_cards_on_a_phone(show, team, phone):
    Turn.objects.filter(start_at__gt=clock.now()).update(end_at=F("end_at") - timedelta(hours=1))
    Rota.objects.update(tzdata="2019a")
    keep_rota(Rota.objects.get(), now=clock.now())
    show(team.lena, "duty-zones", "", phone)
    card = phone.locator(".moves tbody tr").first
    expect(card.locator(".moves__when")).to_have_text(["Before", "Now"])
    box = phone.locator(".moves").evaluate("one => [one.scrollWidth, one.clientWidth]")
    assert box[0] == box[1]
    assert card.bounding_box()["width"] <= 390
