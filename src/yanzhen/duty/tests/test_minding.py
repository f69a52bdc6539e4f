"""What would be hard on somebody is said where it would be done, and done only all the same."""

import re
from datetime import date

import pytest

from yanzhen.duty.actions.swapping import offer_swap
from yanzhen.duty.models import Layer, Override, Swap, Turn
from yanzhen.duty.rules.layers import Change
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.states import SwapState
from yanzhen.duty.tests.duties import kinds, make_layer, utc
from yanzhen.duty.tests.pages import MARK
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
