"""P1 and P18: workers killed at every point, many times, and in the middle of threads of five."""

from __future__ import annotations

import pytest

from tools.figures import note
from yanzhen.publishing.actions.freezing import freeze
from yanzhen.publishing.engine.lane import run_lane
from yanzhen.publishing.models import Attempt, Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import HoldReason
from yanzhen.publishing.tests.crew import until
from yanzhen.publishing.tests.desk import POSTING
from yanzhen.publishing.tests.sizes import PROVE, size
from yanzhen.publishing.tests.test_die_anywhere import (
    AFTER_THE_BYTES,
    BEFORE_THE_INTENT,
    BETWEEN_INTENT_AND_BYTES,
)

FIVE = 5
POINTS = [*BEFORE_THE_INTENT, *BETWEEN_INTENT_AND_BYTES, *AFTER_THE_BYTES]
#: Each segment dies at another point with every test run; all at all with PROVE.
DEATHS = [
    (segment, point)
    for segment in range(FIVE)
    for number, point in enumerate(POINTS)
    if PROVE or number == (3 * segment + 2) % len(POINTS)
]
TIMES = size(1, 4)


def chain(post_id):
    return list(Delivery.objects.filter(post_id=post_id).order_by("position"))


def sent_up_to(field, segment):
    """Make a thread of five of which the first ``segment`` are out; return its first delivery."""
    first = field.due(*(field.text() for _ in range(FIVE)))
    if segment:
        assert run_lane(first.account_id, owner="test", most=segment) == segment
    return first


def assert_whole_and_in_order(field, first):
    deliveries = chain(first.post_id)
    assert [d.state for d in deliveries] == [S.PUBLISHED] * FIVE
    texts = {d.text for d in deliveries}
    shown = [p for p in field.posts() if p["text"] in texts]
    assert [p["text"] for p in shown] == [d.text for d in deliveries]
    parents = [None, *(p["id"] for p in shown[:-1])]
    assert [p["in_reply_to"] for p in shown] == parents


@pytest.mark.slow
@pytest.mark.parametrize(("segment", "point"), DEATHS)
def test_thread_whose_worker_dies_at_a_segment_ends_whole_and_in_order(
    field, segment, point, request
):
    for _ in range(TIMES):
        first = sent_up_to(field, segment)
        field.crew.wait_for_death(field.crew.fork(crash_at=point))
        mine = chain(first.post_id)[segment]
        if point in AFTER_THE_BYTES:
            # What the dead worker had written may be on its way still.
            until(lambda mine=mine: any(p["text"] == mine.text for p in field.posts()))
        field.settle()
        if point in BETWEEN_INTENT_AND_BYTES:
            states = [(d.state, d.hold_reason) for d in chain(first.post_id)[segment:]]
            waits = [(S.HELD, HoldReason.BEFORE)] * (FIVE - segment - 1)
            assert states == [(S.HELD, HoldReason.AMBIGUOUS), *waits]
            field.resend(Delivery.objects.select_related("account", "post").get(pk=mine.pk))
            field.settle()
        assert_whole_and_in_order(field, first)
        # The next thread is not to be taken for a flood.
        field.wait(3700)
    note(
        "P18",
        request.node.nodeid,
        f"killed at {point} of segment {segment + 1} of {FIVE}, {TIMES} times: "
        "0 doubled, 0 out of order",
    )


def test_freeze_in_the_middle_of_a_thread_stops_the_rest(desk):
    first = desk.due(*(desk.text() for _ in range(FIVE)))
    run_lane(first.account_id, owner="test", most=2)
    freeze(desk.cast.workspace, by=desk.cast.zhou, reason="Storm", now=desk.now)
    desk.settle()
    states = [d.state for d in chain(first.post_id)]
    assert states == [S.PUBLISHED, S.PUBLISHED, S.HELD, S.HELD, S.HELD]
    assert len(desk.posts()) == desk.creates() == 2


@pytest.mark.slow
@pytest.mark.skipif(not PROVE, reason="PROVE=1 repeats what test_die_anywhere does once")
@pytest.mark.parametrize("point", POINTS)
def test_worker_killed_again_and_again_at_one_point_doubles_and_loses_nothing(
    field, point, request
):
    times, held = 100, 0
    for _ in range(times):
        delivery = field.due()
        field.crew.wait_for_death(field.crew.fork(crash_at=point))
        if point in AFTER_THE_BYTES:
            until(lambda d=delivery: any(p["text"] == d.text for p in field.posts()))
        field.settle()
        delivery.refresh_from_db()
        shown = [p for p in field.posts() if p["text"] == delivery.text]
        if point in BETWEEN_INTENT_AND_BYTES:
            held += delivery.state == S.HELD
            assert (delivery.state, len(shown)) == (S.HELD, 0)
        else:
            assert (delivery.state, len(shown)) == (S.PUBLISHED, 1)
        field.wait(3700)
    note(
        "P1",
        request.node.nodeid,
        f"{times} kills at {point}: 0 doubled, 0 lost, {held} held because nothing can be proven",
    )


def test_refused_segment_leaves_its_thread_as_it_was(desk):
    """A thread never goes on past a hole, whatever X said about the segment before it."""
    first = desk.due("one", "two", "three")
    desk.sim.fault("403_not_permitted", match={**POSTING, "text": "two"})
    desk.settle()
    assert [p["text"] for p in desk.posts()] == ["one"]
    assert Attempt.objects.filter(delivery__post_id=first.post_id).count() == 2
