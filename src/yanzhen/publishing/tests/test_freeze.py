"""The freeze: nothing begins after it has answered, nothing goes out late because it ended."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from yanzhen.activity.feed import events
from yanzhen.jobs.models import Lease
from yanzhen.people.rights import NotAllowed
from yanzhen.planning.models import Campaign
from yanzhen.publishing import following
from yanzhen.publishing.actions.freezing import freeze
from yanzhen.publishing.engine import outcome
from yanzhen.publishing.engine.claim import claim_next
from yanzhen.publishing.engine.intent import intend
from yanzhen.publishing.engine.outcome import lose_owner
from yanzhen.publishing.engine.prepare import CannotSend, prepare
from yanzhen.publishing.models import Delivery, Gate
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import GateCause, HoldReason
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


def test_freeze_asks_its_right_and_needs_no_reason(desk):
    workspace = desk.cast.workspace
    with pytest.raises(NotAllowed):
        freeze(workspace, by=desk.cast.wu, reason="x", now=desk.now)
    done = freeze(workspace, by=desk.cast.zhou, now=desk.now)
    why = "No reason was given yet."
    assert (done.already, done.gate.cause, done.gate.reason) == (False, GateCause.HAND, why)
    kinds = list(events().objects.filter(kind="publishing.frozen").values_list("data", flat=True))
    assert kinds == [{"scope": "workspace", "reason": why, "count": 0}]


def test_freeze_of_what_is_frozen_says_so_and_changes_nothing(desk):
    first = freeze(desk.account, by=desk.cast.zhou, reason="Storm", now=desk.now)
    again = freeze(desk.account, by=desk.cast.lin, reason="Worse", now=desk.now)
    assert again.already
    assert (again.gate.reason, again.gate.epoch) == ("Storm", first.gate.epoch)
    assert events().objects.filter(kind="publishing.frozen").count() == 1


def run(*words):
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_freeze_command_works_without_web_and_worker(desk):
    delivery = desk.due()
    said = run("freeze", "--everything", "--reason", "Restore")
    assert "Nothing new goes out" in said
    assert "Nothing was on its way" in said
    desk.turn()
    assert state_of(delivery) == S.HELD
    assert Gate.objects.get(key="installation").cause == GateCause.SHELL
    assert "Frozen already: everything, by the command line" in run("freeze", "--everything")
    run("freeze", "--workspace", "ferrow", "--reason", "Storm")
    assert Gate.objects.get(key=f"workspace:{desk.cast.workspace.pk}").frozen


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["--workspace", "nobody"], "Known: ferrow, other"),
        (["--workspace", "ferrow", "--account", "@nobody"], "has no account"),
        (["--workspace", "ferrow", "--campaign", "no"], "has no campaign"),
        (["--workspace", "ferrow", "--campaign", "a", "--account", "b"], "not both"),
        (["--everything", "--account", "b"], "Name the workspace"),
        (["--workspace", "ferrow", "--reason", "a\x00b"], "control character"),
    ],
)
def test_freeze_command_refuses_what_it_does_not_know(desk, words, answer):
    with pytest.raises(CommandError, match=answer):
        run("freeze", *words)
    assert not Gate.objects.filter(frozen=True).exists()


def in_the_air(desk):
    """Give a delivery that has left and of which nothing is known yet, and its attempt."""
    desk.due()
    claimed = claim_next(desk.account.pk, owner="w", now=desk.now)
    attempt = intend(claimed, prepare(claimed, now=desk.now))
    return Delivery.objects.get(pk=claimed.pk), attempt


def test_freeze_command_lists_what_had_left_and_says_that_no_worker_runs(desk):
    in_the_air(desk)
    said = run("freeze", "--everything")
    assert "had left before" in said
    assert "It is being sent at this moment." in said
    assert "start `yanzhen work`" in said
    with pytest.raises(CommandError, match="1 that had left are still unclear") as unclear:
        run("freeze", "--everything", "--follow")
    assert unclear.value.returncode == 3


def test_freeze_command_follows_to_the_end(desk, monkeypatch):
    delivery, _attempt = in_the_air(desk)
    Lease.objects.create(name="publishing.reap", ok_at=desk.now + timedelta(hours=1))

    def land(seconds):
        outcome.publish(delivery.pk, outcome.Found("1900000000000000001"), now=desk.now)

    # While the command waits, a worker hears from X.
    monkeypatch.setattr(following.time, "sleep", land)
    said = run("freeze", "--everything", "--follow")
    assert f"It is on X. {desk.url}/Ferrow/status/1900000000000000001" in said


def test_freeze_command_tells_when_something_needs_a_person(desk, monkeypatch):
    delivery, _attempt = in_the_air(desk)
    lose_owner(delivery, now=desk.now)
    Lease.objects.create(name="publishing.reap", ok_at=desk.now + timedelta(hours=1))

    def give_in(seconds):
        outcome.hold(Delivery.objects.get(pk=delivery.pk), HoldReason.AMBIGUOUS, now=desk.now)

    monkeypatch.setattr(following.time, "sleep", give_in)
    with pytest.raises(CommandError, match="1 that had left need a person") as needs:
        run("freeze", "--everything", "--follow")
    assert needs.value.returncode == 4


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
