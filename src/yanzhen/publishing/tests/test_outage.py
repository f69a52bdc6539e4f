"""P9 and P16: X away for a day, and X's limits: nothing late unasked, nothing lost, nobody else."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from tools.figures import note
from yanzhen.channels.platforms import platform
from yanzhen.publishing.engine.claim import grace
from yanzhen.publishing.models import Attempt, Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.desk import POSTING
from yanzhen.publishing.tests.sizes import size
from yanzhen.publishing.tests.stock import stock

DUE_IN_A_DAY = size(24, 500)
LONGEST_WAIT = timedelta(seconds=62)
LIMITED = size(2, 20)


@pytest.mark.slow
def test_posts_due_while_x_is_away_for_a_day_are_sent_in_time_or_left_to_a_person(
    desk, monkeypatch, request
):
    desk.due()
    desk.send()
    began = desk.now
    ends_at = began + timedelta(hours=24)
    deliveries = stock(desk, desk.account, DUE_IN_A_DAY, due_at=began)
    spread_over_the_day(deliveries, began, ends_at)
    there = platform("x")
    live = there._api
    monkeypatch.setattr(there, "_api", "http://127.0.0.1:9")
    while desk.now < ends_at:
        # Near the end as often as a worker would, as far as a test can.
        left = (ends_at - desk.now).total_seconds()
        desk.wait(min(left + 0.1, 150 if left > 1200 else 10))
        desk.turn()
    back_at = desk.now
    assert desk.creates() == 1
    monkeypatch.setattr(there, "_api", live)
    for _ in range(20):
        desk.turn()
        while desk.send():
            pass
        desk.wait(61)
    mine = Delivery.objects.filter(pk__in=[d.pk for d in deliveries])
    states = Counter(mine.values_list("state", flat=True))
    drained = mine.filter(state=S.PUBLISHED).order_by("due_at")
    in_grace = [d for d in mine if d.due_at > back_at - grace()]
    # A post that was tried in vain waits up to a minute for its next try, and its lane with it.
    tried_in_time = {d.pk for d in in_grace if d.due_at > back_at - grace() + LONGEST_WAIT}
    note(
        "P9",
        request.node.nodeid,
        f"{DUE_IN_A_DAY} posts due in 24 h without X: {drained.count()} of {len(in_grace)} within "
        f"the grace drained in order, {states[S.MISSED]} missed, {states[S.HELD]} held, 0 late",
    )
    assert tried_in_time <= {d.pk for d in drained} <= {d.pk for d in in_grace}
    assert [p["text"] for p in desk.posts()][1:] == [d.text for d in drained]
    assert set(states) <= {S.PUBLISHED, S.MISSED, S.HELD}
    late = [a for a in Attempt.objects.select_related("delivery") if _is_late(a)]
    assert late == []


def spread_over_the_day(deliveries, began, ends_at):
    """Give each its own time; the last quarter of them stand within the grace of the end.

    Of many it is fewer: X takes no more than 100 in its quarter of an hour.
    """
    early = len(deliveries) - min(len(deliveries) // 4, 80)
    steps = [(began, (ends_at - grace() - began) / early)] * early
    steps += [(ends_at - grace(), grace() / (len(deliveries) - early + 1))] * (
        len(deliveries) - early
    )
    for n, (delivery, (start, step)) in enumerate(zip(deliveries, steps, strict=True)):
        due_at = start + step * ((n if n < early else n - early) + 1)
        Delivery.objects.filter(pk=delivery.pk).update(due_at=due_at)
        type(delivery.post).objects.filter(pk=delivery.post_id).update(due_at=due_at)


def _is_late(attempt):
    return attempt.intended_at - attempt.delivery.due_at > grace()


def creates_of(desk, handle):
    """Return how often X was asked to create something on the account."""
    return desk.sim.journal(method="POST", route="/2/tweets", account=handle, limit=1)["total"]


@pytest.mark.slow
def test_limit_of_one_account_loses_nothing_and_delays_no_other(desk, request):
    """P16. Nothing is asked of X before its reset, and the other account does not wait."""
    other = desk.connect("FerrowDE")
    waited = []
    for _ in range(LIMITED):
        desk.sim.clear_faults()
        desk.sim.fault("429", match={**POSTING, "account": "Ferrow"}, times=1, reset_seconds=240)
        first, behind = desk.due(), desk.due()
        elsewhere = desk.due(account=other)
        limited_at = desk.now
        desk.send()
        assert Delivery.objects.get(pk=elsewhere.pk).state == S.PUBLISHED
        asked = creates_of(desk, "Ferrow")
        for seconds in (6, 15, 40, 120, 50):
            desk.wait(seconds)
            desk.turn()
            assert creates_of(desk, "Ferrow") == asked
        for _ in range(12):
            desk.wait(61)
            desk.turn()
        rows = Delivery.objects.filter(pk__in=(first.pk, behind.pk)).order_by("pk")
        assert [d.state for d in rows] == [S.PUBLISHED, S.PUBLISHED]
        texts = [p["text"] for p in desk.posts() if p["text"] in {d.text for d in rows}]
        assert texts == [d.text for d in rows]
        waited.append((rows[0].published_at - limited_at).total_seconds())
        desk.wait(3700)
    note(
        "P16",
        request.node.nodeid,
        f"{LIMITED} used-up limits: 0 lost, 0 calls before the reset, 0 other accounts delayed; "
        f"sent after {max(waited):.0f} s at most",
    )
