"""What would be hard on somebody is said where it would be done, and done only all the same."""

import re
from datetime import date, time

import pytest
from django.urls import reverse

from yanzhen.activity.feed import events
from yanzhen.duty.actions.leaving import take_leave
from yanzhen.duty.actions.overriding import override_duty
from yanzhen.duty.actions.swapping import offer_swap
from yanzhen.duty.models import Layer, Leave, Override, Rota, Swap, Turn
from yanzhen.duty.rules.layers import Change
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.states import SwapState
from yanzhen.duty.tests.duties import kinds, make_layer, utc
from yanzhen.duty.tests.pages import MARK
from yanzhen.notify.models import Manner
from yanzhen.people.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("then")]


@pytest.fixture
def days(rota, cast):
    """Zhou has the mornings, Lena the evenings."""
    usual = {"change": Change.DAY, "first_date": date(2026, 3, 3)}
    make_layer(rota, cast.lin, [cast.zhou], hours=[("06:00", "12:00")], **usual)
    make_layer(rota, cast.lin, [cast.lena], hours=[("16:00", "22:00")], **usual)
    return rota


def test_override_without_rest_is_said_first_and_done_all_the_same(days, cast, ask):
    # By Lin's clocks, eight hours ahead: from 13:00 to 15:00, between the two.
    sent = {"member": cast.zhou.pk, "place": "primary", "reason": "Launch"}
    sent |= {"start": "2026-03-04T21:00", "end": "2026-03-04T23:00"}
    answer = ask(cast.lin, "duty-override", **sent)
    assert answer.status_code == 422
    assert "Zhou would have less than 11 hours between two duties" in answer.text
    assert not Override.objects.exists()
    assert "overridden" not in kinds(days)
    mark = MARK.search(answer.text)[1]
    # Other hours are hard in another way, and that is said anew.
    other = {**sent, "end": "2026-03-05T04:00", "accepted": mark}
    worse = ask(cast.lin, "duty-override", **other)
    assert (worse.status_code, MARK.search(worse.text)[1] == mark) == (422, False)
    assert ask(cast.lin, "duty-override", **sent, accepted=mark).status_code == 302
    assert Override.objects.get().member == cast.zhou


def test_override_that_relieves_somebody_for_an_hour_is_hard_on_nobody(days, cast, ask):
    sent = {"member": cast.maya.pk, "place": "primary", "reason": "Launch"}
    sent |= {"start": "2026-03-04T16:00", "end": "2026-03-04T17:00"}
    assert ask(cast.lin, "duty-override", **sent).status_code == 302


def test_swap_without_rest_is_said_to_who_takes_it(days, cast, ask):
    swap = offer_swap(days, given=Span(utc(3, 4, 16), utc(3, 4, 22)), by=cast.lena, now=NOW)
    answer = ask(cast.zhou, "duty-swap-take", swap.pk, accepted="")
    assert answer.status_code == 422
    assert "Zhou would have less than 11 hours" in answer.text
    assert Swap.objects.get().taker is None
    mark = MARK.search(answer.text)[1]
    assert ask(cast.zhou, "duty-swap-take", swap.pk, accepted=mark).status_code == 302
    assert Swap.objects.get().taker == cast.zhou


def test_offer_is_judged_by_what_taking_it_would_bring(days, cast, ask):
    turn = Turn.objects.get(member=cast.lena, start_at=utc(3, 4, 16))
    sent = {"turn": turn.key, "asked": cast.zhou.pk}
    answer = ask(cast.lena, "duty-swap-new", **sent)
    assert answer.status_code == 422
    assert "Zhou would have less than 11 hours" in answer.text
    assert not Swap.objects.exists()
    mark = MARK.search(answer.text)[1]
    assert ask(cast.lena, "duty-swap-new", **sent, accepted=mark).status_code == 302
    assert Swap.objects.get().state == SwapState.OFFERED
    assert not Turn.objects.filter(member=cast.zhou, start_at=turn.start_at).exists()
    assert "swap_taken" not in kinds(days)


def test_layer_with_too_many_nights_is_said_and_keeps_what_was_typed(rota, cast, ask):
    sent = {"name": "Nights", "place": "primary", "zone": "UTC", "rank": "1", "change": "day"}
    sent |= {"from1": "22:00", "until1": "06:00", "every": "1", "hand_over": "1"}
    sent |= {"weekdays": ["1", "2", "3", "4", "5"], "first_date": "2026-03-09"}
    sent |= {f"order-{cast.lena.pk}": "1"}
    answer = ask(cast.lin, "duty-layer-new", **sent)
    assert answer.status_code == 422
    assert "Lena would have more than three nights in a row" in answer.text
    assert "In all it would happen" in answer.text
    assert answer.text.count('type="checkbox" name="weekdays"') >= 5
    assert len(re.findall(r'name="weekdays" value="\d"[^>]* checked', answer.text)) == 5
    assert not Layer.objects.exists()
    mark = MARK.search(answer.text)[1]
    assert ask(cast.lin, "duty-layer-new", **sent, accepted=mark).status_code == 302


