"""The main promise, whole: many posts, real workers, and kill -9 all the time.

The normal size runs with every test; ``PROVE=1`` adds the full one (500 posts, 50 kills).
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import replace

import pytest
from django.db import transaction

from yanzhen.planning.models import texts_of
from yanzhen.publishing.actions.resolving import send_again
from yanzhen.publishing.engine.reaper import reap
from yanzhen.publishing.engine.reconcile import reconcile
from yanzhen.publishing.models import Attempt, Delivery
from yanzhen.publishing.states import Conclusion
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.crew import until

SIZES = [(120, 12), *([(500, 50)] if os.environ.get("PROVE") else [])]
HANDLES = ["Ferrow", "Ferrow_ZH", "FerrowDE", "FerrowCare"]
TEXTS = (
    "Post {n}: geese & <friends> “fly” 🪿",
    "第 {n} 条：雁阵轮流领飞。\n第二行 & more",
    "Ärger mit Nr. {n}? https://example.com/help?a={n}&b=2",
    "{n}\n\n  spaced   out\tand é (combining) 👩‍🚀",
)


def approve(field, accounts, count):
    """Write, review and time ``count`` posts through the actions."""
    posts = []
    for start in range(0, count, 20):
        with transaction.atomic():
            for n in range(start, min(start + 20, count)):
                text = TEXTS[n % 4].format(n=n)
                post = field.passed(text, account=accounts[n // 4 % len(accounts)])
                posts.append(field.timed(post))
    return posts


def person_looks(field):
    """Let time pass without workers, then let a person send again what X proves is not there."""
    for seconds in (8, 6, 15, 40, 120, 430):
        field.wait(seconds)
        reap(field.now)
        while reconcile(field.now):
            pass
    held = Delivery.objects.filter(state=S.HELD).select_related("post", "account")
    for delivery in held:
        send_again(delivery, reason="Not on X.", by=field.cast.lena, now=field.now)
    return len(held)


@pytest.mark.slow
@pytest.mark.parametrize(("count", "kills"), SIZES)
def test_every_post_arrives_once_in_order_whatever_is_killed(field, settings, count, kills):
    settings.ENV = replace(settings.ENV, grace_minutes=1_000_000)
    dice = random.Random(20261122)
    accounts = [field.account, *(field.connect(handle) for handle in HANDLES[1:])]
    posts = approve(field, accounts, count)
    assert Delivery.objects.filter(state=S.SCHEDULED).count() == count
    by_hand = killed = 0
    while killed < kills:
        crew = [field.crew.fork(), field.crew.fork()]
        # Kill in the thick of it: after some more are out, at no particular moment.
        out = Delivery.objects.filter(state=S.PUBLISHED)
        enough = out.count() + dice.randint(1, 2 * count // kills)
        until(lambda out=out, enough=enough: out.count() >= min(enough, count), seconds=60)
        time.sleep(dice.uniform(0, 0.2))
        for worker in crew:
            time.sleep(dice.uniform(0, 0.05))
            field.crew.kill(worker)
            killed += 1
        by_hand += person_looks(field)
    left = Delivery.objects.exclude(state=S.PUBLISHED)
    by_themselves = count - left.count()
    field.crew.fork()
    field.crew.fork()
    try:
        until(lambda: not left.exists(), seconds=60 + count)
    except AssertionError:
        pytest.fail(str(list(left.values_list("state", "hold_reason", "doubt", "due_at")[:10])))
    field.crew.dismiss()

    ledger = [post for post in field.sim.posts() if post["deleted_at"] is None]
    found = Attempt.objects.filter(conclusion=Conclusion.FOUND).count()
    print(  # noqa: T201 -- the figures are the proof; shown with -s
        f"{len(ledger)} of {count} on X after {killed} kills; {by_themselves} before the last one, "
        f"{found} found by looking, {by_hand} sent again by hand"
    )
    assert len(ledger) == count
    for account in accounts:
        passed = [texts_of(post.version)[0] for post in posts if post.account_id == account.pk]
        shown = [post["text"] for post in ledger if post["account"] == account.handle]
        assert shown == passed
    ids = set(Delivery.objects.values_list("remote_id", flat=True))
    assert ids == {post["id"] for post in ledger}
