"""Swaps: both or neither, checked when taken and again when they begin."""

import pytest

from yanzhen.duty.actions.checks import IsAway, NotTheirs, PastHours, TooFar
from yanzhen.duty.actions.keeping import keep_rota
from yanzhen.duty.actions.leaving import take_leave
from yanzhen.duty.actions.rotas import set_rota
from yanzhen.duty.actions.swapping import (
    AlreadyOffered,
    OwnSwap,
    offer_swap,
    take_swap,
    withdraw_swap,
)
from yanzhen.duty.models import Swap, Turn
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.states import SwapState
from yanzhen.duty.tests.duties import kinds, plan, utc
from yanzhen.kernel.machine import MoveRefused
from yanzhen.notify.models import Notice
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.models import Member
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW

pytestmark = pytest.mark.django_db
ZHOU_S, MAYA_S = Span(utc(3, 16), utc(3, 23)), Span(utc(3, 9), utc(3, 16))


@pytest.fixture
def offer(weeks, cast):
    """Zhou offers his second week for Maya's first."""
    return offer_swap(weeks, given=ZHOU_S, back=MAYA_S, by=cast.zhou, now=NOW, note="Wedding")


def names(rota):
    return [name for name, *_ in plan(rota, utc(3, 9), utc(3, 23))]


def fresh(swap):
    return Swap.objects.get(pk=swap.pk)


def gone(member, cast, now=NOW):
    found = Member.objects.get(pk=member.pk)
    deactivate_member(found, seen=found.revision, by=cast.admin, now=now)


def test_take_swap_changes_both_halves_in_one_step_and_tells_the_other(offer, weeks, cast):
    assert names(weeks) == ["Maya", "Zhou"]
    take_swap(offer, by=cast.maya, now=NOW)
    assert names(weeks) == ["Zhou", "Maya"]
    assert kinds(weeks)[-3:] == ["swap_offered", "swap_taken", "turns_moved"]
    told = Notice.objects.filter(kind="duty.swap_taken")
    assert [notice.member for notice in told] == [cast.zhou]


def test_offers_of_who_leaves_and_to_who_leaves_end_at_once(offer, weeks, cast):
    gone(cast.zhou, cast)
    assert fresh(offer).state == SwapState.WITHDRAWN
    asked = offer_swap(weeks, given=MAYA_S, asked=cast.lena, by=cast.maya, now=NOW)
    to_all = offer_swap(weeks, given=Span(utc(3, 30), utc(4, 6)), by=cast.maya, now=NOW)
    gone(cast.lena, cast)
    assert fresh(asked).state == SwapState.WITHDRAWN
    assert fresh(to_all).state == SwapState.OFFERED
    assert Notice.objects.filter(kind="duty.swap_void", member=cast.maya).exists()


def test_offer_swap_without_return_gives_the_hours_to_whoever_takes_them(weeks, cast):
    swap = offer_swap(weeks, given=ZHOU_S, by=cast.zhou, now=NOW)
    take_swap(swap, by=cast.lena, now=NOW)
    assert names(weeks) == ["Maya", "Lena"]


def test_offer_swap_gives_part_of_a_turn_too(weeks, cast):
    evening = Span(utc(3, 17, 18), utc(3, 17, 23))
    take_swap(offer_swap(weeks, given=evening, by=cast.zhou, now=NOW), by=cast.lin, now=NOW)
    assert [name for name, *_ in plan(weeks, utc(3, 16), utc(3, 23))] == ["Zhou", "Lin", "Zhou"]


def test_take_swap_refuses_the_second_of_two_stale_copies(weeks, cast):
    swap = offer_swap(weeks, given=ZHOU_S, by=cast.zhou, now=NOW)
    stale = fresh(swap)
    take_swap(swap, by=cast.lena, now=NOW)
    with pytest.raises((MoveRefused, NotTheirs)):
        take_swap(stale, by=cast.lin, now=NOW)
    assert names(weeks) == ["Maya", "Lena"]


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda offer, cast: gone(cast.zhou, cast), NotTheirs),
        (lambda offer, cast: gone(cast.maya, cast), NotAllowed),
        (
            lambda offer, cast: take_leave(cast.maya, span=ZHOU_S, by=cast.maya, now=NOW),
            IsAway,
        ),
        (
            lambda offer, cast: take_leave(cast.zhou, span=MAYA_S, by=cast.zhou, now=NOW),
            IsAway,
        ),
        (
            lambda offer, cast: set_rota(
                offer.rota, role=cast.maya.primary_role, always=True, by=cast.lin, now=NOW
            ),
            NotTheirs,
        ),
    ],
    ids=["giver left", "taker left", "taker on leave", "giver on leave", "giver lost the role"],
)
def test_edge_07_take_swap_is_refused_when_one_of_the_two_cannot_keep_it(offer, cast, spoil, error):
    spoil(offer, cast)
    with pytest.raises(error):
        take_swap(fresh(offer), by=Member.objects.with_roles().get(pk=cast.maya.pk), now=NOW)
    assert fresh(offer).taker is None
    assert not Turn.objects.filter(why="swap").exists()