# What is hard is measured by the plan: nights that the layers ask anyway are no news.


@pytest.fixture
def round_the_clock(rota, cast):
    """Zhou, Lena and Sam take the weeks in turn, day and night; Maya takes none."""
    make_layer(rota, cast.lin, [cast.zhou, cast.lena, cast.admin])
    return rota


def test_start_by_the_week_says_what_would_be_hard_and_leaves_nothing_behind(cast, ask):
    order = {f"order-{m.pk}": n for n, m in enumerate([cast.maya, cast.zhou], start=1)}
    sent = {"way": "weekly", "zone": "UTC", "start": "09:00", **order}
    hard = ask(cast.lin, "duty-start", **sent)
    assert hard.status_code == 422
    assert "Zhou would have more than three nights in a row" in hard.text
    assert "do it all the same" in hard.text
    assert "All the same" in hard.text
    assert not Rota.objects.exists()
    assert not events().objects.filter(kind__startswith="duty.").exists()
    mark = MARK.search(hard.text)[1]
    assert ask(cast.lin, "duty-start", **sent, accepted=mark).status_code == 302
    assert Turn.objects.filter(member=cast.zhou).exists()


def test_first_layer_that_is_hard_opens_no_rota_before_it_is_accepted(cast, ask):
    sent = {"name": "Nights", "place": "primary", "zone": "UTC", "rank": "1", "change": "day"}
    sent |= {"from1": "22:00", "until1": "06:00", "every": "1", "hand_over": "1"}
    sent |= {"weekdays": ["1", "2", "3", "4", "5"], "first_date": "2026-03-09"}
    sent |= {f"order-{cast.lena.pk}": "1"}
    assert ask(cast.lin, "duty-layer-new", **sent).status_code == 422
    assert not Rota.objects.exists()


def test_nights_that_the_plan_asks_of_everybody_are_no_news_at_a_swap(round_the_clock, cast, ask):
    # Four nights of Zhou's week, for somebody who takes no turns else.
    swap = offer_swap(
        round_the_clock, given=Span(utc(3, 3), utc(3, 7)), by=cast.zhou, now=NOW, asked=cast.maya
    )
    assert ask(cast.maya, "duty-swap-take", swap.pk, accepted="").status_code == 302


def test_more_nights_in_a_row_than_the_plan_has_are_said_with_how_many(round_the_clock, cast, ask):
    # The last three days of Zhou's week, and the week after is Lena's own.
    sent = {"member": cast.lena.pk, "place": "primary", "reason": "Launch"}
    sent |= {"start": "2026-03-06T08:00", "end": "2026-03-09T08:00"}
    answer = ask(cast.lin, "duty-override", **sent)
    assert answer.status_code == 422
    # A week from midnight to midnight, UTC, begins and ends in a night of Berlin: eight evenings.
    assert re.search(
        r"Lena would have 11 nights in a row from [^;]+; the plan has 8\.", answer.text
    )


def test_nights_added_behind_ones_own_are_said_too(round_the_clock, cast, ask):
    sent = {"member": cast.zhou.pk, "place": "primary", "reason": "Launch"}
    sent |= {"start": "2026-03-09T08:00", "end": "2026-03-11T08:00"}
    answer = ask(cast.lin, "duty-override", **sent)
    assert (answer.status_code, "Zhou would have 9 nights" in answer.text) == (422, True)


@pytest.fixture
def by_day(rota, cast):
    """Lena and Sam have Berlin's days in turn, Maya those of Los Angeles."""
    usual = {"change": Change.DAY, "first_date": date(2026, 3, 3)}
    berlin = usual | {"zone": "Europe/Berlin", "hours": [("09:00", "17:00")]}
    make_layer(rota, cast.lin, [cast.lena, cast.admin], **berlin)
    coast = usual | {"zone": "America/Los_Angeles", "hours": [("09:00", "17:00")]}
    make_layer(rota, cast.lin, [cast.maya], **coast)
    return rota


def _put_on(cast, member):
    """A form of Lin's that puts the member on duty for Lena's day in Berlin: midnight on there."""
    sent = {"member": member.pk, "place": "primary", "reason": "Launch"}
    return sent | {"start": "2026-03-05T16:00", "end": "2026-03-06T00:00"}


def test_night_that_is_day_for_somebody_free_is_said_with_who(by_day, cast, ask):
    answer = ask(cast.lin, "duty-override", **_put_on(cast, cast.maya))
    assert answer.status_code == 422
    assert "Maya would be on duty at night from" in answer.text
    assert "when it is no night for Sam" in answer.text


def test_night_within_ones_own_working_hours_is_no_news(by_day, cast, ask):
    user = cast.maya.user
    user.day_start, user.day_end, user.workdays = time(22), time(6), [1, 2, 3, 4, 5]
    user.save()
    answer = ask(cast.lin, "duty-override", **_put_on(cast, cast.maya))
    assert "at night" not in answer.text


