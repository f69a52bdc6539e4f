"""The freeze: nothing begins after it has answered, nothing goes out late because it ended."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from yanzhen.activity.feed import events
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.rights import NotAllowed
from yanzhen.planning.models import Campaign
from yanzhen.publishing.actions.freezing import freeze, unfreeze
from yanzhen.publishing.engine.claim import claim_next
from yanzhen.publishing.engine.intent import intend
from yanzhen.publishing.engine.prepare import CannotSend, prepare
from yanzhen.publishing.models import Delivery, Gate
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import HoldReason
from yanzhen.publishing.tests.crew import until
from yanzhen.publishing.tests.desk import POSTING


def state_of(delivery):
    return Delivery.objects.get(pk=delivery.pk).state


def targets(desk, post):
    campaign = Campaign.objects.create(workspace=desk.cast.workspace, name="Spring", code="spring")
    post.campaign = campaign
    post.save(update_fields=["campaign"])
    return {"workspace": desk.cast.workspace, "account": desk.account, "campaign": campaign}


@pytest.mark.parametrize("scope", ["workspace", "account", "campaign"])
def test_freeze_stops_what_is_due_and_holds_it(desk, scope):
    delivery = desk.due()
    target = targets(desk, delivery.post)[scope]
    done = freeze(target, by=desk.cast.zhou, reason="Storm", now=desk.now)
    assert list(done.in_flight) == []
    desk.turn()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.hold_reason) == (S.HELD, HoldReason.FROZEN)
    assert desk.creates() == 0


def test_freeze_of_one_account_leaves_the_others(desk):
    other = desk.due(account=desk.connect("FerrowDE"))
    mine = desk.due()
    freeze(desk.account, by=desk.cast.zhou, reason="Storm", now=desk.now)
    desk.turn()
    assert (state_of(mine), state_of(other)) == (S.HELD, S.PUBLISHED)


def test_freeze_after_the_claim_stops_it_at_the_gate(desk):
    desk.due()
    delivery = claim_next(desk.account.pk, owner="w", now=desk.now)
    prepared = prepare(delivery, now=desk.now)
    freeze(desk.cast.workspace, by=desk.cast.zhou, reason="Storm", now=desk.now)
    with pytest.raises(CannotSend) as stop:
        intend(delivery, prepared)
    assert stop.value.reason == HoldReason.FROZEN


def test_unfreeze_sends_nothing_that_missed_its_time(desk):
    missed = [desk.due() for _ in range(3)]
    later = Delivery.objects.get(post=desk.timed(desk.passed(), minutes=10))
    freeze(desk.cast.workspace, by=desk.cast.zhou, reason="Storm", now=desk.now)
    held = unfreeze(desk.cast.workspace, by=desk.cast.lin, reason="Over", now=desk.now)
    assert held == 3
    desk.turn()
    assert {state_of(d) for d in missed} == {S.MISSED}
    desk.wait(11 * 60)
    desk.turn()
    assert (state_of(later), desk.creates()) == (S.PUBLISHED, 1)


def test_freeze_and_unfreeze_ask_their_rights(desk):
    workspace = desk.cast.workspace
    with pytest.raises(NotAllowed):
        freeze(workspace, by=desk.cast.wu, reason="x", now=desk.now)
    freeze(workspace, by=desk.cast.zhou, reason="x", now=desk.now)
    with pytest.raises(MoveRefused):
        freeze(workspace, by=desk.cast.zhou, reason="x", now=desk.now)
    with pytest.raises(NotAllowed):
        unfreeze(workspace, by=desk.cast.zhou, reason="x", now=desk.now)
    kinds = list(events().objects.filter(kind="publishing.frozen").values_list("data", flat=True))
    assert kinds == [{"scope": "workspace", "reason": "x", "count": 0}]


def test_freeze_command_works_without_the_web_and_is_lifted_there(desk):
    delivery = desk.due()
    out = StringIO()
    call_command("freeze", "--everything", "--reason", "Restore", stdout=out)
    assert "Nothing new goes out" in out.getvalue()
    desk.turn()
    assert state_of(delivery) == S.HELD
    with pytest.raises(CommandError, match="frozen already"):
        call_command("freeze", "--everything", "--reason", "Restore")
    call_command("unfreeze", "--everything", "--reason", "Done", stdout=StringIO())
    call_command("freeze", "--workspace", "ferrow", "--reason", "Storm", stdout=StringIO())
    assert Gate.objects.get(key=f"workspace:{desk.cast.workspace.pk}").frozen
    with pytest.raises(CommandError, match="Known: ferrow, other"):
        call_command("freeze", "--workspace", "nobody", "--reason", "Storm")


def test_freeze_while_workers_send_lists_what_left_and_stops_the_rest(field):
    field.sim.fault("slow", match=POSTING, seconds=1, after=True, times=0)
    for _ in range(4):
        field.due()
    field.crew.fork()
    field.crew.fork()
    until(lambda: Delivery.objects.filter(state=S.SENDING).exists())
    done = freeze(field.cast.workspace, by=field.cast.zhou, reason="Storm", now=field.now)
    left = Delivery.objects.exclude(attempts=None).count()
    assert [d.state for d in done.in_flight] == [S.SENDING]
    until(lambda: not Delivery.objects.in_flight().exists())
    until(lambda: not Delivery.objects.filter(state=S.SCHEDULED).exists())
    assert Delivery.objects.exclude(attempts=None).count() == left == 1
    assert (field.creates(), len(field.posts())) == (1, 1)
