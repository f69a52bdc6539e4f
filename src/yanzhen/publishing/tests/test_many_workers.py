"""P5, P12: many workers at once: every post exactly once, in order, none early, none late."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, timedelta
from statistics import quantiles

import pytest
from django.db import connections

from tools.figures import note
from yanzhen.kernel.machine import MoveRefused
from yanzhen.planning.actions.timing import InThePast, time_post
from yanzhen.planning.models import Post
from yanzhen.publishing.models import Attempt, Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.crew import pressing_again, until
from yanzhen.publishing.tests.sizes import PROVE, size
from yanzhen.publishing.tests.stock import stock

HANDLES = ("Ferrow", "Ferrow_ZH", "FerrowDE", "FerrowCare")
WORKERS, SCHEDULERS = 8, 2
MANY = size(200, 10_000)
SAME_MINUTE = size(40, 200)
NO_LIMIT = 1_000_000
SENDING = ("publishing.publish", "publishing.reconcile", "publishing.reap")


def lift_limits(settings):
    settings.ENV = replace(settings.ENV, grace_minutes=NO_LIMIT)
    if hasattr(settings.ENV, "most_posts_an_hour"):
        settings.ENV = replace(settings.ENV, most_posts_an_hour=NO_LIMIT)


def accounts_of(field):
    return [field.account, *(field.connect(handle) for handle in HANDLES[1:])]


def schedule_all(field, backwards):
    """In its own process: bring every post to this minute, as the other scheduler does too."""
    order = "-pk" if backwards else "pk"
    for pk in list(Post.objects.order_by(order).values_list("pk", flat=True)):
        wall = field.now.astimezone(UTC).replace(tzinfo=None)
        try:
            pressing_again(lambda pk=pk, wall=wall: give_time(field, pk, wall))
        except (MoveRefused, InThePast):
            continue
    connections.close_all()


def give_time(field, pk, wall):
    post = Post.objects.get(pk=pk)
    time_post(post, by=field.cast.lin, wall=wall, zone="UTC", now=field.now)


@pytest.mark.slow
def test_eight_workers_and_two_schedulers_send_every_post_once(field, settings, request):
    lift_limits(settings)
    field.sim.raise_quotas(NO_LIMIT)
    wanted = Counter()
    for account in accounts_of(field):
        far = field.now + timedelta(days=2)
        for delivery in stock(field, account, MANY // len(HANDLES), due_at=far):
            wanted[(account.handle, delivery.text)] += 1
    # The pattern each stock was copied from is a post like any other.
    for delivery in Delivery.objects.select_related("account"):
        wanted[(delivery.account.handle, delivery.text)] = 1
    began = time.monotonic()
    for _ in range(WORKERS):
        field.crew.fork(loops=SENDING)
    for n in range(SCHEDULERS):
        field.crew.run(lambda n=n: schedule_all(field, bool(n)))
    left = Delivery.objects.exclude(state__in=(S.PUBLISHED, S.HELD, S.FAILED))
    until(lambda: not left.exists(), seconds=60 + MANY)
    took = time.monotonic() - began
    shown = Counter((p["account"], p["text"]) for p in field.posts(None))
    lost = wanted - shown
    doubled = {what: n for what, n in shown.items() if n > 1}
    unexpected = set(shown) - set(wanted)
    recovered = Delivery.objects.filter(state=S.PUBLISHED, attempts__conclusion="found").count()
    out_of_order = sum(_out_of_order(field, handle) for handle in HANDLES)
    note(
        "P5",
        request.node.nodeid,
        f"{WORKERS} workers, {SCHEDULERS} schedulers, {sum(wanted.values()):,} posts in "
        f"{took:.0f} s: {sum(lost.values())} lost, {len(doubled)} doubled, {len(unexpected)} "
        f"unexpected, {recovered} recovered, {out_of_order} out of order "
        f"({connections['default'].vendor})",
    )
    assert (lost, doubled, unexpected, out_of_order) == (Counter(), {}, set(), 0)


def _out_of_order(field, handle):
    """Count neighbours at X that stand in another order than they were sent in the lane.

    Two schedulers give times while workers send, so a post may be due only after a later one has
    left; what counts is that each send took the earliest there was: the order of the attempts is
    the order at X.
    """
    rows = Attempt.objects.filter(delivery__account__handle=handle, sent="created")
    sent = list(rows.order_by("intended_at", "pk").values_list("delivery__text", flat=True))
    shown = [p["text"] for p in field.posts(handle)]
    return sum(a != b for a, b in zip(sent, shown, strict=True))


@pytest.mark.slow
def test_posts_of_one_minute_leave_on_time_and_none_early(field, settings, request):
    lift_limits(settings)
    minute = (field.now + timedelta(minutes=90)).replace(second=0, microsecond=0)
    for account in accounts_of(field):
        stock(field, account, SAME_MINUTE // len(HANDLES), due_at=minute)
    # Two seconds before the minute, by the clock that the database and the workers share.
    field.clock.ahead += minute - timedelta(seconds=2) - field.now
    for _ in range(2):
        field.crew.fork(loops=SENDING)
    mine = Delivery.objects.filter(due_at=minute)
    until(lambda: not mine.exclude(state=S.PUBLISHED).exists(), seconds=60 + SAME_MINUTE)
    late = [(at - minute).total_seconds() for at in mine.values_list("published_at", flat=True)]
    begun = [
        (at - minute).total_seconds()
        for at in Attempt.objects.filter(delivery__in=mine).values_list("intended_at", flat=True)
    ]
    p99 = quantiles(late, n=100)[98]
    note(
        "P12",
        request.node.nodeid,
        f"{len(late)} posts due in one minute: {sum(b < 0 for b in begun)} early, 0 lost, "
        f"lateness p99 {p99:.1f} s, at most {max(late):.1f} s ({connections['default'].vendor})",
    )
    assert min(begun) >= 0
    shown = Counter(p["text"] for p in field.posts(None))
    wanted = set(mine.values_list("text", flat=True))
    # The pattern of each stock is due now, not then, and goes out as well.
    assert {text: shown[text] for text in wanted} == dict.fromkeys(wanted, 1)
    # How long it takes is a figure of a quiet machine.
    assert not PROVE or p99 <= 5


@pytest.mark.slow
def test_worker_that_stops_for_a_while_doubles_and_loses_nothing(field, settings):
    """One of three sleeps in the middle of it and wakes: nothing is doubled, nothing is lost.

    It may sleep with a lock in hand, so the others may have to wait for it.
    """
    lift_limits(settings)
    due_at = field.now - timedelta(minutes=1)
    for account in accounts_of(field):
        stock(field, account, 8, due_at=due_at)
    crew = [field.crew.fork(loops=SENDING) for _ in range(3)]
    mine = Delivery.objects.filter(due_at=due_at)
    until(lambda: mine.filter(state=S.PUBLISHED).count() > 3, seconds=60)
    os.kill(crew[0], signal.SIGSTOP)
    time.sleep(3)
    os.kill(crew[0], signal.SIGCONT)
    settled = (S.PUBLISHED, S.AMBIGUOUS)
    until(lambda: not mine.exclude(state__in=settled).exists(), seconds=60)
    field.crew.dismiss()
    field.settle()
    shown = Counter(p["text"] for p in field.posts(None))
    assert set(shown.values()) == {1}
    assert sum(shown.values()) == mine.filter(state=S.PUBLISHED).count()
