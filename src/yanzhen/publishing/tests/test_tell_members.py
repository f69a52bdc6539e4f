"""Who hears of what: the author, the lead, those who decide, and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yanzhen.channels.actions.losing import lose
from yanzhen.channels.states import Problem
from yanzhen.jobs.tests.beats import worker_answers
from yanzhen.kernel import clock
from yanzhen.notify.models import Notice
from yanzhen.people.actions.workspaces import set_lead
from yanzhen.people.models import Workspace
from yanzhen.publishing.actions.freezing import freeze, freeze_from_shell
from yanzhen.publishing.actions.resolving import propose_resend
from yanzhen.publishing.actions.thawing import ask_thaw, confirm_thaw, refuse_thaw
from yanzhen.publishing.actions.watching import raise_alarms
from yanzhen.publishing.engine import outcome
from yanzhen.publishing.engine.waiting import signature, waiting_behind
from yanzhen.publishing.states import HoldReason
from yanzhen.publishing.tests.desk import POSTING


def notices():
    """Those of publishing; that posts came through review was told before."""
    return Notice.objects.filter(kind__startswith="publishing.")


def told(kind):
    """Who was told of events of this kind, by name."""
    rows = notices().filter(kind=f"publishing.{kind}")
    return sorted(rows.values_list("member__user__name", flat=True))


def give_lead(desk, member, *, until=None):
    workspace = Workspace.objects.get(pk=desk.cast.workspace.pk)
    seen = workspace.revision
    set_lead(workspace, member=member, until=until, seen=seen, by=desk.cast.lena, now=clock.now())


def test_held_without_a_lead_tells_the_author_and_who_resolves(desk):
    delivery = desk.due()
    outcome.hold(delivery, HoldReason.UNREACHABLE, now=desk.now)
    assert told("held") == ["Lena", "Lin", "Zhou"]
    notice = notices().get(member=desk.cast.zhou)
    assert notice.urgent
    assert notice.url == f"/posts/{delivery.post_id}/"


def test_held_with_a_lead_tells_the_author_and_the_lead(desk):
    give_lead(desk, desk.cast.maya)
    outcome.hold(desk.due(), HoldReason.UNREACHABLE, now=desk.now)
    assert told("held") == ["Maya", "Zhou"]


def test_held_after_the_lead_was_due_over_tells_who_resolves_too(desk):
    give_lead(desk, desk.cast.maya, until=clock.now() + timedelta(minutes=1))
    outcome.hold(desk.due(), HoldReason.UNREACHABLE, now=desk.now + timedelta(minutes=2))
    assert told("held") == ["Lena", "Lin", "Maya", "Zhou"]


def test_held_by_a_freeze_cries_no_second_time(desk):
    outcome.hold(desk.due(), HoldReason.FROZEN, now=desk.now)
    assert not notices().filter(urgent=True).exists()
    assert len(told("held")) == 3


def test_refused_by_x_tells_the_author_and_who_resolves(desk):
    desk.sim.fault("403_not_permitted", match=POSTING)
    desk.due()
    desk.settle()
    assert told("refused") == ["Lena", "Lin", "Zhou"]


def test_doubled_on_x_is_urgent(desk):
    outcome.alarm_double_of(desk.due(), ["1", "2"], now=desk.now)
    assert told("doubled") == ["Lena", "Lin", "Zhou"]
    assert not notices().filter(urgent=False).exists()


def test_freeze_and_its_end_tell_everybody_but_who_did_it(desk):
    gate = freeze(desk.account, by=desk.cast.zhou, reason="Storm", now=desk.now).gate
    assert told("frozen") == ["Lena", "Lin", "Maya", "Sam"]
    wish = ask_thaw(gate, by=desk.cast.lin, reason="Over", plan={}, now=desk.now)
    seen = signature(waiting_behind(gate, now=desk.now), wish.plan)
    confirm_thaw(wish, by=desk.cast.lena, seen=seen, now=desk.now)
    assert told("unfrozen") == ["Lin", "Maya", "Sam", "Zhou"]
    assert not notices().exclude(urgent=True, url="/freeze/").exists()


def test_wish_to_lift_a_freeze_tells_who_could_confirm_it(desk):
    gate = freeze(desk.account, by=desk.cast.zhou, reason="Storm", now=desk.now).gate
    wish = ask_thaw(gate, by=desk.cast.lin, reason="Over", plan={}, now=desk.now)
    assert told("thaw_asked") == ["Lena"]
    refuse_thaw(wish, by=desk.cast.lena, reason="Not yet", now=desk.now)
    assert told("thaw_refused") == ["Lin"]


def test_proposal_to_send_again_tells_who_could_confirm_it(desk):
    delivery = desk.due()
    outcome.hold(delivery, HoldReason.AMBIGUOUS, now=desk.now)
    propose_resend(delivery, reason="Gone", by=desk.cast.lin, now=desk.now)
    assert told("resend_asked") == ["Lena"]


def test_missed_post_tells_the_author_and_who_resolves(desk):
    outcome.miss(desk.due(), now=desk.now)
    assert told("missed") == ["Lena", "Lin", "Zhou"]


def test_freeze_from_the_shell_tells_everybody_everywhere(desk):
    freeze_from_shell(None, reason="Storm", now=desk.now)
    assert told("frozen") == ["Lena", "Lin", "Maya", "Sam", "Wu", "Zhou"]


@pytest.mark.parametrize("lead", [False, True])
def test_lost_account_tells_who_connects_and_the_lead(desk, lead):
    if lead:
        give_lead(desk, desk.cast.maya)
    lose(desk.account, Problem.REFUSED, now=desk.now)
    rows = Notice.objects.filter(kind="channels.account_lost")
    names = sorted(rows.values_list("member__user__name", flat=True))
    assert names == ["Lena", *(["Maya"] if lead else []), "Sam"]
    assert {notice.url for notice in rows} == {f"/accounts/{desk.account.pk}/"}


def test_stuck_tells_the_author_the_lead_and_who_resolves(desk):
    give_lead(desk, desk.cast.maya)
    desk.due()
    desk.wait(180)
    worker_answers(desk.now - timedelta(minutes=3))
    assert raise_alarms(desk.now) == 1
    assert told("stuck") == ["Lena", "Lin", "Maya", "Zhou"]
    assert not notices().filter(urgent=False).exists()
