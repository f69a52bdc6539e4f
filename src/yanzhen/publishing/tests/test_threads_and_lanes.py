"""Order: segments of a thread, posts of an account, and accounts side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from yanzhen.kernel import clock
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.publishing.actions.resolving import give_up, send_again
from yanzhen.publishing.actions.scheduling import in_doubt
from yanzhen.publishing.engine import claim, outcome
from yanzhen.publishing.engine.claim import accounts_due, claim_next
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import HoldReason
from yanzhen.publishing.tests.desk import POSTING


def chain(post):
    return list(Delivery.objects.filter(post=post).order_by("position"))


def test_thread_goes_out_in_order_each_answering_the_one_before(desk):
    post = desk.due("one", "two", "three").post
    desk.send()
    shown = desk.posts()
    assert [p["text"] for p in shown] == ["one", "two", "three"]
    assert [p["in_reply_to"] for p in shown] == [None, shown[0]["id"], shown[1]["id"]]
    assert Post.objects.get(pk=post.pk).state == PostState.PUBLISHED


@pytest.mark.parametrize("do", ["reject_500", "403_not_permitted"])
def test_thread_stops_where_a_segment_stops_and_goes_on_from_there(desk, do):
    desk.sim.fault(do, match={**POSTING, "text": "two"})
    post = desk.due("one", "two", "three").post
    desk.settle()
    assert [d.state for d in chain(post)][0::2] == [S.PUBLISHED, S.HELD]
    assert chain(post)[2].hold_reason == HoldReason.BEFORE
    assert Post.objects.get(pk=post.pk).state == PostState.PARTIAL
    stopped = Delivery.objects.select_related("post", "account").get(post=post, position=1)
    if in_doubt(stopped):
        desk.resend(stopped)
    else:
        send_again(stopped, reason="Not there", by=desk.cast.lena, now=desk.now)
    desk.turn()
    assert [p["text"] for p in desk.posts()] == ["one", "two", "three"]
    assert desk.posts()[2]["in_reply_to"] == desk.posts()[1]["id"]
    assert Post.objects.get(pk=post.pk).state == PostState.PUBLISHED


def test_thread_given_up_keeps_what_is_out(desk):
    desk.sim.fault("403_not_permitted", match={**POSTING, "text": "two"})
    post = desk.due("one", "two", "three").post
    desk.settle()
    give_up(chain(post)[1], reason="Enough", by=desk.cast.lin, now=desk.now)
    assert [d.state for d in chain(post)] == [S.PUBLISHED, S.CANCELLED, S.CANCELLED]
    assert Post.objects.get(pk=post.pk).state == PostState.PUBLISHED


def test_unclear_post_keeps_its_account_back_for_a_minute_and_no_other(desk):
    other = desk.connect("FerrowDE")
    desk.sim.fault("reject_500", match={**POSTING, "account": "Ferrow"})
    first, second = desk.due(), desk.due()
    elsewhere = desk.due(account=other)
    desk.send()
    assert desk.send() == 0
    states = [Delivery.objects.get(pk=d.pk).state for d in (first, second, elsewhere)]
    assert states == [S.AMBIGUOUS, S.SCHEDULED, S.PUBLISHED]
    for seconds in (6, 15, 40):
        desk.wait(seconds)
        desk.turn()
    desk.turn()
    assert Delivery.objects.get(pk=second.pk).state == S.PUBLISHED


def test_claim_does_not_overtake_what_comes_back_meanwhile(desk, monkeypatch):
    first, second = desk.due(), desk.due()
    mine = claim_next(desk.account.pk, owner="a", now=desk.now)
    assert mine == first
    back = [mine]

    def comes_back(point):
        if point == "claiming" and back:
            outcome.release(back.pop(), retry_at=None, now=desk.now)

    monkeypatch.setattr(claim, "crash_point", comes_back)
    assert claim_next(desk.account.pk, owner="b", now=desk.now) is None
    assert claim_next(desk.account.pk, owner="b", now=desk.now) == first
    assert second.state == S.SCHEDULED


def test_claim_by_an_older_owner_is_void(desk):
    desk.due()
    mine = claim_next(desk.account.pk, owner="a", now=desk.now)
    assert claim_next(desk.account.pk, owner="b", now=desk.now) is None
    desk.wait(61)
    desk.turn()
    assert Delivery.objects.get(pk=mine.pk).epoch == mine.epoch + 1


def claim_all(name, claims):
    """Claim whatever is due until nothing is left, and settle it at once."""
    while Delivery.objects.filter(state__in=(S.SCHEDULED, S.CLAIMED)).exists():
        for account_id in accounts_due(clock.database_now()):
            got = claim_next(account_id, owner=name, now=clock.database_now())
            if got is not None:
                claims.append((got.account_id, got.pk))
                rows = Delivery.objects.filter(pk=got.pk)
                rows.update(state=S.PUBLISHED, remote_id=str(got.pk), published_at=got.due_at)
    connections.close_all()


def test_eight_threads_claim_every_post_once_and_in_order(field):
    accounts = [field.connect(h) for h in ("Ferrow", "Ferrow_ZH", "FerrowDE", "FerrowCare")]
    with transaction.atomic():
        for n in range(80):
            field.timed(field.passed(account=accounts[n % 4]))
    claims = []
    with ThreadPoolExecutor(8) as pool:
        for turn in [pool.submit(claim_all, f"t{n}", claims) for n in range(8)]:
            turn.result(120)
    assert len(claims) == len(set(claims)) == 80
    for account in accounts:
        mine = [pk for account_id, pk in claims if account_id == account.pk]
        assert mine == sorted(mine)
