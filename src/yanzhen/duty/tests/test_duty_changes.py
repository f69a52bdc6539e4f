"""The pages on which the rota is changed: leave, swaps, places; and what is told about it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from yanzhen.duty.actions.leaving import take_leave
from yanzhen.duty.actions.swapping import offer_swap
from yanzhen.duty.models import Leave, Site, Swap, Turn
from yanzhen.duty.queries import on_duty
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.states import SwapState
from yanzhen.duty.tests.duties import plan, utc
from yanzhen.duty.tests.pages import MOST_OF_SWAPS, all_the_same, queries_of, text_of
from yanzhen.duty.tests.sites import follow
from yanzhen.people.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("then")]


def test_leave_is_taken_in_days_of_who_is_away_and_cancelled(weeks, cast, ask):
    sent = {"member": cast.zhou.pk, "first": "2026-03-04", "last": "2026-03-05", "note": "Rest"}
    assert ask(cast.lin, "duty-leave", **sent).status_code == 302
    leave = Leave.objects.get()
    assert (leave.start_at, leave.end_at) == (utc(3, 3, 16), utc(3, 5, 16))
    assert on_duty(cast.workspace, at=utc(3, 4)).primary == cast.maya
    # Without the right a form says it of oneself only, whatever is sent.
    ask(cast.maya, "duty-leave", **{**sent, "first": "2026-03-12", "last": ""})
    assert Leave.objects.get(note="Rest", start_at__gt=utc(3, 10)).member == cast.maya
    assert ask(cast.maya, "duty-leave-cancel", leave.pk, any="1").status_code == 403
    ask(cast.zhou, "duty-leave-cancel", leave.pk, any="1")
    assert on_duty(cast.workspace, at=utc(3, 4)).primary == cast.zhou
    back = ask(cast.zhou, "duty-leave", first="2026-03-05", last="2026-03-04")
    assert (back.status_code, "before the first day" in back.text) == (422, True)


CALENDAR = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260304
SUMMARY:Holiday
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260101
END:VEVENT
END:VCALENDAR
"""


def test_leave_import_shows_first_and_notes_afterwards(weeks, cast, ask):
    shown = ask(cast.zhou, "duty-leave-import", text=CALENDAR)
    assert "1 leave would be noted for Zhou" in shown.text
    assert "1 is over and left out." in shown.text
    assert not Leave.objects.exists()
    assert ask(cast.zhou, "duty-leave-import", text=CALENDAR, seen="1").status_code == 302
    assert Leave.objects.get().note == "Holiday"
    again = ask(cast.zhou, "duty-leave-import", text=CALENDAR)
    assert "1 is noted already." in again.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hello", "does not begin with BEGIN:VCALENDAR"),
        (CALENDAR.replace("SUMMARY", "RRULE:FREQ=DAILY\nSUMMARY"), "Line 2: this event comes back"),
        (CALENDAR.replace("20260304", "tomorrow"), "Line 2: “tomorrow” is no time"),
        ("", "Choose a calendar file"),
        ("x" * 600_000, "too large"),
    ],
)
def test_leave_import_says_what_it_cannot_read(weeks, cast, ask, text, words):
    answer = ask(cast.zhou, "duty-leave-import", text=text)
    assert (answer.status_code, words in answer.text) == (422, True)


def test_swap_is_asked_declined_asked_again_and_taken(weeks, cast, ask):
    mine = Turn.objects.get(rota=weeks, start_at=utc(3, 16))
    theirs = Turn.objects.get(rota=weeks, start_at=utc(3, 9))
    sent = {"turn": mine.key, "back": theirs.key, "note": "Wedding"}
    # Zhou would have two weeks of nights on end, and reads it before he asks.
    assert all_the_same(ask, cast.zhou, "duty-swap-new", **sent).status_code == 302
    swap = Swap.objects.get()
    assert (swap.asked, swap.back_start_at) == (cast.maya, utc(3, 9))
    assert "You are asked for 1 swap." in ask(cast.maya, "duty").text
    assert ask(cast.lena, "duty-swap-decline", swap.pk, any="1").status_code == 422
    assert ask(cast.lena, "duty-swap-take", swap.pk, any="1").status_code == 422
    assert ask(cast.maya, "duty-swap-decline", swap.pk, any="1").status_code == 302
    assert Swap.objects.get().state == SwapState.DECLINED
    assert ask(cast.maya, "duty-swap-take", swap.pk, any="1").status_code == 409
    all_the_same(ask, cast.zhou, "duty-swap-new", **sent)
    again = Swap.objects.get(state=SwapState.OFFERED)
    all_the_same(ask, cast.maya, "duty-swap-take", again.pk)
    assert [name for name, *_ in plan(weeks, utc(3, 9), utc(3, 23))] == ["Zhou", "Maya"]
    ask(cast.zhou, "duty-swap-withdraw", again.pk, any="1")
    assert [name for name, *_ in plan(weeks, utc(3, 9), utc(3, 23))] == ["Maya", "Zhou"]


