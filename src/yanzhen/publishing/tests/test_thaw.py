"""Lifting a freeze: two people, the whole list, and nothing that goes out late by itself."""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tools import figures
from yanzhen.activity.feed import events
from yanzhen.people.models import Member
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import join, make_user
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.publishing.actions import thawing
from yanzhen.publishing.actions.freezing import freeze, freeze_from_shell
from yanzhen.publishing.actions.thawing import ask_thaw, confirm_thaw, refuse_thaw, withdraw_thaw
from yanzhen.publishing.engine.claim import claim_next
from yanzhen.publishing.engine.intent import intend
from yanzhen.publishing.engine.prepare import CannotSend, prepare
from yanzhen.publishing.engine.waiting import DROP, HOLD, signature, waiting_behind
from yanzhen.publishing.models import Attempt, Delivery, Gate, Thaw
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import GateCause, HoldReason, ThawOutcome
from yanzhen.publishing.tests.desk import POSTING


def state_of(delivery):
    return Delivery.objects.get(pk=delivery.pk).state


def frozen(desk, target=None):
    done = freeze(target or desk.cast.workspace, by=desk.cast.zhou, reason="Storm", now=desk.now)
    return done.gate


def asked(desk, gate, plan=None, by=None, reason="Over"):
    """Ask as Lin; what is not in ``plan`` (delivery: choice) is left missed."""
    due = [one.delivery.pk for one in waiting_behind(gate, now=desk.now) if one.came_due]
    choices = dict.fromkeys(due, HOLD) | {d.pk: choice for d, choice in (plan or {}).items()}
    return ask_thaw(gate, by=by or desk.cast.lin, reason=reason, plan=choices, now=desk.now)


def confirmed(desk, wish, by=None):
    """Confirm as Lena what the page shows at this moment."""
    seen = signature(waiting_behind(wish.gate, now=desk.now), wish.plan)
    return confirm_thaw(wish, by=by or desk.cast.lena, seen=seen, now=desk.now)


def kinds():
    rows = events().objects.order_by("pk").values_list("kind", flat=True)
    return [kind for kind in rows if "thaw" in kind or "frozen" in kind]


def test_thaw_by_two_sends_nothing_that_came_due_and_all_that_comes(desk):
    missed = [desk.due() for _ in range(3)]
    later = Delivery.objects.get(post=desk.timed(desk.passed(), minutes=10))
    gate = frozen(desk)
    wish = asked(desk, gate)
    done = confirmed(desk, wish)
    assert (done.dropped, done.moved, done.left) == (0, 0, 3)
    desk.turn()
    assert {Delivery.objects.get(pk=d.pk).hold_reason for d in missed} == {HoldReason.FROZEN}
    desk.wait(11 * 60)
    desk.turn()
    assert (state_of(later), desk.creates()) == (S.PUBLISHED, 1)
    wish.refresh_from_db()
    assert (wish.outcome, wish.closed_by) == (ThawOutcome.CONFIRMED, desk.cast.lena)
    assert kinds() == ["publishing.frozen", "publishing.thaw_asked", "publishing.unfrozen"]


def test_thaw_carries_out_each_choice(desk):
    dropped, moved, left = desk.due(), desk.due(), desk.due("One of two.", "Two of two.")
    gate = frozen(desk)
    at = (desk.now + timedelta(hours=2)).replace(second=0, microsecond=0).astimezone(UTC)
    wish = asked(desk, gate, {dropped: DROP, moved: at.isoformat()})
    done = confirmed(desk, wish)
    assert (done.dropped, done.moved, done.left) == (1, 1, 1)
    assert (state_of(dropped), Post.objects.get(pk=dropped.post_id).state) == (
        S.CANCELLED,
        PostState.DROPPED,
    )
    fresh = Delivery.objects.get(pk=moved.pk)
    assert (fresh.state, fresh.due_at) == (S.SCHEDULED, at)
    assert Post.objects.get(pk=moved.post_id).due_at == at
    desk.turn()
    assert desk.creates() == 0
    assert state_of(left) == S.HELD
    desk.wait(2 * 3600 + 5)
    desk.turn()
    assert [post["text"] for post in desk.posts()] == [moved.text]


