"""A last look taken back while two workers are about to send: the answer never lies."""

from __future__ import annotations

import os
import random
import time
from datetime import timedelta

import pytest

from yanzhen.kernel import clock
from yanzhen.publishing.actions.clearing import CannotClear, clear, take_back
from yanzhen.publishing.models import Attempt, Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.sizes import size
from yanzhen.publishing.tests.stock import stock
from yanzhen.publishing.tests.test_freeze_races import no_limits, rival
from yanzhen.publishing.tests.test_last_look import let_lead
from yanzhen.review.models import Flow


class Rivals:
    """Two workers in processes of their own that send whatever is due when they are told to."""

    def __init__(self, field) -> None:
        self.lines = [(os.pipe(), os.pipe()) for _ in range(2)]
        for orders, answers in self.lines:
            field.crew.run(lambda orders=orders, answers=answers: rival(orders[0], answers[1]))

    def tell(self, what: bytes) -> None:
        for orders, _ in self.lines:
            os.write(orders[1], what)

    def wait(self) -> None:
        for _, answers in self.lines:
            assert os.read(answers[0], 1) == b"d"


def taken_back(delivery, lead) -> bool:
    try:
        take_back(delivery, by=lead, now=clock.database_now())
    except CannotClear as refused:
        if refused.why not in ("sending", "not_waiting"):
            raise
        return False
    return True


def race(delivery, lead, rivals, head_start: float) -> bool:
    """Take it back so many seconds after the workers set off, or before; True when that worked."""
    if head_start > 0:
        rivals.tell(b"g")
        time.sleep(head_start)
    stopped = taken_back(delivery, lead)
    if head_start <= 0:
        rivals.tell(b"g")
    rivals.wait()
    return stopped


@pytest.mark.slow
def test_look_taken_back_against_two_senders_never_lies(field, settings):
    """Answered with yes, nothing goes out; answered that it is too late, it goes out once."""
    no_limits(settings)
    dice = random.Random(20261126)
    lead = let_lead(field, field.cast.lin)
    Flow.objects.filter(workspace=field.cast.workspace).update(look_minutes=120)
    todo = stock(field, field.account, size(20, 500), due_at=field.now + timedelta(days=1))
    # The first two are sure to come before and after; then now and then the one, now the other.
    starts = [-1.0, 0.3, *(dice.uniform(-0.02, 0.05) for _ in todo)]
    rivals, late = Rivals(field), 0
    for delivery, head_start in zip(todo, starts, strict=False):
        Delivery.objects.filter(pk=delivery.pk).update(due_at=clock.database_now())
        clear(delivery, seen=delivery.digest, by=lead, now=field.now)
        stopped = race(delivery, lead, rivals, head_start)
        late += not stopped
        state = Delivery.objects.get(pk=delivery.pk).state
        tries = Attempt.objects.filter(delivery=delivery).count()
        assert (state, tries) == ((S.SCHEDULED, 0) if stopped else (S.PUBLISHED, 1))
    rivals.tell(b"q")
    texts = [post["text"] for post in field.posts()]
    assert len(texts) == len(set(texts)) == late
    assert 0 < late < len(todo)
