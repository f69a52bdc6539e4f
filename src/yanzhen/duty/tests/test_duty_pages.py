"""The pages of the rota: what they show, what their forms do, and what they refuse."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import translation

from yanzhen.duty.actions.keeping import keep_rota
from yanzhen.duty.actions.leaving import take_leave
from yanzhen.duty.actions.overriding import override_duty
from yanzhen.duty.actions.sites import add_site
from yanzhen.duty.actions.swapping import offer_swap
from yanzhen.duty.models import Layer, Override, Rota, Site
from yanzhen.duty.queries import on_duty
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.tests.duties import make_layer, utc
from yanzhen.duty.tests.pages import MOST_OF_THE_ROTA, all_the_same, fresh, queries_of, text_of
from yanzhen.duty.tests.sites import follow
from yanzhen.notify.banners import banners_for
from yanzhen.people.tests.cast import NOW, join, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("then")]


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
    # Weeks round the clock are nights on end, which is said once, before the rota begins.
    hard = ask(cast.lin, "duty-start", **sent)
    assert "Maya would have more than three nights in a row" in hard.text
    assert not Rota.objects.exists()
    assert all_the_same(ask, cast.lin, "duty-start", **sent).status_code == 302
    both = on_duty(cast.workspace, at=utc(3, 4))
    assert (both.primary, both.backup) == (cast.maya, cast.zhou)


def test_start_of_a_small_team_wants_nobody_at_night(cast, ask):
    sent = {"way": "office", "zone": "UTC", "start": "09:00", "end": "17:00"}
    assert ask(cast.lin, "duty-start", **sent, **{f"order-{cast.lena.pk}": 1}).status_code == 302
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
