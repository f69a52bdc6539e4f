"""The engine holds what would be out before its embargo lifts, and nobody sets one too late."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from yanzhen.planning.actions.embargoing import Terms, set_embargo
from yanzhen.planning.actions.timing import BeforeLift
from yanzhen.planning.models import Post
from yanzhen.publishing.actions.rescheduling import reschedule
from yanzhen.publishing.actions.resolving import send_again
from yanzhen.publishing.actions.scheduling import AlreadySending, publish_now
from yanzhen.publishing.engine.claim import claim_next
from yanzhen.publishing.states import DeliveryState, HoldReason
from yanzhen.publishing.words import Cause, cause_of


def embargo(desk, post, *, hours=1):
    wall = (desk.now + timedelta(hours=hours)).astimezone(UTC).replace(tzinfo=None)
    terms = Terms(wall=wall, zone="UTC", readers=[desk.cast.lin, desk.cast.lena])
    return set_embargo(post, by=desk.cast.zhou, terms=terms, now=desk.now)


def test_delivery_due_before_the_lift_is_held_and_nothing_leaves(desk):
    delivery = desk.due()
    embargo(desk, delivery.post)
    desk.send()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.hold_reason) == (DeliveryState.HELD, HoldReason.EMBARGO)
    assert cause_of(delivery, None, None) == Cause.EMBARGO
    assert desk.creates() == 0
    with pytest.raises(BeforeLift):
        send_again(delivery, reason="Now", by=desk.cast.lena, now=desk.now)
    early = (desk.now + timedelta(minutes=30)).astimezone(UTC).replace(tzinfo=None)
    with pytest.raises(BeforeLift):
        reschedule(delivery, wall=early, zone="UTC", by=desk.cast.lin, now=desk.now)
    late = early + timedelta(minutes=31)
    reschedule(delivery, wall=late, zone="UTC", by=desk.cast.lin, now=desk.now)
    desk.wait(3700)
    assert desk.send() == 1
    assert len(desk.posts()) == 1


def test_publish_now_before_the_lift_is_refused(desk):
    post = desk.passed()
    embargo(desk, post)
    with pytest.raises(BeforeLift):
        publish_now(post, by=desk.cast.lin, now=desk.now)
    assert not Post.objects.get(pk=post.pk).due_wall


def test_embargo_is_refused_while_the_post_is_on_its_way(desk):
    delivery = desk.due()
    assert claim_next(delivery.account_id, owner="test", now=desk.now)
    with pytest.raises(AlreadySending):
        embargo(desk, delivery.post)
    assert not hasattr(Post.objects.get(pk=delivery.post_id), "embargo")
