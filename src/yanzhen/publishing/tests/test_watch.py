"""The watchdog: what is late and why, and one alarm for each, whoever watches and how often."""

from __future__ import annotations

import sys
import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connections

from yanzhen.activity.feed import events
from yanzhen.adapters.platforms.x.platform import XPlatform
from yanzhen.jobs.tests.beats import worker_answers
from yanzhen.kernel import clock
from yanzhen.notify.models import Notice
from yanzhen.planning.models import Post
from yanzhen.publishing.actions import watching
from yanzhen.publishing.actions.freezing import freeze
from yanzhen.publishing.actions.watching import raise_alarms
from yanzhen.publishing.engine import limits, watch
from yanzhen.publishing.engine.claim import claim_next
from yanzhen.publishing.engine.intent import intend
from yanzhen.publishing.engine.prepare import prepare
from yanzhen.publishing.engine.watch import Why
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.desk import POSTING


def whys(desk):
    return [one.why for one in watch.late(now=desk.now)]


def alarms():
    return events().objects.filter(kind="publishing.stuck")


def due_at(desk, delivery, *, ago):
    """Let the delivery have been due so long ago to the second; times are whole minutes."""
    at = desk.now - timedelta(seconds=ago)
    Delivery.objects.filter(pk=delivery.pk).update(due_at=at)


@pytest.fixture
def late(desk):
    """A delivery that was due three minutes ago, and a worker that answers."""
    delivery = desk.due()
    due_at(desk, delivery, ago=180)
    worker_answers(desk.now)
    return delivery


def test_watch_waits_two_minutes_then_says_no_worker_answers(desk):
    delivery = desk.due()
    due_at(desk, delivery, ago=115)
    assert watch.late(now=desk.now) == []
    assert raise_alarms(desk.now) == 0
    desk.wait(6)
    assert whys(desk) == [Why.NO_WORKER]
    worker_answers(desk.now - timedelta(seconds=25))
    assert whys(desk) == [Why.UNCLEAR]
    worker_answers(desk.now - timedelta(seconds=35))
    assert whys(desk) == [Why.NO_WORKER]


def test_watch_says_nothing_of_what_is_out_held_or_called_off(desk, late):
    for state, more in (
        (S.HELD, {"hold_reason": "frozen"}),
        (S.SCHEDULED, {}),
        (S.MISSED, {}),
        (S.PUBLISHED, {"remote_id": "1", "published_at": desk.now}),
    ):
        Delivery.objects.filter(pk=late.pk).update(state=state, **more)
        assert (watch.late(now=desk.now) == []) == (state != S.SCHEDULED)


def test_watch_says_when_x_does_not_answer(desk, late):
    nowhere = "http://127.0.0.1:1"
    sys.modules[settings.YANZHEN_ADAPTERS].PLATFORMS["x"] = XPlatform(
        api_base=nowhere, auth_base=nowhere, web_base=nowhere, timeout_seconds=1
    )
    desk.send()
    assert whys(desk) == [Why.UNREACHABLE]
    due_at(desk, desk.due(), ago=170)
    assert whys(desk) == [Why.UNREACHABLE, Why.UNREACHABLE]


def test_watch_tells_being_sent_from_being_stuck_in_it(desk, late):
    delivery = claim_next(desk.account.pk, owner="w", now=desk.now)
    assert whys(desk) == [Why.AT_WORK]
    intend(delivery, prepare(delivery, now=desk.now))
    assert whys(desk) == [Why.AT_WORK]
    desk.wait(30)
    worker_answers(desk.now)
    assert whys(desk) == [Why.SENDING]


def test_watch_tells_a_claim_that_was_left_lying(desk, late):
    claim_next(desk.account.pk, owner="w", now=desk.now)
    desk.wait(70)
    worker_answers(desk.now)
    assert whys(desk) == [Why.PREPARING]


