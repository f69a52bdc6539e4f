"""Too many posts, the same post again, money: what stops an account before the public sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from yanzhen.activity.feed import events
from yanzhen.publishing.actions.scheduling import publish_now
from yanzhen.publishing.engine import limits, money
from yanzhen.publishing.engine.counts import refresh
from yanzhen.publishing.models import Budget, Delivery, Gate, Pause, Spend, Window
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import GateCause, HoldReason
from yanzhen.publishing.tests.desk import POSTING


def held_for(delivery):
    delivery.refresh_from_db()
    return (delivery.state, delivery.hold_reason)


def wait_for_a_month_that_lasts(desk):
    """Begin a new month rather than let X's bill of this one end in the middle of the test."""
    hour = timedelta(hours=1)
    if money.month_of(desk.now + hour) != money.month_of(desk.now):
        desk.wait(hour.total_seconds())


def account_gate(desk):
    return Gate.objects.get(key=f"account:{desk.account.pk}")


def test_send_of_more_than_an_hours_posts_freezes_the_account(desk, settings):
    settings.ENV = replace(settings.ENV, most_posts_an_hour=2)
    _, _, third, fourth = (desk.due() for _ in range(4))
    desk.send()
    assert held_for(third) == (S.HELD, HoldReason.RUNAWAY)
    assert account_gate(desk).cause == GateCause.RUNAWAY
    desk.turn()
    assert held_for(fourth) == (S.HELD, HoldReason.FROZEN)
    assert len(desk.posts()) == desk.creates() == 2
    assert events().objects.filter(kind="publishing.frozen").count() == 1


def test_segments_of_a_thread_count_as_one_post(desk, settings):
    settings.ENV = replace(settings.ENV, most_posts_an_hour=2)
    desk.due("One", "Two", "Three")
    desk.due("Another")
    desk.turn()
    assert len(desk.posts()) == 4


def test_send_of_the_same_post_within_a_day_freezes_the_account(desk):
    desk.due("The very same words")
    desk.send()
    again = desk.due("The very same words")
    desk.send()
    assert held_for(again) == (S.HELD, HoldReason.RUNAWAY)
    assert (account_gate(desk).frozen, desk.creates()) == (True, 1)


def test_send_of_the_same_post_after_a_try_that_left_nothing_is_no_runaway(desk):
    desk.sim.fault("403_not_permitted", match=POSTING)
    refused = desk.due("The same words once more")
    desk.settle()
    assert held_for(refused)[0] == S.FAILED
    desk.due("The same words once more")
    desk.turn()
    assert len(desk.posts()) == 1


def test_every_post_is_charged_once_by_the_price_list(desk):
    wait_for_a_month_that_lasts(desk)
    desk.due("Plain words", "and a link https://example.com/a")
    desk.turn()
    rows = Spend.objects.order_by("pk").values_list("what", "micros")
    assert list(rows) == [("post", 15_000), ("link_post", 200_000)]
    assert money.spent(desk.account.pk, now=desk.now) == 215_000
    assert money.spent(desk.account.pk, now=desk.now + timedelta(days=40)) == 0


def test_send_over_the_budget_is_held_and_the_reserve_is_for_what_is_hurried(desk):
    wait_for_a_month_that_lasts(desk)
    Budget.objects.create(
        account=desk.account, monthly_micros=40_000, reserve_percent=50, set_at=desk.now
    )
    desk.due()
    desk.send()
    second = desk.due()
    desk.send()
    assert held_for(second) == (S.HELD, HoldReason.MONEY)
    assert second.hold_note == "$0.015"
    publish_now(second.post, by=desk.cast.lena, now=desk.now)
    desk.send()
    assert held_for(second)[0] == S.PUBLISHED
    third = desk.due()
    publish_now(third.post, by=desk.cast.lena, now=desk.now)
    desk.send()
    assert held_for(third) == (S.HELD, HoldReason.MONEY)
    assert desk.creates() == 2