def test_night_outside_ones_quiet_hours_is_no_news(by_day, cast, ask):
    Manner.objects.create(member=cast.maya, quiet_from=time(6), quiet_until=time(14))
    answer = ask(cast.lin, "duty-override", **_put_on(cast, cast.maya))
    assert "at night" not in answer.text


def test_night_that_nobody_else_could_have_by_day_is_no_news(by_day, cast, ask):
    take_leave(cast.admin, span=Span(utc(3, 5), utc(3, 7)), by=cast.admin, now=NOW)
    answer = ask(cast.lin, "duty-override", **_put_on(cast, cast.maya))
    assert "at night" not in answer.text


# Leave: the turns in it go to others.


def test_leave_that_is_hard_on_who_stands_in_is_said_first(round_the_clock, cast, ask):
    sent = {"member": cast.lena.pk, "first": "2026-03-12", "last": "2026-03-15", "note": ""}
    answer = ask(cast.lin, "duty-leave", **sent)
    assert answer.status_code == 422
    assert "nights in a row" in answer.text
    assert "All the same" in answer.text
    assert not Leave.objects.exists()
    mark = MARK.search(answer.text)[1]
    assert ask(cast.lin, "duty-leave", **sent, accepted=mark).status_code == 302
    assert Leave.objects.get().member == cast.lena


def test_leave_where_there_is_no_rota_is_hard_on_nobody(cast, ask):
    assert ask(cast.zhou, "duty-leave", first="2026-03-09", note="").status_code == 302


def test_leave_out_of_a_calendar_says_it_beside_what_would_be_noted(round_the_clock, cast, ask):
    text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260312\n"
    text += "DTEND;VALUE=DATE:20260316\nSUMMARY:Holiday\nEND:VEVENT\nEND:VCALENDAR\n"
    sent = {"text": text, "seen": "1", "member": cast.lena.pk}
    answer = ask(cast.lena, "duty-leave-import", **sent)
    assert answer.status_code == 422
    assert "nights in a row" in answer.text
    assert "1 leave would be noted for Lena" in answer.text
    assert not Leave.objects.exists()
    mark = MARK.search(answer.text)[1]
    assert ask(cast.lena, "duty-leave-import", **sent, accepted=mark).status_code == 302
    assert Leave.objects.get().note == "Holiday"


@pytest.fixture
def back_too_soon(days, cast):
    """Zhou's leave of a morning, before which he took the evening."""
    leave = take_leave(cast.zhou, span=Span(utc(3, 5, 6), utc(3, 5, 12)), by=cast.zhou, now=NOW)
    evening = Span(utc(3, 4, 16), utc(3, 4, 22))
    override_duty(days, member=cast.zhou, span=evening, reason="Swap", by=cast.lin, now=NOW)
    return leave


def test_end_of_leave_that_is_hard_is_said_beside_it(back_too_soon, cast, ask):
    answer = ask(cast.zhou, "duty-leave-cancel", back_too_soon.pk, any="1")
    assert answer.status_code == 422
    assert "Zhou would have less than 11 hours between two duties" in answer.text
    assert Leave.objects.standing().exists()
    mark = MARK.search(answer.text)[1]
    answer = ask(cast.zhou, "duty-leave-cancel", back_too_soon.pk, accepted=mark)
    assert (answer.status_code, Leave.objects.standing().exists()) == (302, False)


def test_toast_that_takes_leave_back_says_why_it_did_not(back_too_soon, cast, client, ask):
    client.force_login(cast.zhou.user)
    address = reverse("duty-leave-cancel", args=[back_too_soon.pk])
    answer = client.post(address, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Refresh"]) == (422, "true")
    assert "less than 11 hours" in client.get(reverse("duty-leave")).content.decode()


def test_leave_taken_back_brings_what_the_plan_has_and_nobody_is_warned(rota, cast, ask):
    usual = {"change": Change.DAY, "first_date": date(2026, 3, 3)}
    make_layer(rota, cast.lin, [cast.zhou], hours=[("06:00", "12:00"), ("16:00", "20:00")], **usual)
    leave = take_leave(cast.zhou, span=Span(utc(3, 4), utc(3, 6)), by=cast.zhou, now=NOW)
    assert ask(cast.zhou, "duty-leave-cancel", leave.pk, any="1").status_code == 302


def test_role_that_leaves_the_nights_to_one_is_said_first(round_the_clock, cast, ask):
    role = cast.lena.primary_role
    answer = ask(cast.lin, "duty-settings", role=role.pk, always="on")
    assert answer.status_code == 422
    assert re.search(r"Lena would have \d+ nights in a row", answer.text)
    mark = MARK.search(answer.text)[1]
    round_the_clock.refresh_from_db()
    assert round_the_clock.role is None
    sent = {"role": role.pk, "always": "on", "accepted": mark}
    assert ask(cast.lin, "duty-settings", **sent).status_code == 302
