"""P7 and P10: a freeze, or a change of plan, against workers that are sending at that moment.

The normal sizes run with every test; ``PROVE=1`` runs the release sizes.
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import replace
from datetime import timedelta
from statistics import quantiles

import pytest
from django.db import connection, transaction
from django.db.models import Max

from tools import figures
from yanzhen.kernel import clock
from yanzhen.kernel.machine import MoveRefused
from yanzhen.kernel.sqlite.base import hurried
from yanzhen.planning.actions.timing import drop_post, revise_post, time_post
from yanzhen.planning.models import Post
from yanzhen.publishing.actions.freezing import freeze
from yanzhen.publishing.engine.claim import accounts_due
from yanzhen.publishing.engine.lane import run_lane
from yanzhen.publishing.models import Attempt, Delivery, Gate
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.crew import pressing_again, until
from yanzhen.publishing.tests.stock import stock

RELEASE = bool(os.environ.get("PROVE"))
FREEZES = 1_000 if RELEASE else 60
CHANGES = 1_000 if RELEASE else 40
HANDLES = ["Ferrow", "Ferrow_ZH", "FerrowDE", "FerrowCare"]
WORKERS = 8
AT_ONCE = 60
NO_LIMIT = 1_000_000
#: How often, of one, the change of a plan comes before the sender's turn, and after it.
CHANGE_FIRST, ALL_OVER = 0.25, 0.9
#: Long enough for a worker that was about to write its intent.
A_MOMENT = 0.1


def no_limits(settings):
    settings.ENV = replace(settings.ENV, grace_minutes=NO_LIMIT, most_posts_an_hour=NO_LIMIT)


def refill(field, accounts):
    """Keep enough that is due in every lane."""
    due_at = field.now - timedelta(minutes=1)
    for account in accounts:
        waiting = Delivery.objects.filter(account=account, state=S.SCHEDULED)
        if waiting.count() < AT_ONCE // 3:
            pressing_again(lambda account=account: fill(field, account, due_at))


def fill(field, account, due_at):
    with hurried(), transaction.atomic():
        stock(field, account, AT_ONCE, due_at=due_at)


def sends_again(field, accounts):
    """Return a check for one more attempt than now; it fills lanes that ran dry meanwhile."""
    before = Attempt.objects.count()

    def check():
        if Attempt.objects.count() > before:
            return True
        refill(field, accounts)
        return False

    return check


def freezing(field):
    """Freeze the brand; return what that answered and how long it took, in seconds."""
    began = time.monotonic()
    done = freeze(field.cast.workspace, by=field.cast.zhou, reason="Storm", now=field.now)
    return done, time.monotonic() - began


def thawed(gate):
    """Open the gate and put back what it held, past all rules: the next trial begins."""
    stopped = Delivery.objects.filter(state__in=(S.HELD, S.MISSED))
    with hurried(), transaction.atomic():
        Post.objects.filter(deliveries__in=stopped).update(state="scheduled")
        stopped.update(state=S.SCHEDULED, hold_reason="")
        Gate.objects.filter(pk=gate.pk).update(frozen=False)


@pytest.mark.slow
def test_freeze_at_any_moment_lets_no_new_send_begin(field, settings, request):
    """P7. Eight hot workers; the gate is opened again between the trials, the workers run on."""
    no_limits(settings)
    field.sim.raise_quotas(NO_LIMIT)
    dice = random.Random(20261123)
    accounts = [field.account, *(field.connect(handle) for handle in HANDLES[1:])]
    refill(field, accounts)
    for _ in range(WORKERS):
        # A send that times out or is left on a busy machine would keep its lane for ever.
        field.crew.fork(loops=("publishing.publish", "publishing.reconcile", "publishing.reap"))
    until(lambda: Attempt.objects.count() >= WORKERS, seconds=60)
    leaked, unlisted, flying, seconds = 0, 0, 0, []
    gate = None
    for _ in range(FREEZES):
        # Should every lane be in doubt at once, X is asked for over a minute before one goes on.
        until(sends_again(field, accounts), seconds=180)
        time.sleep(dice.uniform(0, 0.3))
        done, took = pressing_again(lambda: freezing(field))
        seconds.append(took)
        returned_at = clock.database_now()
        newest = Attempt.objects.aggregate(newest=Max("pk"))["newest"]
        gate = done.gate
        flying += len(done.in_flight)
        time.sleep(A_MOMENT)
        leaked += Attempt.objects.filter(pk__gt=newest).count()
        listed = {delivery.pk for delivery in done.in_flight}
        ended_later = Attempt.objects.filter(ended_at__gt=returned_at, pk__lte=newest)
        unlisted += ended_later.exclude(delivery_id__in=listed).count()
        pressing_again(lambda gate=gate: thawed(gate))
        refill(field, accounts)
    slowest = quantiles(seconds, n=100)[98]
    figure = (
        f"{leaked} of {FREEZES:,} trials leaked, {Attempt.objects.count():,} sends, {flying} in"
        f" the air when frozen, {unlisted} of them not listed; freeze answered p99"
        f" {slowest * 1000:.0f} ms ({connection.vendor})"
    )
    figures.note("P7", request.node.nodeid, figure)
    assert (leaked, unlisted) == (0, 0)
    assert Attempt.objects.count() > FREEZES
    # How long it takes is a figure of a quiet machine.
    assert not RELEASE or slowest < 1


def rival(orders, answers):
    """In its own process: run the lanes once for each byte, and answer."""
    while os.read(orders, 1) == b"g":
        for account_id in accounts_due(clock.database_now()):
            pressing_again(lambda account_id=account_id: run_lane(account_id, owner="rival"))
        os.write(answers, b"d")


def drop(field, post):
    drop_post(post, by=field.cast.lin, now=field.now)


def edit(field, post):
    revise_post(post, by=field.cast.zhou, now=field.now)


def reschedule(field, post):
    wall = (field.now + timedelta(days=9)).replace(tzinfo=None)
    time_post(post, by=field.cast.lin, wall=wall, zone="UTC", now=field.now)


def is_lie(delivery, *, answered_yes):
    """Tell whether something went out after a yes, or nothing after a no."""
    if answered_yes:
        return Attempt.objects.filter(delivery=delivery).exists()
    return Delivery.objects.get(pk=delivery.pk).state != S.PUBLISHED


@pytest.mark.slow
@pytest.mark.parametrize("change", [drop, edit, reschedule])
def test_change_of_plan_against_a_sender_never_lies(field, settings, request, change):
    """P10. Answered with yes, nothing went or goes out; else the answer says that it is too late.

    Two processes that set off at one moment.
    """
    no_limits(settings)
    dice = random.Random(f"20261124 {change.__name__}")
    todo = stock(field, field.account, CHANGES, due_at=field.now + timedelta(days=1))
    orders, answers = os.pipe(), os.pipe()
    field.crew.run(lambda: rival(orders[0], answers[1]))
    stopped = late = lied = 0
    for delivery in todo:
        Delivery.objects.filter(pk=delivery.pk).update(due_at=clock.database_now())
        # Now and then the change comes first, now and then when all is over.
        chance = dice.random()
        change_first, all_over = chance < CHANGE_FIRST, chance > ALL_OVER
        if not change_first:
            os.write(orders[1], b"g")
            time.sleep(dice.uniform(0, 0.05))
        if all_over:
            assert os.read(answers[0], 1) == b"d"
        try:
            pressing_again(lambda pk=delivery.post_id: change(field, Post.objects.get(pk=pk)))
        except MoveRefused:
            late += 1
            answered_yes = False
        else:
            stopped += 1
            answered_yes = True
        if change_first:
            os.write(orders[1], b"g")
        if not all_over:
            assert os.read(answers[0], 1) == b"d"
        lied += is_lie(delivery, answered_yes=answered_yes)
    os.write(orders[1], b"q")
    out = [post["text"] for post in field.posts()]
    figure = (
        f"{lied} of {CHANGES:,} answers wrong ({change.__name__}: {stopped} stopped, {late} told"
        f" that it was too late, {len(out)} on X; {connection.vendor})"
    )
    figures.note("P10", request.node.nodeid, figure)
    assert lied == 0
    assert len(out) == len(set(out)) == late
    assert stopped
    assert late