def test_watch_excuses_what_x_is_being_asked_about(desk, late):
    desk.sim.fault("reject_500", match=POSTING)
    desk.send()
    late.refresh_from_db()
    assert late.state == S.AMBIGUOUS
    assert whys(desk) == [Why.CHECKING]
    assert raise_alarms(desk.now) == 0
    desk.wait(200)
    worker_answers(desk.now)
    assert whys(desk) == [Why.UNCLEAR]  # nobody has asked for minutes: it is not under check
    worker_answers(desk.now - timedelta(minutes=2))
    assert whys(desk) == [Why.NO_WORKER]


@pytest.mark.parametrize("scope", ["workspace", "account", "campaign"])
def test_watch_excuses_what_a_freeze_keeps_back_even_without_a_worker(desk, late, scope):
    campaign = desk.cast.workspace.campaigns.create(name="Rye", code="rye")
    Post.objects.filter(pk=late.post_id).update(campaign=campaign)
    target = {"workspace": desk.cast.workspace, "account": desk.account, "campaign": campaign}
    freeze(target[scope], by=desk.cast.zhou, reason="Storm", now=desk.now)
    for answered in (desk.now, desk.now - timedelta(minutes=5)):
        worker_answers(answered)
        assert whys(desk) == [Why.FROZEN]
        assert raise_alarms(desk.now) == 0


def test_watch_excuses_x_own_limit_while_a_worker_lives(desk, late):
    until = desk.now + timedelta(minutes=10)
    limits.rest(desk.account, limits.CREATE, until=until, now=desk.now)
    (one,) = watch.late(now=desk.now)
    assert (one.why, one.until_at, one.excused) == (Why.LIMIT, until + limits.MARGIN, True)
    worker_answers(desk.now - timedelta(minutes=5))
    assert whys(desk) == [Why.NO_WORKER]


def test_watch_says_which_wait_behind_another_of_their_account(desk, late):
    desk.sim.fault("reject_500", match=POSTING)
    desk.send()
    behind = desk.due()
    due_at(desk, behind, ago=150)
    assert whys(desk) == [Why.CHECKING, Why.BEHIND]
    assert raise_alarms(desk.now) == 1


def test_watch_names_a_thread_once_by_its_first_open_part(desk):
    post = desk.timed(desk.passed("One.", "Two.", "Three."))
    Delivery.objects.filter(post=post).update(due_at=desk.now - timedelta(minutes=3))
    worker_answers(desk.now)
    (one,) = watch.late(now=desk.now)
    assert one.delivery.position == 0
    first = {"state": S.PUBLISHED, "remote_id": "1", "published_at": desk.now}
    Delivery.objects.filter(pk=one.delivery.pk).update(**first)
    (one,) = watch.late(now=desk.now)
    assert one.delivery.position == 1


def test_raise_alarms_once_for_each_delivery_and_due_time(desk, late):
    assert raise_alarms(desk.now) == 1
    assert raise_alarms(desk.now) == 0
    event = alarms().get()
    assert event.data["delivery"] == late.pk
    assert event.data["why"] == Why.UNCLEAR
    assert Notice.objects.filter(kind="publishing.stuck").count() == 3
    due_at(desk, late, ago=130)
    assert raise_alarms(desk.now) == 1
    assert alarms().count() == 2


def test_raise_alarms_says_nothing_of_what_went_out_meanwhile(desk, late):
    (one,) = watch.stuck(now=desk.now)
    desk.send()
    assert watching._raise(one, now=desk.now) is False
    assert not alarms().exists()


@pytest.mark.django_db(transaction=True)
def test_raise_alarms_by_three_watchdogs_at_once_raises_one(desk, late):
    now, start, raised = clock.database_now(), threading.Barrier(3), []

    def watch_once():
        start.wait(10)
        try:
            raised.append(raise_alarms(now))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=watch_once) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(raised) == 3
    raise_alarms(now)  # for a row that all but one had skipped as locked
    assert alarms().count() == 1