def test_thaw_lists_what_waits_with_its_thread_and_nothing_else(desk):
    thread = desk.due("First.", "Second.", "Third.")
    soon = Delivery.objects.get(post=desk.timed(desk.passed(), minutes=60 * 20))
    desk.timed(desk.passed(), minutes=60 * 30)
    desk.due(account=desk.connect("FerrowDE"))
    gate = frozen(desk, desk.account)
    for _ in range(2):
        listed = waiting_behind(gate, now=desk.now)
        found = [(one.delivery.pk, one.came_due, one.behind) for one in listed]
        assert found == [(thread.pk, True, 2), (soon.pk, False, 0)]
        # Held by a worker, they are the same on the list.
        desk.turn()
    desk.wait(3600 * 3)
    desk.turn()
    listed = waiting_behind(gate, now=desk.now)
    assert [one.came_due for one in listed] == [True, False]


def test_thaw_needs_a_second_person_who_may(desk):
    gate = frozen(desk)
    with pytest.raises(NotAllowed):
        asked(desk, gate, by=desk.cast.zhou)
    wish = asked(desk, gate)
    with pytest.raises(thawing.SamePerson):
        confirmed(desk, wish, by=desk.cast.lin)
    with pytest.raises(thawing.SamePerson):
        refuse_thaw(wish, by=desk.cast.lin, reason="No", now=desk.now)
    for nobody in (desk.cast.zhou, desk.cast.wu):
        with pytest.raises(NotAllowed):
            confirmed(desk, wish, by=nobody)
    with pytest.raises(thawing.AlreadyAsked):
        asked(desk, gate, by=desk.cast.lena)
    assert Gate.objects.get(pk=gate.pk).frozen
    confirmed(desk, wish)
    with pytest.raises(thawing.NotFrozen):
        confirmed(desk, wish)
    with pytest.raises(thawing.NotFrozen):
        asked(desk, gate)


def test_thaw_refused_or_withdrawn_leaves_the_freeze(desk):
    gate = frozen(desk)
    wish = asked(desk, gate)
    with pytest.raises(thawing.SamePerson):
        withdraw_thaw(wish, by=desk.cast.lena, now=desk.now)
    refuse_thaw(wish, by=desk.cast.lena, reason="Not yet", now=desk.now)
    for late in (
        lambda: refuse_thaw(wish, by=desk.cast.lena, reason="No", now=desk.now),
        lambda: confirmed(desk, wish),
    ):
        with pytest.raises(thawing.NoSuchWish):
            late()
    second = asked(desk, gate)
    withdraw_thaw(second, by=desk.cast.lin, now=desk.now)
    third = asked(desk, gate)
    assert freeze(desk.cast.workspace, by=desk.cast.zhou, now=desk.now).already
    with pytest.raises(thawing.NoSuchWish):
        confirmed(desk, third)
    outcomes = list(Thaw.objects.order_by("pk").values_list("outcome", "note"))
    assert outcomes == [("refused", "Not yet"), ("withdrawn", ""), ("overtaken", "")]
    assert Gate.objects.get(pk=gate.pk).frozen


def test_thaw_with_something_new_on_the_list_opens_nothing(desk):
    desk.due()
    gate = frozen(desk)
    wish = asked(desk, gate)
    seen = signature(waiting_behind(gate, now=desk.now), wish.plan)
    fresh = desk.due()
    with pytest.raises(thawing.ListChanged):
        confirm_thaw(wish, by=desk.cast.lena, seen=seen, now=desk.now)
    assert Gate.objects.get(pk=gate.pk).frozen
    confirmed(desk, wish)
    desk.turn()
    assert (state_of(fresh), desk.creates()) == (S.HELD, 0)


def test_thaw_asked_without_a_choice_for_all_is_refused(desk):
    gate = frozen(desk)
    desk.due()
    with pytest.raises(thawing.ListChanged):
        ask_thaw(gate, by=desk.cast.lin, reason="Over", plan={}, now=desk.now)
    assert not Thaw.objects.exists()