def test_swap_of_a_part_goes_to_whoever_takes_it_and_not_outside_the_turn(weeks, cast, ask):
    mine = Turn.objects.get(rota=weeks, start_at=utc(3, 16))
    part = {"turn": mine.key, "start": "2026-03-18T08:00", "end": "2026-03-18T20:00"}
    wrong = ask(cast.zhou, "duty-swap-new", **{**part, "start": "2026-03-01T08:00"})
    assert (wrong.status_code, "not inside your turn" in wrong.text) == (422, True)
    ask(cast.zhou, "duty-swap-new", **part)
    swap = Swap.objects.get()
    assert (swap.start_at, swap.end_at, swap.asked) == (utc(3, 18), utc(3, 18, 12), None)
    ask(cast.lena, "duty-swap-take", swap.pk, any="1")
    assert on_duty(cast.workspace, at=utc(3, 18, 6)).primary == cast.lena


def test_swap_asks_nobody_who_is_away(weeks, cast, ask):
    mine = Turn.objects.get(rota=weeks, start_at=utc(3, 16))
    take_leave(cast.lena, span=Span(utc(3, 17), utc(3, 18)), by=cast.lena, now=NOW)
    answer = ask(cast.zhou, "duty-swap-new", turn=mine.key, asked=cast.lena.pk)
    assert answer.status_code == 422
    [wrong] = answer.context["form"].non_field_errors()
    assert wrong.startswith("Lena is away at some time from Mon 16 March")
    assert not Swap.objects.exists()


def test_swaps_page_asks_as_much_for_three_as_for_one(weeks, cast, ask):
    asked = []
    for day in (16, 17, 18):
        offer_swap(weeks, given=Span(utc(3, day), utc(3, day + 1)), by=cast.zhou, now=NOW)
        asked.append(queries_of(ask, cast.lena, "duty-swaps"))
    assert asked[0] == asked[2] <= MOST_OF_SWAPS


def test_places_are_kept_with_hours_and_holidays(weeks, cast, ask):
    sent = {"name": "Berlin", "zone": "Europe/Berlin", "from1": "09:00", "until1": "17:30"}
    ask(cast.lin, "duty-site-new", **sent, weekdays=[1, 2, 3, 4, 5])
    site = Site.objects.get()
    days = "2026-04-03 Karfreitag\n+2026-04-11\n"
    assert ask(cast.lin, "duty-holidays", site.pk, days=days).status_code == 302
    assert site.holidays.count() == 2
    assert "2026-04-03 Karfreitag" in ask(cast.lin, "duty-site", site.pk).text
    for wrong, words in (("3 April", "Line 1 does not"), ("2026-03-02 Today", "later day")):
        answer = ask(cast.lin, "duty-holidays", site.pk, days=wrong)
        assert (answer.status_code, words in answer.text) == (422, True)
    twice = ask(cast.lin, "duty-site-new", **sent, weekdays=[1])
    assert (twice.status_code, "has this name" in twice.text) == (422, True)
    ask(cast.lin, "duty-site", site.pk, **{**sent, "until1": "18:00"}, weekdays=[1])
    assert Site.objects.get().hours == [["09:00", "18:00"]]
    ask(cast.lin, "duty-site-remove", site.pk, any="1")
    assert not Site.objects.exists()


def test_fairness_shows_numbers_of_those_who_take_turns(weeks, cast, ask):
    page = ask(cast.zhou, "duty-fairness", query="?weeks=4")
    assert page.status_code == 200
    assert {share.member for share in page.context["page"].shares} == {cast.zhou, cast.maya}
    assert page.context["page"].even == 100
    assert ask(cast.zhou, "duty-fairness", query="?weeks=many").context["weeks"] == -12


def test_overlap_lists_breaks_and_the_smallest_change_that_helps(rota, cast, ask):
    follow(rota, cast)
    page = ask(cast.lena, "duty-overlap")
    pairs = {(p.first.name, p.second.name): p for p in page.context["planner"].pairs}
    # Berlin and Shanghai share two hours in winter and three in summer.
    assert pairs["Berlin", "Shanghai"].enough
    west = pairs["Berlin", "Los Angeles"]
    # The spring of 2026: clocks change in Los Angeles on 8 March and in Berlin on 29 March.
    assert [f"{each.day:%m-%d}" for each in west.breaks] == ["03-08", "03-29", "10-25", "11-01"]
    assert "If Berlin works 11:00–20:00, moved by 2 h" in text_of(page)
    assert "1 of 3 pairs meet the aim all year" in text_of(page)


def test_calendar_link_sends_own_turns_until_it_is_revoked(weeks, cast, ask, client):
    made = ask(cast.zhou, "duty-links", shows="own")
    path = urlsplit(made.context["address"]).path
    client.logout()
    feed = client.get(path)
    assert feed.headers["Content-Type"].startswith("text/calendar")
    body = feed.content.decode()
    assert body.count("BEGIN:VEVENT") == Turn.objects.filter(member=cast.zhou).count()
    link = cast.zhou.duty_links.get()
    assert link.used_at == NOW
    assert client.get(path, headers={"If-None-Match": feed.headers["ETag"]}).status_code == 304
    assert ask(cast.maya, "duty-link-revoke", link.pk, any="1").status_code == 404
    ask(cast.zhou, "duty-link-revoke", link.pk, any="1")
    assert client.get(path).status_code == 404


def test_calendar_link_that_is_read_too_often_has_to_wait(weeks, cast, ask, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "feed_reads": "2/10m/key"}
    first, second = (
        urlsplit(ask(cast.zhou, "duty-links", shows=shows).context["address"]).path
        for shows in ("own", "rota")
    )
    client.logout()
    assert [client.get(first).status_code for _each in range(3)] == [200, 200, 429]
    assert client.get(first).headers["Retry-After"] == "600"
    assert client.get(second).status_code == 200
