"""Deliveries follow the plan, and a change that comes too late is refused whole."""

from __future__ import annotations

import pytest

from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.timing import drop_post, revise_post, untime_post
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.publishing.actions.scheduling import AlreadySending, InDoubt, hold_post, publish_now
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import Doubt, HoldReason
from yanzhen.publishing.tests.desk import POSTING
from yanzhen.review.actions.rounds import pass_step, submit_post
from yanzhen.review.tests.rounds import all_ticked, submitted, waiting_step

CHANGES = {
    "untime": lambda desk, post: untime_post(post, by=desk.cast.lin, now=NOW),
    "revise": lambda desk, post: revise_post(post, by=desk.cast.zhou, now=NOW),
    "drop": lambda desk, post: drop_post(post, by=desk.cast.lin, now=NOW),
}


def states(post):
    return list(Delivery.objects.filter(post=post).order_by("pk").values_list("state", flat=True))


def fresh(post):
    return Post.objects.get(pk=post.pk)


def test_last_pass_schedules_a_post_that_has_a_time(desk):
    post = desk.timed(desk.written(), minutes=30)
    round_ = submit_post(post, by=desk.cast.zhou, ticks=all_ticked(post), now=NOW)
    pass_step(waiting_step(round_), by=desk.cast.lin, now=NOW)
    assert states(post) == []
    pass_step(waiting_step(round_), by=desk.cast.lena, now=NOW)
    assert states(post) == [S.SCHEDULED]
    assert fresh(post).state == PostState.SCHEDULED
    assert Delivery.objects.get(post=post).due_at == fresh(post).due_at


def test_last_pass_leaves_a_post_without_a_time_passed(desk):
    post = desk.passed()
    assert (states(post), post.state) == ([], PostState.PASSED)


def test_time_post_makes_one_delivery_for_each_segment_in_a_chain(desk):
    post = desk.timed(desk.passed("one", "two", "three"), minutes=5)
    chain = list(Delivery.objects.filter(post=post).order_by("position"))
    assert [d.text for d in chain] == ["one", "two", "three"]
    assert [d.after_id for d in chain] == [None, chain[0].pk, chain[1].pk]


def test_time_post_moves_and_keeps_the_approval(desk):
    post = desk.timed(desk.passed(), minutes=5)
    desk.timed(fresh(post), minutes=50)
    delivery = Delivery.objects.get(post=post)
    assert (delivery.state, delivery.due_at) == (S.SCHEDULED, fresh(post).due_at)


@pytest.mark.parametrize("change", CHANGES)
def test_change_before_the_send_calls_it_off(desk, change):
    post = desk.timed(desk.passed())
    CHANGES[change](desk, fresh(post))
    assert states(post) == [S.CANCELLED]
    assert desk.send() == 0


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("state", [S.CLAIMED, S.SENDING, S.AMBIGUOUS])
def test_change_during_the_send_is_refused_and_changes_nothing(desk, change, state):
    post = desk.timed(desk.passed())
    on_the_way = (S.CLAIMED, S.SENDING, S.AMBIGUOUS)
    in_hand = {"owner": "w", "lease_until_at": desk.now, "check_at": desk.now}
    for step in on_the_way[: on_the_way.index(state) + 1]:
        Delivery.objects.update(state=step, doubt=Doubt.UNKNOWN, **in_hand)
    with pytest.raises(AlreadySending):
        CHANGES[change](desk, fresh(post))
    assert (fresh(post).state, states(post)) == (PostState.SCHEDULED, [state])
    with pytest.raises(AlreadySending):
        desk.timed(fresh(post), minutes=9)
    assert fresh(post).due_at == Delivery.objects.get(post=post).due_at


@pytest.mark.parametrize("change", [*CHANGES, "time"])
def test_change_of_a_post_that_may_be_out_is_refused(desk, change):
    desk.sim.fault("reject_500", match=POSTING)
    post = desk.due().post
    desk.settle()
    act = CHANGES.get(change) or (lambda desk, post: desk.timed(post, minutes=30))
    with pytest.raises(InDoubt):
        act(desk, fresh(post))
    assert states(post) == [S.HELD]


def test_time_post_schedules_what_missed_its_time(desk):
    post = desk.due().post
    desk.wait(16 * 60)
    desk.turn()
    assert states(post) == [S.MISSED]
    assert (fresh(post).state, desk.creates()) == (PostState.MISSED, 0)
    desk.timed(fresh(post))
    assert (fresh(post).state, states(post)) == (PostState.SCHEDULED, [S.SCHEDULED])
    desk.turn()
    assert states(post) == [S.PUBLISHED]


def test_hold_post_keeps_it_until_it_gets_a_time(desk):
    post = desk.due().post
    hold_post(fresh(post), by=desk.cast.zhou, reason="Wrong picture", now=NOW)
    assert fresh(post).state == PostState.HELD
    desk.settle()
    assert desk.creates() == 0
    delivery = Delivery.objects.get(post=post)
    assert (delivery.hold_reason, delivery.hold_note) == (HoldReason.BY_HAND, "Wrong picture")
    with pytest.raises(MoveRefused):
        hold_post(fresh(post), by=desk.cast.zhou, reason="Again", now=NOW)


def test_hold_post_of_another_workspace_is_not_allowed(desk):
    with pytest.raises(NotAllowed):
        hold_post(desk.due().post, by=desk.cast.wu, reason="x", now=NOW)


def test_publish_now_sends_a_passed_post(desk):
    post = desk.passed()
    publish_now(post, by=desk.cast.lin, now=desk.now)
    desk.turn()
    assert states(post) == [S.PUBLISHED]


def test_publish_now_needs_the_right_and_a_pass(desk):
    post = desk.passed()
    with pytest.raises(NotAllowed):
        publish_now(post, by=desk.cast.zhou, now=desk.now)
    draft = submitted(desk.account, desk.cast.zhou, "not passed").post
    with pytest.raises(MoveRefused):
        publish_now(fresh(draft), by=desk.cast.lin, now=desk.now)


def test_edited_text_is_held_whatever_the_rows_say(desk):
    delivery = desk.due("Passed words")
    Delivery.objects.update(text="Other words")
    desk.send()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.hold_reason) == (S.HELD, HoldReason.EDITED)
    assert desk.creates() == 0


@pytest.mark.parametrize("tamper", ["segment", "digest", "verdict", "author", "account"])
def test_approval_is_asked_again_from_the_rows_before_the_send(desk, tamper):
    delivery = desk.due("Passed words")
    version = delivery.version
    if tamper == "segment":
        version.segments.update(text="Other words")
        Delivery.objects.update(text="Other words")
    elif tamper == "digest":
        Delivery.objects.update(digest="0" * 64)
    elif tamper == "verdict":
        step = delivery.post.rounds.get().steps.get(slug="final")
        type(step).objects.filter(pk=step.pk).update(quorum=2)
    elif tamper == "author":
        delivery.post.writers.add(desk.cast.lena)
    else:
        Post.objects.update(account=desk.connect("FerrowDE"))
    desk.send()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.hold_reason) == (S.HELD, HoldReason.EDITED)
    assert desk.creates() == 0
