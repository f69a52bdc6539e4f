"""One publish, and every answer X may give to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yanzhen.activity.feed import events
from yanzhen.channels.models import Account
from yanzhen.channels.platforms import platform
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.publishing.engine.claim import claim_next
from yanzhen.publishing.models import Attempt, Delivery
from yanzhen.publishing.states import Conclusion, DeliveryState, Doubt, HoldReason
from yanzhen.publishing.tests.desk import POSTING
from yanzhen.publishing.words import Cause, cause_of

S = DeliveryState


def state_of(delivery):
    delivery.refresh_from_db()
    return delivery.state


def test_send_post_publishes_the_passed_bytes_once(desk):
    text = "雁 & <geese>\nfly “together” 🪿 https://example.com/a?b=1&c=2"
    delivery = desk.due(text)
    assert desk.send() == 1
    assert state_of(delivery) == S.PUBLISHED
    assert [post["text"] for post in desk.posts()] == [text]
    assert delivery.remote_id == desk.posts()[0]["id"]
    assert Post.objects.get(pk=delivery.post_id).state == PostState.PUBLISHED
    attempt = Attempt.objects.get(delivery=delivery)
    assert (attempt.open, attempt.conclusion, attempt.status) == (
        False,
        Conclusion.PUBLISHED,
        201,
    )
    desk.settle()
    assert desk.creates() == 1


def test_send_post_before_its_minute_sends_nothing(desk):
    desk.timed(desk.passed(), minutes=2)
    assert desk.send() == 0
    desk.wait(180)
    assert desk.send() == 1


@pytest.mark.parametrize(
    ("do", "more", "doubt"),
    [
        ("accept_then_hang", {"seconds": 3}, Doubt.UNKNOWN),
        ("accept_then_reset", {}, Doubt.UNKNOWN),
        ("accept_then_500", {}, Doubt.UNKNOWN),
        ("accept_then_502", {}, Doubt.UNKNOWN),
        ("accept_then_503", {}, Doubt.UNKNOWN),
        ("accept_then_504", {}, Doubt.UNKNOWN),
        ("accept_then_garbage", {"garbage": "no_id"}, Doubt.UNKNOWN),
        ("accept_then_garbage", {"garbage": "html"}, Doubt.UNKNOWN),
        ("accept_then_garbage", {"garbage": "truncated"}, Doubt.UNKNOWN),
        ("accept_then_garbage", {"garbage": "empty"}, Doubt.UNKNOWN),
        ("slow", {"seconds": 3}, Doubt.UNKNOWN),
        ("403_but_created", {}, Doubt.REFUSED),
    ],
)
def test_send_post_that_landed_without_a_clear_yes_is_found(desk, do, more, doubt):
    desk.sim.fault(do, match=POSTING, **more)
    delivery = desk.due("Looked for & <found>,\n一次 https://example.com")
    desk.send()
    assert state_of(delivery) == S.AMBIGUOUS
    assert delivery.doubt == doubt
    desk.settle()
    assert state_of(delivery) == S.PUBLISHED
    assert len(desk.posts()) == 1
    assert desk.creates() == 1
    assert Attempt.objects.get(delivery=delivery).conclusion == Conclusion.FOUND


@pytest.mark.parametrize(
    "do", ["reject_500", "reject_502", "reject_503", "reject_504", "reject_reset"]
)
def test_send_post_with_unknown_end_is_held_never_sent_again(desk, do):
    desk.sim.fault(do, match=POSTING)
    delivery = desk.due()
    desk.settle()
    assert state_of(delivery) == S.HELD
    assert delivery.hold_reason == HoldReason.AMBIGUOUS
    assert Post.objects.get(pk=delivery.post_id).state == PostState.HELD
    assert (desk.posts(), desk.creates()) == ([], 1)


@pytest.mark.parametrize("do", ["403_duplicate", "403_reply_gate", "403_not_permitted"])
def test_send_post_refused_fails_only_after_two_empty_looks(desk, do):
    desk.sim.fault(do, match=POSTING)
    delivery = desk.due()
    desk.send()
    assert state_of(delivery) == S.AMBIGUOUS
    desk.wait(61)
    desk.turn()
    assert state_of(delivery) == S.AMBIGUOUS
    desk.settle()
    assert state_of(delivery) == S.FAILED
    assert Post.objects.get(pk=delivery.post_id).state == PostState.FAILED
    assert desk.creates() == 1


@pytest.mark.parametrize("do", ["402", "spend_cap"])
def test_send_post_without_money_is_held_for_credits(desk, do):
    desk.sim.fault(do, match=POSTING)
    delivery = desk.due()
    desk.settle()
    assert state_of(delivery) == S.HELD
    assert delivery.hold_reason == HoldReason.CREDITS
    assert desk.creates() == 1


def test_send_post_over_a_short_limit_goes_out_within_its_grace(desk):
    desk.sim.fault("429", match=POSTING, reset_seconds=30)
    delivery = desk.due()
    desk.settle()
    assert state_of(delivery) == S.PUBLISHED
    assert (len(desk.posts()), desk.creates()) == (1, 2)


def test_send_post_over_a_long_limit_is_held(desk):
    desk.sim.fault("429", match=POSTING, reset_seconds=5000)
    delivery = desk.due()
    desk.settle()
    assert (state_of(delivery), delivery.hold_reason) == (S.HELD, HoldReason.LIMIT)
    assert desk.creates() == 1


def test_send_post_during_a_limit_sends_nothing_else_of_that_account(desk):
    other = desk.connect("FerrowDE")
    desk.sim.fault("429", match={**POSTING, "account": "Ferrow"}, reset_seconds=120)
    first, second = desk.due(), desk.due()
    elsewhere = desk.due(account=other)
    desk.send()
    assert desk.creates() == 2
    assert [state_of(d) for d in (first, second, elsewhere)] == [
        S.AMBIGUOUS,
        S.SCHEDULED,
        S.PUBLISHED,
    ]


def test_send_post_once_unauthorised_is_tried_again_after_an_empty_look(desk):
    desk.sim.fault("401", match=POSTING)
    delivery = desk.due()
    desk.settle()
    assert state_of(delivery) == S.PUBLISHED
    assert (len(desk.posts()), desk.creates()) == (1, 2)


def test_send_post_unauthorised_twice_is_held(desk):
    desk.sim.fault("401", match=POSTING, times=0)
    delivery = desk.due()
    desk.settle()
    assert (state_of(delivery), delivery.hold_reason) == (S.HELD, HoldReason.AUTHORITY)
    assert desk.creates() == 2


def test_send_post_with_revoked_keys_needs_reconnecting(desk):
    delivery = desk.due()
    desk.sim.fault("401", times=0)
    desk.settle()
    assert (state_of(delivery), delivery.hold_reason) == (S.HELD, HoldReason.AUTHORITY)
    assert Account.objects.get(pk=desk.account.pk).state == "reconnect"
    assert desk.posts() == []


def test_send_post_with_keys_of_another_account_is_held(desk):
    delivery = desk.due()
    Account.objects.filter(pk=desk.account.pk).update(remote_id=desk.sim.user("tessa_vdk").id)
    desk.send()
    assert (state_of(delivery), delivery.hold_reason) == (S.HELD, HoldReason.MISMATCH)
    assert desk.creates() == 0


def test_send_post_for_another_server_is_held(desk):
    delivery = desk.due()
    Delivery.objects.update(origin="x.com")
    desk.send()
    assert (state_of(delivery), delivery.hold_reason) == (S.HELD, HoldReason.MISMATCH)
    assert desk.creates() == 0


def test_send_post_when_lookups_fail_stays_unclear_then_held(desk):
    desk.sim.fault("accept_then_reset", match=POSTING)
    desk.sim.fault("lookup_503", times=0)
    delivery = desk.due()
    desk.wait(61)
    desk.turn()
    desk.turn()
    assert state_of(delivery) == S.AMBIGUOUS
    desk.settle()
    assert (state_of(delivery), delivery.hold_reason) == (S.HELD, HoldReason.AMBIGUOUS)
    assert desk.creates() == 1


def test_send_post_refused_while_lookups_fail_is_held_not_failed(desk):
    desk.sim.fault("403_but_created", match=POSTING)
    desk.sim.fault("lookup_503", times=0)
    delivery = desk.due()
    desk.settle()
    assert (state_of(delivery), delivery.hold_reason) == (S.HELD, HoldReason.AMBIGUOUS)


def test_send_post_that_shows_up_late_is_found_late(desk):
    desk.sim.fault("accept_then_garbage", match=POSTING, garbage="no_id")
    delivery = desk.due()
    desk.send()
    desk.sim.world.store.write("UPDATE posts SET visible_ms = created_ms + 300000")
    desk.wait(70)
    desk.turn()
    assert state_of(delivery) == S.AMBIGUOUS
    desk.settle()
    assert state_of(delivery) == S.PUBLISHED


def test_send_post_twice_on_x_alarms_and_links_the_oldest(desk):
    desk.sim.fault("accept_then_reset", match=POSTING)
    delivery = desk.due("Said twice https://example.com/a")
    desk.send()
    desk.sim.publish("Ferrow", "Said twice https://example.com/a/")
    desk.settle()
    assert state_of(delivery) == S.PUBLISHED
    ids = sorted(post["id"] for post in desk.posts())
    assert delivery.remote_id == ids[0]
    told = events().objects.get(kind="publishing.doubled")
    assert told.data["remote_ids"] == ids


def test_send_post_unreachable_backs_off_and_goes_out(desk, monkeypatch):
    desk.due()
    desk.send()
    delivery = desk.due()
    there = platform("x")
    live = there._api
    monkeypatch.setattr(there, "_api", "http://127.0.0.1:9")
    desk.send()
    assert state_of(delivery) == S.SCHEDULED
    attempt = Attempt.objects.get(delivery=delivery)
    assert (attempt.conclusion, attempt.open) == (Conclusion.UNSENT, False)
    assert claim_next(desk.account.pk, owner="other", now=desk.now) is None
    monkeypatch.setattr(there, "_api", live)
    desk.wait(2)
    desk.send()
    assert state_of(delivery) == S.PUBLISHED


def test_send_post_unreachable_all_the_grace_is_held(desk, monkeypatch):
    desk.due()
    desk.send()
    delivery = desk.due()
    monkeypatch.setattr(platform("x"), "_api", "http://127.0.0.1:9")
    turns = [delivery.due_at + timedelta(seconds=72 * number) for number in range(1, 13)]
    for moment in turns:
        assert state_of(delivery) == S.SCHEDULED
        desk.wait_until(moment)  # longer than any back-off, with room for a slow machine
        desk.turn()
    # The twelfth would be followed by one later than the grace.
    assert (state_of(delivery), delivery.hold_reason) == (S.HELD, HoldReason.UNREACHABLE)
    assert Attempt.objects.filter(delivery=delivery).count() == len(turns)
    desk.wait(120)
    desk.turn()
    assert Attempt.objects.filter(delivery=delivery).count() == len(turns)


def test_send_post_unreachable_and_then_late_is_missed_for_that(desk, monkeypatch):
    """Its next try would have been within the grace, but the worker came after it."""
    desk.due()
    desk.send()
    delivery = desk.due()
    monkeypatch.setattr(platform("x"), "_api", "http://127.0.0.1:9")
    desk.wait_until(delivery.due_at + timedelta(minutes=14, seconds=30))
    desk.turn()
    assert state_of(delivery) == S.SCHEDULED
    desk.wait_until(delivery.due_at + timedelta(minutes=15, seconds=1))
    desk.turn()
    assert state_of(delivery) == S.MISSED
    assert cause_of(delivery, Attempt.objects.get(delivery=delivery), None) == Cause.UNREACHABLE