def test_edge_07_a_taken_swap_is_void_as_soon_as_one_cannot_keep_it(offer, weeks, cast):
    take_swap(offer, by=cast.maya, now=NOW)
    take_leave(cast.maya, span=Span(utc(3, 18), utc(3, 19)), by=cast.maya, now=utc(3, 5))
    assert fresh(offer).state == SwapState.VOID
    assert names(weeks) == ["Maya", "Zhou"]
    told = Notice.objects.filter(kind="duty.swap_void").order_by("member__user__name")
    assert [notice.member.name for notice in told] == ["Maya", "Zhou"]


def test_edge_07_a_taken_swap_is_checked_again_when_it_begins(offer, weeks, cast):
    take_swap(offer, by=cast.maya, now=NOW)
    # What no action announced: the account was closed from the command line.
    cast.maya.user.is_active = False
    cast.maya.user.save(update_fields=["is_active"])
    keep_rota(weeks, now=utc(3, 9, 0, 1))
    assert fresh(offer).state == SwapState.VOID
    assert not Turn.objects.filter(why="swap", start_at__gte=utc(3, 9, 0, 1)).exists()


def test_edge_07_a_swap_that_began_stays_and_the_second_half_falls_alone(offer, weeks, cast):
    take_swap(offer, by=cast.maya, now=NOW)
    keep_rota(weeks, now=utc(3, 9, 0, 1))
    assert fresh(offer).state == SwapState.BEGUN
    gone(cast.maya, cast, now=utc(3, 12))
    assert set(names(weeks)) == {"Zhou"}
    with pytest.raises(MoveRefused):
        withdraw_swap(fresh(offer), by=cast.zhou, now=utc(3, 12))


def test_an_offer_nobody_took_lapses_at_its_start(offer, weeks, cast):
    keep_rota(weeks, now=MAYA_S.start)
    assert fresh(offer).state == SwapState.LAPSED
    with pytest.raises(PastHours):
        take_swap(fresh(offer), by=cast.maya, now=utc(3, 9, 1))


def test_withdraw_swap_puts_everything_back_before_it_begins(offer, weeks, cast):
    take_swap(offer, by=cast.maya, now=NOW)
    with pytest.raises(NotAllowed):
        withdraw_swap(fresh(offer), by=cast.wu, now=NOW)
    withdraw_swap(offer, by=cast.maya, now=utc(3, 8))
    assert names(weeks) == ["Maya", "Zhou"]


def test_withdraw_swap_after_the_start_is_refused_before_the_loop_saw_it(offer, cast):
    take_swap(offer, by=cast.maya, now=NOW)
    with pytest.raises(PastHours):
        withdraw_swap(offer, by=cast.maya, now=MAYA_S.start)


def test_offer_swap_refuses_hours_that_are_not_yours_past_offered_or_not_planned(weeks, cast):
    for span, error in [
        (MAYA_S, NotTheirs),
        (Span(utc(3, 2), utc(3, 3)), PastHours),
        (Span(utc(3, 15), utc(3, 17)), NotTheirs),
        (Span(utc(12, 1), utc(12, 2)), TooFar),
    ]:
        with pytest.raises(error):
            offer_swap(weeks, given=span, by=cast.zhou, now=NOW)
    offer_swap(weeks, given=ZHOU_S, by=cast.zhou, now=NOW)
    with pytest.raises(AlreadyOffered):
        offer_swap(weeks, given=Span(utc(3, 17), utc(3, 18)), by=cast.zhou, now=NOW)
    with pytest.raises(NotAllowed):
        offer_swap(weeks, given=ZHOU_S, by=cast.wu, now=NOW)


def test_take_swap_refuses_your_own_and_who_is_not_on_duty_in_return(offer, cast):
    with pytest.raises(OwnSwap):
        take_swap(offer, by=cast.zhou, now=NOW)
    with pytest.raises(NotTheirs):
        take_swap(offer, by=cast.lena, now=NOW)
