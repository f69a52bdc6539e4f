"""P3: every answer X may give to a create, many times, judged by xsim's own ledger."""

from __future__ import annotations

import pytest

from tools.figures import note
from xsim import faults
from yanzhen.publishing.models import Attempt, Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.desk import POSTING
from yanzhen.publishing.tests.sizes import size

TIMES = size(3, 200)
AT_ONCE = ("Ferrow", "Ferrow_ZH", "FerrowDE")
#: Answers to a create. Those of media, streams, renewals and look-ups have tests of their own.
ELSEWHERE = {"lookup_503", "lag", "refresh_lost", "refresh_raced", "media_status_503"}
CREATE = sorted(
    (faults.AFTER | faults.BEFORE | faults.DELAYS | getattr(faults, "DOOR", frozenset()))
    - ELSEWHERE
)
SLOW = {"accept_then_hang", "reject_hang", "slow", "slow_headers"}
#: These are followed by one more try: X has shown that the first is not there.
TRIED_AGAIN = ("401", "429")
#: All of these have opened no door: nothing was asked of X at all.
UNREACHABLE = {"refuse_connect"}


def settings_of(do):
    if do in SLOW:
        return {"seconds": 2.4}
    return {"reset_seconds": 30} if do == "429" else {}


def settle_the_rest(desk, deliveries):
    """Wait on for what X's limits keep back: until its grace is over at the latest."""
    mine = Delivery.objects.filter(pk__in=[d.pk for d in deliveries])
    for _ in range(30):
        if not mine.filter(state__in=(S.SCHEDULED, S.AMBIGUOUS)).exists():
            return
        desk.wait(61)
        desk.turn()


def judge(desk, delivery, handle, do):
    """Return what is wrong about one post, by what X's ledger says."""
    delivery.refresh_from_db()
    shown = [p for p in desk.posts(handle) if p["text"] == delivery.text]
    wrong = []
    if len(shown) > 1:
        wrong.append("double")
    if delivery.state == S.FAILED and shown:
        wrong.append("called refused while it is there")
    if delivery.state == S.PUBLISHED and [p["id"] for p in shown] != [delivery.remote_id]:
        wrong.append("called published while it is not there")
    if delivery.state not in (S.PUBLISHED, S.HELD, S.FAILED, S.MISSED):
        wrong.append(f"still {delivery.state}")
    tries = Attempt.objects.filter(delivery=delivery).count()
    most = 2 if do.startswith(TRIED_AGAIN) else 1
    if do not in UNREACHABLE and tries > most:
        wrong.append(f"{tries} tries")
    return [f"{do}: {delivery.text}: {what}" for what in wrong]


@pytest.mark.slow
@pytest.mark.parametrize("do", CREATE)
def test_send_post_whatever_x_answers_is_neither_doubled_nor_misnamed(desk, do, request):
    accounts = {handle: desk.connect(handle) for handle in AT_ONCE}
    wrong, ends = [], {}
    done = 0
    while done < TIMES:
        batch = list(AT_ONCE[: TIMES - done])
        desk.sim.clear_faults()
        if do in UNREACHABLE:
            desk.sim.fault(do, connections=len(batch))
        else:
            desk.sim.fault(do, match=POSTING, times=len(batch), **settings_of(do))
        sent = {handle: desk.due(account=accounts[handle]) for handle in batch}
        desk.settle()
        settle_the_rest(desk, sent.values())
        for handle, delivery in sent.items():
            wrong += judge(desk, delivery, handle, do)
            ends[delivery.state] = ends.get(delivery.state, 0) + 1
        # A used-up limit or lost keys of this batch shall not decide the next.
        desk.wait(3600)
        for account in accounts.values():
            account.refresh_from_db()
            if not account.is_connected:
                desk.connect(account.handle)
        done += len(batch)
    note("P3", request.node.nodeid, f"{do}: 0 of {done} doubled or misnamed, ended {ends}")
    assert not wrong, wrong
