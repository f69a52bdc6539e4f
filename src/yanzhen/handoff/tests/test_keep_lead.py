"""What the clock does: opens logs, hands over, pages step by step, and never drops the lead."""

from datetime import timedelta

import pytest

from yanzhen.duty.actions.rotas import open_rota
from yanzhen.duty.models import Place
from yanzhen.duty.rules.layers import Change
from yanzhen.duty.tests.duties import make_layer, utc
from yanzhen.handoff.actions.deciding import refuse_handover
from yanzhen.handoff.actions.keeping import keep_workspace
from yanzhen.handoff.actions.sending import withdraw_handover
from yanzhen.handoff.ladder import due_rungs
from yanzhen.handoff.loops import keep_handoffs
from yanzhen.handoff.models import Handover, Paging
from yanzhen.handoff.tests.shifts import HOUR, accepted, again, begun, kinds, leader, minutes, sent
from yanzhen.notify.models import Notice
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.models import Member
from yanzhen.people.tests.cast import NOW, join, make_cast, make_user

pytestmark = pytest.mark.django_db
NINE_TO_FIVE = [("00:00", "10:00"), ("10:00", "00:00")]


def keep(cast, now):
    return keep_workspace(cast.workspace, now=now)


def paged(cast):
    """Who was paged at each rung, by name."""
    rows = Paging.objects.order_by("pk").prefetch_related("members__user")
    return [(row.rung, sorted(m.user.name for m in row.members.all())) for row in rows]


def gone(cast, member, now=HOUR):
    found = Member.objects.get(pk=member.pk)
    deactivate_member(found, seen=found.revision, by=again(cast.admin), now=now)


@pytest.fixture
def rota(cast):
    """From ten Zhou has the duty after Lena; Lin is backup."""
    rota = open_rota(cast.workspace, by=cast.lin, now=NOW)
    make_layer(rota, cast.lin, [cast.lena, cast.zhou], hours=NINE_TO_FIVE, change=Change.SHIFT)
    make_layer(rota, cast.lin, [cast.lin], place=Place.BACKUP)
    return rota


def test_log_of_the_next_turn_is_opened_an_hour_before_and_handed_over_at_its_hour(rota, cast):
    assert keep(cast, NOW) == 1
    opened = Handover.objects.get()
    assert (opened.outgoing, opened.receiver, opened.due_at) == (
        cast.lena,
        cast.zhou,
        utc(3, 2, 10),
    )
    assert opened.until_at == utc(3, 3)
    assert Notice.objects.get(kind="handoff.opened").member == cast.lena
    assert keep(cast, NOW + timedelta(minutes=30)) == 0
    withdraw_handover(opened, by=again(cast.lena), now=NOW)
    assert keep(cast, NOW + timedelta(minutes=31)) == 1
    opened = Handover.objects.get(state="draft")
    assert keep(cast, HOUR) == 1
    assert kinds(cast) == ["opened", "withdrawn", "opened", "sent"]
    assert leader(cast) == cast.lena
    accepted(opened, cast.zhou)
    assert leader(cast) == cast.zhou
    assert keep(cast, minutes(5)) == 0


def test_nobody_accepts_and_the_ladder_pages_both_then_the_deputy_then_the_coordinator(rota, cast):
    sam = join(cast.workspace, make_user("Okafor"), "crisis_coordinator")
    handover = sent(cast)
    assert keep(cast, minutes(14)) == 0
    for wait in (15, 16, 30, 45, 60, 105):
        keep(cast, minutes(wait))
    assert paged(cast) == [
        (0, ["Lena", "Zhou"]),
        (1, ["Lena", "Lin", "Zhou"]),
        (2, ["Lena", "Lin", "Okafor", "Zhou"]),
        (3, ["Lena", "Lin", "Okafor", "Zhou"]),
    ]
    assert not Notice.objects.filter(kind="handoff.unaccepted", urgent=False).exists()
    assert leader(cast) == cast.lena
    accepted(handover, sam, now=minutes(110))
    assert leader(cast) == sam
    assert keep(cast, minutes(200)) == 0


def test_rungs_missed_by_a_silent_worker_are_caught_up_once():
    assert list(due_rungs(HOUR, now=minutes(14))) == []
    assert list(due_rungs(HOUR, now=minutes(31))) == [0, 1]
    assert list(due_rungs(HOUR, now=minutes(45))) == [0, 1, 2]
    assert list(due_rungs(HOUR, now=minutes(45 + 60 * 5 + 3))) == [0, 1, 2, 7]


def test_refused_log_is_handed_over_anew_by_the_clock(cast):
    handover = sent(cast)
    refuse_handover(handover, reason="Which press?", by=again(cast.zhou), now=HOUR)
    assert keep(cast, minutes(29)) == 0
    assert keep(cast, minutes(30)) == 1
    assert kinds(cast)[-3:] == ["refused", "opened", "sent"]
    assert leader(cast) == cast.lena


def test_leader_who_leaves_hands_on_to_who_is_on_duty_in_the_same_step(rota, cast):
    gone(cast, cast.lena, utc(3, 2, 11))
    assert leader(cast) == cast.zhou
    assert kinds(cast)[-1] == "fell"
    told = Notice.objects.filter(kind="handoff.fell", urgent=True)
    assert sorted(told.values_list("member__user__name", flat=True)) == ["Lin", "Sam", "Zhou"]


def test_leader_who_leaves_where_no_rota_is_hands_on_to_the_coordinator_or_who_sets_the_lead(cast):
    gone(cast, cast.lena)
    assert leader(cast) == cast.lin
    join(cast.workspace, make_user("Okafor"), "crisis_coordinator")
    gone(cast, cast.lin)
    assert leader(cast).user.name == "Okafor"


def test_leader_whose_account_is_closed_is_found_by_the_loop(cast):
    cast.lena.user.is_active = False
    cast.lena.user.save()
    assert keep_handoffs(HOUR) == 1
    assert leader(cast) == cast.lin


def test_receiver_who_leaves_lets_the_log_go_and_the_lead_stay(cast):
    handover = begun(cast)
    gone(cast, cast.zhou)
    assert Handover.objects.get(pk=handover.pk).state == "overtaken"
    assert leader(cast) == cast.lena


def test_workspace_that_named_nobody_is_left_alone(db):
    cast = make_cast()
    assert keep_handoffs(HOUR) == 0
    assert leader(cast) is None