def test_thaw_with_a_new_time_that_has_passed_opens_nothing(desk):
    moved = desk.due()
    gate = frozen(desk)
    soon = desk.now + timedelta(minutes=2)
    with pytest.raises(thawing.TimePassed):
        asked(desk, gate, {moved: (desk.now - timedelta(minutes=1)).isoformat()})
    wish = asked(desk, gate, {moved: soon.isoformat()})
    desk.wait(180)
    with pytest.raises(thawing.TimePassed):
        confirmed(desk, wish)
    assert Gate.objects.get(pk=gate.pk).frozen


def test_thaw_choices_need_the_rights_of_who_asks_then_and_at_the_end(desk):
    mine = desk.due()
    gate = frozen(desk)
    kim = join(desk.cast.workspace, make_user("Kim"), "crisis_coordinator")
    later = (desk.now + timedelta(hours=1)).isoformat()
    with pytest.raises(NotAllowed):
        asked(desk, gate, {mine: later}, by=kim)
    wish = asked(desk, gate, {mine: later})
    Member.objects.filter(pk=desk.cast.lin.pk).update(primary_role=kim.primary_role)
    with pytest.raises(thawing.CannotCarryOut):
        confirmed(desk, wish)
    assert Gate.objects.get(pk=gate.pk).frozen
    assert state_of(mine) == S.HELD


def test_thaw_lets_a_thread_wait_while_a_part_of_it_may_be_on_x(desk):
    desk.sim.fault("reject_reset", match=POSTING, times=1)
    desk.due("First.", "Second.", "Third.")
    desk.turn()
    gate = frozen(desk)
    (one,) = waiting_behind(gate, now=desk.now)
    assert (one.delivery.position, one.behind, one.unsettled) == (1, 1, True)
    for choice in (DROP, (desk.now + timedelta(hours=1)).isoformat()):
        with pytest.raises(thawing.CannotCarryOut):
            asked(desk, gate, {one.delivery: choice})
    confirmed(desk, asked(desk, gate))
    desk.settle()
    assert desk.posts() == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {S.HELD}


def test_thaw_stops_a_claim_from_before_the_freeze(desk):
    desk.due()
    claimed = claim_next(desk.account.pk, owner="asleep", now=desk.now)
    prepared = prepare(claimed, now=desk.now)
    gate = frozen(desk)
    confirmed(desk, asked(desk, gate))
    # The worker that slept through freeze and thaw wakes up.
    with pytest.raises(CannotSend):
        intend(claimed, prepared)
    assert not Attempt.objects.exists()
    assert state_of(claimed) == S.MISSED


def test_thaw_of_one_account_leaves_the_others_frozen(desk):
    other = desk.due(account=desk.connect("FerrowDE"))
    whole = frozen(desk)
    one = frozen(desk, desk.account)
    mine = Delivery.objects.get(post=desk.timed(desk.passed(), minutes=1))
    confirmed(desk, asked(desk, one))
    desk.wait(61)
    desk.turn()
    assert (state_of(mine), state_of(other), desk.creates()) == (S.HELD, S.HELD, 0)
    assert Gate.objects.get(pk=whole.pk).frozen


def run(*words):
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_unfreeze_command_asks_and_a_member_confirms(desk):
    late = desk.due()
    run("freeze", "--workspace", "ferrow")
    with pytest.raises(CommandError, match="Say why"):
        run("unfreeze", "--workspace", "ferrow")
    said = run("unfreeze", "--workspace", "ferrow", "--reason", "Over")
    assert f"“{late.post}”: stays missed" in said
    wish = Thaw.objects.get()
    assert (wish.by_shell, wish.asked_by) == (True, None)
    for words in (["--confirm", "x"], []):
        if words:
            with pytest.raises(CommandError, match="asked from here"):
                run("unfreeze", "--workspace", "ferrow", *words)
        else:
            assert "A member confirms it" in run("unfreeze", "--workspace", "ferrow")
    confirmed(desk, wish)
    desk.turn()
    assert desk.creates() == 0
    with pytest.raises(CommandError, match="Not frozen"):
        run("unfreeze", "--workspace", "ferrow", "--reason", "Again")