@pytest.mark.parametrize(("do", "code"), [("402", "no_credits"), ("spend_cap", "spend_cap")])
def test_app_without_money_is_paused_and_nothing_more_is_asked_of_x(desk, do, code):
    desk.sim.fault(do, match=POSTING)
    desk.due()
    desk.send()
    pause = Pause.objects.get()
    assert (pause.code, pause.lifted_at) == (code, None)
    assert (pause.until_at is None) == (code == "no_credits")
    desk.due()
    desk.send()
    assert desk.creates() == 1
    money.lift(pause, by=desk.cast.lena, now=desk.now)
    for seconds in (601, 61, 1):
        desk.wait(seconds)
        desk.turn()
    assert len(desk.posts()) == 1
    assert [
        e.kind for e in events().objects.filter(kind__startswith="publishing.app").order_by("pk")
    ] == ["publishing.app_paused", "publishing.app_resumed"]


def test_pause_ends_by_itself_on_the_day_x_named(desk):
    desk.sim.fault("spend_cap", match=POSTING)
    desk.due()
    desk.send()
    until = Pause.objects.get().until_at
    assert money.lift_ended(until - timedelta(seconds=1)) == 0
    assert money.lift_ended(until) == 1
    assert money.paused_accounts() == set()


@pytest.mark.parametrize(
    ("passed", "again"),
    [
        (timedelta(), timedelta(hours=1)),
        (timedelta(hours=23), timedelta(hours=1)),
        (timedelta(days=1), None),
    ],
)
def test_pause_until_a_day_that_has_begun_is_looked_into_every_hour(desk, passed, again):
    """X names a day, so its cap may outlast the midnight that the day begins with."""
    named = datetime(2026, 12, 1, tzinfo=UTC)
    now = named + passed
    money.pause_app(desk.account, "spend_cap", detail="", until=named, now=now)
    assert Pause.objects.get().until_at == (again and now + again)


def test_counts_of_an_app_without_money_are_not_read_as_nothing(desk):
    desk.due()
    desk.send()
    desk.sim.fault("402", match={"method": "GET", "route": "/2/tweets"})
    delivery = Delivery.objects.get()
    assert refresh(delivery.counts_due_at) == 0
    assert delivery.readings.count() == 0
    assert money.paused_accounts() == {desk.account.pk}
    before = desk.sim.journal(method="GET", route="/2/tweets")["total"]
    assert refresh(delivery.counts_due_at + timedelta(days=1)) == 0
    assert desk.sim.journal(method="GET", route="/2/tweets")["total"] == before


def test_limit_of_one_account_waits_until_its_reset_and_delays_no_other(desk):
    other = desk.connect("FerrowDE")
    desk.sim.fault("429", match={**POSTING, "account": "Ferrow"}, reset_seconds=120)
    desk.due()
    waiting = desk.due()
    desk.send()
    window = Window.objects.get(account=desk.account, bucket="window")
    assert (window.route, window.remaining) == (limits.CREATE, 0)
    desk.due(account=other)
    desk.send()
    assert len(desk.posts("FerrowDE")) == 1
    desk.wait(100)
    desk.turn()
    assert desk.sim.journal(method="POST", route="/2/tweets", account="Ferrow")["total"] == 1
    desk.wait(25)
    desk.settle()
    assert held_for(waiting)[0] == S.PUBLISHED
    assert len(desk.posts()) == 2


@pytest.mark.parametrize("told", [{"headers": False}, {"reset_seconds": -60}])
def test_limit_without_a_believable_reset_is_waited_out(desk, told):
    desk.sim.fault("429", match=POSTING, **told)
    desk.due()
    desk.send()
    until = limits.resting_until(desk.account.pk, limits.CREATE, now=desk.now)
    assert timedelta(minutes=14) < until - desk.now < timedelta(minutes=16)
