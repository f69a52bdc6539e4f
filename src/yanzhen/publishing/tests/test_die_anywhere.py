"""Workers that are killed or paused at every named point, and others that take over."""

from __future__ import annotations

import os
import signal
import time

import pytest

from yanzhen.publishing.engine.crash import POINTS
from yanzhen.publishing.models import Attempt, Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import HoldReason
from yanzhen.publishing.tests.crew import until
from yanzhen.publishing.tests.desk import POSTING, TIMEOUT_SECONDS

BEFORE_THE_INTENT = ["claiming", "claimed", "prepared", "intending"]
BETWEEN_INTENT_AND_BYTES = ["intended", "connected"]
AFTER_THE_BYTES = ["written", "answered", "concluding", "concluded"]
#: Tried where media are: test_upload_media.
WHILE_UPLOADING = ["uploading", "uploaded"]
WHILE_LOOKING = ["looked", "reconciled"]


def state_of(delivery):
    return Delivery.objects.get(pk=delivery.pk).state


def test_every_point_is_tried_here():
    assert sorted(POINTS) == sorted(
        [
            *WHILE_UPLOADING,
            *BEFORE_THE_INTENT,
            *BETWEEN_INTENT_AND_BYTES,
            *AFTER_THE_BYTES,
            *WHILE_LOOKING,
        ]
    )


@pytest.mark.parametrize("point", BEFORE_THE_INTENT)
def test_killed_before_the_intent_is_sent_once_by_another(field, point):
    delivery = field.due()
    assert field.crew.wait_for_death(field.crew.fork(crash_at=point)) == signal.SIGKILL
    assert field.creates() == 0
    field.settle()
    assert state_of(delivery) == S.PUBLISHED
    assert (len(field.posts()), field.creates()) == (1, 1)


@pytest.mark.parametrize("point", BETWEEN_INTENT_AND_BYTES)
def test_killed_between_intent_and_first_byte_is_held_not_sent(field, point):
    delivery = field.due()
    field.crew.wait_for_death(field.crew.fork(crash_at=point))
    assert state_of(delivery) == S.SENDING
    field.settle()
    assert state_of(delivery) == S.HELD
    assert (field.posts(), field.creates()) == ([], 0)


@pytest.mark.parametrize("point", AFTER_THE_BYTES)
def test_killed_after_the_bytes_is_found_once(field, point):
    delivery = field.due()
    field.crew.wait_for_death(field.crew.fork(crash_at=point))
    until(lambda: field.creates() == 1)
    field.settle()
    assert state_of(delivery) == S.PUBLISHED
    assert (len(field.posts()), field.creates()) == (1, 1)
    assert Attempt.objects.filter(delivery=delivery).count() == 1


@pytest.mark.parametrize("point", WHILE_LOOKING)
def test_killed_while_looking_is_found_once(field, point):
    field.sim.fault("accept_then_reset", match=POSTING)
    delivery = field.due()
    field.send()
    field.wait(6)
    field.crew.wait_for_death(field.crew.fork(crash_at=point))
    field.settle()
    assert state_of(delivery) == S.PUBLISHED
    assert (len(field.posts()), field.creates()) == (1, 1)


@pytest.mark.parametrize(
    "point", ["claimed", "prepared", "intended", "connected", "written", "answered"]
)
def test_paused_past_its_lease_and_woken_sends_nothing_twice(field, point):
    delivery = field.due()
    sleeper = field.crew.fork(crash_at=f"{point}:stop", lonely=True)
    field.crew.wait_for_pause(sleeper)
    slept_from = time.monotonic()
    field.settle()
    settled = state_of(delivery)
    time.sleep(max(0.0, TIMEOUT_SECONDS + 0.1 - (time.monotonic() - slept_from)))
    os.kill(sleeper, signal.SIGCONT)
    time.sleep(0.7)
    expected = S.HELD if point in BETWEEN_INTENT_AND_BYTES else S.PUBLISHED
    assert (settled, state_of(delivery)) == (expected, expected)
    assert field.creates() == (0 if point in BETWEEN_INTENT_AND_BYTES else 1)
    held = Delivery.objects.filter(state=S.HELD)
    assert all(d.hold_reason == HoldReason.AMBIGUOUS for d in held)