def test_unfreeze_command_confirms_what_a_member_asked_once_the_list_was_seen(desk):
    gate = frozen(desk)
    dropped = desk.due()
    asked(desk, gate, {dropped: DROP})
    said = run("unfreeze", "--workspace", "ferrow")
    assert "Lin asked: Over" in said
    assert f"“{dropped.post}”: is dropped" in said
    code = re.search(r"--confirm (\w+)", said)[1]
    fresh = desk.due()
    with pytest.raises(CommandError, match="not the list as it is now"):
        run("unfreeze", "--workspace", "ferrow", "--confirm", code)
    code = re.search(r"--confirm (\w+)", run("unfreeze", "--workspace", "ferrow"))[1]
    assert "1 were dropped" in run("unfreeze", "--workspace", "ferrow", "--confirm", code)
    assert (state_of(dropped), state_of(fresh)) == (S.CANCELLED, S.HELD)
    assert not Gate.objects.filter(frozen=True).exists()


def test_unfreeze_command_takes_back_its_own_wish_only(desk):
    gate = frozen(desk)
    with pytest.raises(CommandError, match="No such wish"):
        run("unfreeze", "--workspace", "ferrow", "--withdraw")
    wish = asked(desk, gate)
    with pytest.raises(CommandError):
        run("unfreeze", "--workspace", "ferrow", "--withdraw")
    withdraw_thaw(wish, by=desk.cast.lin, now=desk.now)
    run("unfreeze", "--workspace", "ferrow", "--reason", "Over")
    assert "Taken back" in run("unfreeze", "--workspace", "ferrow", "--withdraw")
    assert Gate.objects.get(pk=gate.pk).frozen


def test_unfreeze_of_several_brands_is_handed_to_each_and_opens_nothing(desk):
    freeze_from_shell(None, reason="Move", now=desk.now)
    whole = Gate.objects.get(key="installation")
    with pytest.raises(thawing.SeveralWorkspaces):
        asked(desk, whole)
    late = desk.due()
    said = run("unfreeze", "--everything", "--reason", "Moved")
    assert "ferrow, other" in said
    assert "Nothing has opened" in said
    assert not Gate.objects.get(key="installation").frozen
    gates = Gate.objects.filter(scope="workspace")
    assert {(gate.frozen, gate.cause) for gate in gates} == {(True, GateCause.SHELL)}
    desk.turn()
    assert (state_of(late), desk.creates()) == (S.HELD, 0)
    mine = gates.get(workspace=desk.cast.workspace)
    confirmed(desk, asked(desk, mine))
    assert gates.filter(frozen=True).count() == 1


def test_thaw_costs_the_same_to_list_for_one_and_five(desk):
    def cost():
        with CaptureQueriesContext(connection) as seen:
            waiting_behind(gate, now=desk.now)
        return len(seen.captured_queries)

    gate = frozen(desk)
    desk.due()
    one = cost()
    for _ in range(4):
        desk.due()
    assert cost() == one


@pytest.mark.slow
def test_thaw_of_500_posts_that_came_due_publishes_none(desk, request):
    """P8. No worker ran during the freeze, so the thaw meets them as they were."""
    number = 500
    first = desk.due()
    make_more(first, number - 1)
    gate = frozen(desk)
    assert sum(one.came_due for one in waiting_behind(gate, now=desk.now)) == number
    wish = asked(desk, gate)
    done = confirmed(desk, wish)
    assert done.left == number
    for _ in range(3):
        desk.turn()
        desk.wait(10)
    assert (desk.creates(), Attempt.objects.count()) == (0, 0)
    assert Delivery.objects.filter(state__in=(S.HELD, S.MISSED)).count() == number
    figures.note("P8", request.node.nodeid, f"0 of {number} posts that came due went out")


def make_more(delivery, count):
    """Put further copies of one due delivery beside it, as so many times it goes out."""
    rows = []
    for number in range(1, count + 1):
        copy = Delivery.objects.get(pk=delivery.pk)
        copy.pk, copy.occurrence = None, number
        rows.append(copy)
    Delivery.objects.bulk_create(rows)
