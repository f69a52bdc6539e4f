"""Deleting on X: once, with a reason, last to first, during a freeze, whoever dies in between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.rights import NotAllowed
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.publishing.actions.freezing import freeze
from yanzhen.publishing.actions.removing import remove_from_x
from yanzhen.publishing.engine.counts import refresh
from yanzhen.publishing.engine.remove import MOST_TRIES, remove
from yanzhen.publishing.models import Delivery, Removal, Spend
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import RemovalState as R
from yanzhen.publishing.tests.desk import POSTING
from yanzhen.review.tests.rounds import kinds_about

DELETING = {"method": "DELETE", "route": "/2/tweets/:id"}


def out(desk, *texts, **more):
    """A published post; its first delivery."""
    delivery = desk.due(*texts, **more)
    desk.turn()
    return Delivery.objects.select_related("account", "post").get(pk=delivery.pk)


def ask(desk, delivery, **more):
    return remove_from_x(delivery, reason="Wrong figure", by=desk.cast.lena, now=desk.now, **more)


def deletes(desk):
    return desk.sim.journal(method="DELETE", route="/2/tweets/:id")["total"]


def state_of(delivery):
    return Removal.objects.get(delivery=delivery).state


def test_remove_deletes_it_records_it_and_stops_its_counts(desk):
    delivery = out(desk, "A wrong figure")
    ask(desk, delivery)
    assert (deletes(desk), remove(desk.now), deletes(desk)) == (0, 1, 1)
    assert desk.posts() == []
    removal = Removal.objects.get(delivery=delivery)
    assert (removal.state, removal.reason, removal.asked_by) == (
        R.GONE,
        "Wrong figure",
        desk.cast.lena,
    )
    delivery.refresh_from_db()
    assert (delivery.state, delivery.counts_due_at) == (S.PUBLISHED, None)
    desk.wait(301)
    assert refresh(desk.now) == 0
    assert Spend.objects.filter(delivery=delivery, what="delete").count() == 1
    assert kinds_about("planning.post", delivery.post_id)[-2:] == [
        "publishing.removal_asked",
        "publishing.removed",
    ]
    assert remove(desk.now) == 0


def test_remove_is_for_those_who_may_and_needs_it_to_be_out(desk):
    delivery = out(desk)
    for member in (desk.cast.zhou, desk.cast.admin, desk.cast.wu):
        with pytest.raises(NotAllowed):
            remove_from_x(delivery, reason="x", by=member, now=desk.now)
    scheduled = Delivery.objects.get(post=desk.timed(desk.passed(), minutes=30))
    with pytest.raises(MoveRefused):
        ask(desk, scheduled)
    ask(desk, delivery)
    with pytest.raises(MoveRefused):
        ask(desk, delivery)
    remove(desk.now)
    with pytest.raises(MoveRefused):
        ask(desk, delivery)


def test_remove_a_thread_goes_from_its_end(desk):
    first = out(desk, "one", "two", "three")
    assert len(ask(desk, first, whole=True)) == 3
    assert remove(desk.now) == 3
    assert desk.posts() == []
    gone = Removal.objects.order_by("ended_at", "pk").values_list("delivery__position", flat=True)
    assert list(gone) == [2, 1, 0]


def test_remove_one_segment_leaves_the_others(desk):
    first = out(desk, "one", "two", "three")
    middle = Delivery.objects.get(post=first.post, position=1)
    ask(desk, middle)
    remove(desk.now)
    assert [post["text"] for post in desk.posts()] == ["one", "three"]


def test_remove_a_thread_halfway_out_calls_off_the_rest(desk):
    desk.sim.fault("403_not_permitted", match={**POSTING, "text": "two"})
    first = desk.due("one", "two", "three")
    desk.settle()
    ask(desk, Delivery.objects.select_related("post").get(pk=first.pk), whole=True)
    remove(desk.now)
    states = Delivery.objects.filter(post=first.post).order_by("position")
    assert [d.state for d in states] == [S.PUBLISHED, S.CANCELLED, S.CANCELLED]
    assert desk.posts() == []
    desk.settle()
    assert desk.creates() == 2


def test_remove_works_during_a_freeze(desk):
    delivery = out(desk)
    freeze(desk.cast.workspace, by=desk.cast.lena, reason="Storm", now=desk.now)
    ask(desk, delivery)
    assert remove(desk.now) == 1
    assert desk.posts() == []


@pytest.mark.parametrize(
    "do", ["reject_500", "reject_503", "reject_reset", "accept_then_reset", "accept_then_504"]
)
def test_remove_is_tried_again_after_what_is_unclear(desk, do):
    delivery = out(desk)
    desk.sim.fault(do, match=DELETING)
    ask(desk, delivery)
    remove(desk.now)
    assert state_of(delivery) == R.ASKED
    assert remove(desk.now) == 0
    desk.wait(3)
    assert remove(desk.now) == 1
    assert (state_of(delivery), deletes(desk), desk.posts()) == (R.GONE, 2, [])


@pytest.mark.parametrize(
    ("do", "words"),
    [
        ("403_not_permitted", "You are not permitted to perform this action."),
        ("403_suspended", "suspended"),
        ("402", "credits"),
    ],
)
def test_remove_refused_by_x_fails_with_its_words_and_can_be_asked_again(desk, do, words):
    delivery = out(desk)
    desk.sim.fault(do, match=DELETING)
    ask(desk, delivery)
    remove(desk.now)
    removal = Removal.objects.get(delivery=delivery)
    assert removal.state == R.FAILED
    assert words in removal.detail
    assert kinds_about("planning.post", delivery.post_id).count("publishing.removal_failed") == 1
    ask(desk, delivery)
    remove(desk.now)
    assert (state_of(delivery), desk.posts()) == (R.GONE, [])


def test_remove_over_a_limit_waits_for_its_end(desk):
    delivery = out(desk)
    desk.sim.fault("429", match=DELETING, reset_seconds=60)
    ask(desk, delivery)
    remove(desk.now)
    desk.wait(30)
    assert remove(desk.now) == 0
    desk.wait(40)
    assert remove(desk.now) == 1
    assert (state_of(delivery), deletes(desk)) == (R.GONE, 2)


def test_remove_what_is_gone_already_counts_as_done(desk):
    delivery = out(desk)
    other = out(desk)
    ask(desk, delivery)
    remove(desk.now)
    Removal.objects.update(state=R.ASKED)  # as if it had died before it could write that down
    assert remove(desk.now) == 1
    assert (state_of(delivery), deletes(desk)) == (R.GONE, 2)
    assert [post["id"] for post in desk.posts()] == [other.remote_id]


def test_remove_gives_up_after_so_many_tries_and_tells_a_person(desk):
    delivery = out(desk)
    desk.sim.fault("reject_503", match=DELETING, times=0)
    ask(desk, delivery)
    for _ in range(MOST_TRIES):
        remove(desk.now)
        desk.wait(301)
    assert (state_of(delivery), deletes(desk)) == (R.FAILED, MOST_TRIES)


def test_remove_left_by_a_dead_worker_is_taken_up_again(desk):
    delivery = out(desk)
    ask(desk, delivery)
    Removal.objects.update(
        state=R.DOING, owner="dead", lease_until_at=desk.now + timedelta(seconds=60)
    )
    assert remove(desk.now) == 0
    desk.wait(61)
    assert remove(desk.now) == 1
    assert state_of(delivery) == R.GONE


def test_remove_what_is_on_its_way_waits_until_x_shows_it(desk):
    desk.sim.fault("accept_then_503", match=POSTING)
    delivery = desk.due("Half sent")
    desk.send()
    delivery.refresh_from_db()
    assert delivery.state == S.AMBIGUOUS
    ask(desk, Delivery.objects.select_related("post").get(pk=delivery.pk))
    assert (remove(desk.now), len(desk.posts())) == (0, 1)
    desk.settle()
    assert remove(desk.now) == 1
    assert (state_of(delivery), desk.posts(), desk.creates()) == (R.GONE, [], 1)


def test_remove_what_never_got_there_calls_it_off(desk):
    desk.sim.fault("429", match=POSTING, reset_seconds=30)
    delivery = desk.due("Never there")
    desk.send()
    ask(desk, Delivery.objects.select_related("post").get(pk=delivery.pk))
    desk.settle()
    desk.settle()
    remove(desk.now)
    delivery.refresh_from_db()
    assert (delivery.state, state_of(delivery)) == (S.CANCELLED, R.GONE)
    assert Post.objects.get(pk=delivery.post_id).state == PostState.DROPPED
    assert (desk.creates(), deletes(desk)) == (1, 0)
