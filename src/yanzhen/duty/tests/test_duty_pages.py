"""The pages of the rota: what they show, what their forms do, and what they refuse."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from yanzhen.duty.actions.keeping import keep_rota
from yanzhen.duty.actions.leaving import take_leave
from yanzhen.duty.actions.overriding import override_duty
from yanzhen.duty.actions.sites import add_site
from yanzhen.duty.actions.swapping import offer_swap
from yanzhen.duty.models import Layer, Leave, Override, Rota, Site, Swap, Turn
from yanzhen.duty.queries import on_duty
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.states import SwapState
from yanzhen.duty.tests.duties import make_layer, plan, utc
from yanzhen.duty.tests.sites import follow
from yanzhen.kernel.clock import set_to
from yanzhen.notify.banners import banners_for
from yanzhen.people.models import Member
from yanzhen.people.tests.cast import NOW, join, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _then():
    with set_to(NOW):
        yield


@pytest.fixture
def weeks(rota, cast):
    """Zhou and Maya take the weeks in turn."""
    make_layer(rota, cast.lin, [cast.zhou, cast.maya])
    return rota


@pytest.fixture
def ask(client):
    """Ask as a member: ask(who, page, *args, **sends); with sends it is a POST."""

    def asked(who, page, /, *args, query="", **sends):
        client.force_login(who.user)
        address = reverse(page, args=args) + query
        answer = client.post(address, sends) if sends else client.get(address)
        answer.text = answer.content.decode()
        return answer

    return asked


#: With those of the sign-in of a test and of the frame around the page.
MOST_OF_THE_ROTA, MOST_OF_SWAPS = 40, 22


def queries_of(ask, *asked, **query):
    """Return how many queries a page takes once the session knows where it is."""
    ask(*asked, **query)
    with CaptureQueriesContext(connection) as found:
        assert ask(*asked, **query).status_code == 200
    return len(found)


def text_of(answer):
    return " ".join(answer.text.split())


def fresh(member):
    return Member.objects.with_roles().select_related("workspace").get(pk=member.pk)


def test_duty_before_there_is_a_rota_leads_who_may_to_the_first_one(cast, ask):
    assert reverse("duty-start") in ask(cast.lin, "duty").text
    assert reverse("duty-start") not in ask(cast.zhou, "duty").text
    assert ask(cast.zhou, "duty-swaps").status_code == 404


def test_duty_shows_who_has_it_now_and_next_in_the_readers_hours(rota, cast, ask):
    follow(rota, cast)
    page = ask(cast.lena, "duty")
    assert page.status_code == 200
    # NOW is 09:00 UTC, 10:00 in Berlin: Shanghai began at 01:00 UTC and has it until 10:00.
    assert "On duty until" in page.text
    ahead = page.context["primary"]
    assert (ahead.now.member, [t.member for t in ahead.next][:2]) == (
        cast.zhou,
        [cast.lena, cast.maya],
    )
    there = ask(cast.lena, "duty", query="?zone=Asia/Shanghai&view=day")
    assert "Times in Shanghai" in there.text


@pytest.mark.parametrize("view", ["month", "week", "day"])
def test_duty_asks_as_much_for_three_as_for_one(view, rota, cast, ask):
    make_layer(rota, cast.lin, [cast.zhou])
    home = {"name": "Home", "zone": "UTC", "hours": [("09:00", "17:00")], "weekdays": [1]}
    add_site(cast.workspace, **home, by=cast.lin, now=NOW)
    # Nobody tells a member who takes no turns of what changes.
    ada = join(cast.workspace, make_user("Ada"), "creator")
    one = queries_of(ask, ada, "duty", query=f"?view={view}")
    follow(rota, cast)
    take_leave(cast.zhou, span=Span(utc(3, 4), utc(3, 5)), by=cast.zhou, now=NOW)
    take_leave(cast.lena, span=Span(utc(3, 4), utc(3, 6)), by=cast.lena, now=NOW)
    assert queries_of(ask, ada, "duty", query=f"?view={view}") == one <= MOST_OF_THE_ROTA


def test_duty_with_nonsense_in_the_address_shows_this_week(weeks, cast, ask):
    page = ask(cast.zhou, "duty", query="?view=year&day=2026-02-31&zone=Nowhere/Town")
    assert page.status_code == 200
    assert page.context["asked"].window.first == utc(3, 2).date()


def test_duty_marks_gaps_leave_and_swaps_in_words(rota, cast, ask):
    make_layer(rota, cast.lin, [cast.zhou], hours=[("06:00", "22:00")])
    hours = Span(utc(3, 4, 10), utc(3, 4, 12))
    override_duty(rota, member=cast.lena, span=hours, reason="Launch day", by=cast.lin, now=NOW)
    offer_swap(rota, given=Span(utc(3, 5, 6), utc(3, 5, 22)), by=cast.zhou, now=NOW)
    page = text_of(ask(cast.maya, "duty", query="?zone=UTC"))
    assert "out of turn: Launch day" in page
    assert "offered for a swap" in page
    start, end = utc(3, 2, 22), utc(3, 3, 6)
    query = f"?start={start:%Y-%m-%dT%H:%M}Z&amp;end={end:%Y-%m-%dT%H:%M}Z"
    assert reverse("duty-override") + query in page


def test_start_from_each_preset_lays_a_rota(cast, ask):
    sun = {
        "way": "sun",
        "s0-name": "Shanghai",
        "s0-zone": "Asia/Shanghai",
        "s0-order": [cast.zhou.pk],
        "s1-name": "Berlin",
        "s1-zone": "Europe/Berlin",
        "s1-order": [cast.lena.pk],
        "s2-name": "",
        "s2-zone": "UTC",
        **{f"s{n}-start": "09:00" for n in range(3)},
        **{f"s{n}-end": "18:00" for n in range(3)},
    }
    refused = ask(cast.lin, "duty-start", **{**sun, "s1-name": ""})
    assert (refused.status_code, "Name two places" in refused.text) == (422, True)
    assert not Rota.objects.exists()
    assert ask(cast.lin, "duty-start", **sun).status_code == 302
    assert on_duty(cast.workspace, at=utc(3, 4, 12)).primary == cast.lena
    assert Site.objects.count() == 2
    assert ask(cast.lin, "duty-start", **sun).status_code == 409
    assert ask(cast.zhou, "duty-start").status_code == 403


def test_start_by_the_week_has_the_next_one_stand_behind(cast, ask):
    order = {f"order-{m.pk}": n for n, m in enumerate([cast.maya, cast.zhou], start=1)}
    sent = {"way": "weekly", "zone": "UTC", "start": "09:00", **order}
    twice = ask(cast.lin, "duty-start", **{**sent, f"order-{cast.zhou.pk}": 1})
    assert (twice.status_code, "same number" in twice.text) == (422, True)
    ask(cast.lin, "duty-start", **sent)
    both = on_duty(cast.workspace, at=utc(3, 4))
    assert (both.primary, both.backup) == (cast.maya, cast.zhou)


def test_start_of_a_small_team_wants_nobody_at_night(cast, ask):
    sent = {"way": "office", "zone": "UTC", "start": "09:00", "end": "17:00"}
    ask(cast.lin, "duty-start", **sent, **{f"order-{cast.zhou.pk}": 1})
    rota = Rota.objects.get()
    assert not rota.always
    page = ask(cast.lin, "duty")
    assert page.context["gaps"] == []
    assert on_duty(cast.workspace, at=utc(3, 4, 20)).primary is None


def layer_form(cast, **more):
    return {
        "name": "Nights",
        "place": "primary",
        "zone": "UTC",
        "from1": "22:00",
        "until1": "06:00",
        "weekdays": [1, 2, 3, 4, 5, 6, 7],
        "change": "day",
        "every": 1,
        "hand_over": 1,
        "first_date": "2026-03-03",
        "rank": 1,
        f"order-{cast.maya.pk}": 1,
        **more,
    }


def test_layer_is_added_followed_ended_and_its_end_undone(weeks, cast, ask):
    assert ask(cast.lin, "duty-layer-new", **layer_form(cast)).status_code == 302
    layer = Layer.objects.get(name="Nights")
    assert on_duty(cast.workspace, at=utc(3, 3, 23)).primary == cast.maya
    changed = layer_form(cast, first_date="2026-03-10", name="Late", from1="20:00")
    assert ask(cast.lin, "duty-layer", layer.pk, **changed).status_code == 302
    late = Layer.objects.get(name="Late")
    assert str(Layer.objects.get(pk=layer.pk).last_date) == "2026-03-09"
    assert on_duty(cast.workspace, at=utc(3, 10, 21)).primary == cast.maya
    ended = ask(cast.lin, "duty-layer-end", late.pk, last_date="2026-03-20")
    assert urlsplit(ended.headers["Location"]).path == reverse("duty-settings")
    assert f'action="{reverse("duty-layer-reopen", args=[late.pk])}"' in ask(cast.lin, "duty").text
    assert ask(cast.lin, "duty-layer-reopen", late.pk, any="1").status_code == 302
    assert Layer.objects.get(pk=late.pk).last_date is None
    ask(cast.lin, "duty-layer-end", late.pk, last_date="2026-03-01")
    assert Layer.objects.get(pk=late.pk).last_date is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"from2": "23:00"}, "Fill in both times"),
        ({"first_date": "2026-03-01"}, "choose a later day"),
        ({"last_date": "2026-03-02"}, "before the first day"),
        ({"zone": "Mars/Base"}, "Select a valid choice"),
        ({"from2": "02:00", "until2": "03:00"}, "These hours overlap"),
    ],
)
def test_layer_form_says_what_is_wrong(weeks, cast, ask, wrong, words):
    answer = ask(cast.lin, "duty-layer-new", **layer_form(cast, **wrong))
    assert (answer.status_code, words in answer.text) == (422, True)
    assert Layer.objects.count() == 1


def test_override_covers_a_gap_for_oneself_and_for_others_by_right(rota, cast, ask):
    make_layer(rota, cast.lin, [cast.zhou], hours=[("06:00", "22:00")])
    # Maya's hours are those of Los Angeles: 22:00 UTC is 14:00 there.
    night = {"start": "2026-03-03T14:00", "end": "2026-03-03T22:00", "reason": "I am up"}
    assert ask(cast.maya, "duty-override", **night).status_code == 302
    assert on_duty(cast.workspace, at=utc(3, 4, 1)).primary == cast.maya
    day = {**night, "start": "2026-03-04T14:00", "end": "2026-03-05T01:00"}
    assert ask(cast.maya, "duty-override", **day).status_code == 403
    for_lena = {
        "member": cast.lena.pk,
        "place": "primary",
        "reason": "Launch",
        "start": "2026-03-04T18:00",
        "end": "2026-03-04T20:00",
    }
    assert ask(cast.lin, "duty-override", **for_lena).status_code == 302
    order = Override.objects.get(member=cast.lena)
    assert order.start_at == utc(3, 4, 10)
    assert ask(cast.maya, "duty-override-withdraw", order.pk, any="1").status_code == 403
    ask(cast.lin, "duty-override-withdraw", order.pk, any="1")
    assert on_duty(cast.workspace, at=utc(3, 4, 11)).primary == cast.zhou


def test_override_in_an_hour_the_clocks_jump_over_is_asked_about(weeks, cast, ask):
    lena = {"member": cast.lena.pk, "place": "primary", "reason": "x"}
    sent = {"start": "2026-03-29T02:30", "end": "2026-03-29T05:00"}
    answer = ask(cast.lena, "duty-override", **lena, **sent)
    assert answer.status_code == 422
    assert "jump over 02:30 that day. Choose 01:30 or 03:30" in answer.text


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
    assert ask(cast.zhou, "duty-swap-new", **sent).status_code == 302
    swap = Swap.objects.get()
    assert (swap.asked, swap.back_start_at) == (cast.maya, utc(3, 9))
    assert "You are asked for 1 swap." in ask(cast.maya, "duty").text
    assert ask(cast.lena, "duty-swap-decline", swap.pk, any="1").status_code == 422
    assert ask(cast.lena, "duty-swap-take", swap.pk, any="1").status_code == 422
    assert ask(cast.maya, "duty-swap-decline", swap.pk, any="1").status_code == 302
    assert Swap.objects.get().state == SwapState.DECLINED
    assert ask(cast.maya, "duty-swap-take", swap.pk, any="1").status_code == 409
    ask(cast.zhou, "duty-swap-new", **sent)
    again = Swap.objects.get(state=SwapState.OFFERED)
    ask(cast.maya, "duty-swap-take", again.pk, any="1")
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


def test_gap_stands_above_every_page_until_it_is_covered(rota, cast, ask):
    make_layer(rota, cast.lin, [cast.zhou])
    gap = Span(utc(3, 12), utc(3, 13))
    take_leave(cast.zhou, span=gap, by=cast.zhou, now=NOW)
    keep_rota(rota, now=NOW)
    # Ten days ahead it is the matter of who keeps the rota.
    assert "Nobody is on duty: " in ask(cast.lin, "team").text
    assert "Nobody is on duty: " not in ask(cast.maya, "team").text
    soon = gap.start - timedelta(days=1)
    icons = [banner.icon for banner in banners_for(fresh(cast.maya), now=soon)]
    assert icons.count("icon-clock") == 1
    override_duty(rota, member=cast.lena, span=gap, reason="I can", by=cast.lin, now=NOW)
    assert "Nobody is on duty: " not in ask(cast.lin, "team").text


def test_pages_are_whole_in_chinese(rota, cast, ask):
    follow(rota, cast)
    cast.lin.user.language = "zh-hans"
    cast.lin.user.save()
    with translation.override("zh-hans"):
        for name in ("duty", "duty-swaps", "duty-leave", "duty-settings", "duty-overlap"):
            page = ask(cast.lin, name)
            assert page.status_code == 200
            assert "值班" in page.text
            assert "Times in" not in page.text
