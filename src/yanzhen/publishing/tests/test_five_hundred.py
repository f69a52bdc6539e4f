"""The main promise, whole: many posts, real workers, and kill -9 all the time.

The normal size runs with every test; ``PROVE=1`` adds the full one (500 posts, 50 kills).
"""

from __future__ import annotations

import csv
import html
import io
import os
import random
import re
import time
from dataclasses import replace
from datetime import timedelta

import pytest
import tweepy
import xdk
from django.db import transaction

from xsim.tests.test_clients import Rewriting
from yanzhen.planning.actions.importing import import_plan
from yanzhen.planning.importing.plan import Source
from yanzhen.planning.models import Post, texts_of
from yanzhen.publishing.actions.resolving import send_again
from yanzhen.publishing.actions.scheduling import in_doubt
from yanzhen.publishing.engine.reaper import reap
from yanzhen.publishing.engine.reconcile import reconcile
from yanzhen.publishing.models import Attempt, Delivery
from yanzhen.publishing.states import Conclusion
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.crew import until
from yanzhen.review.actions.rounds import pass_step, submit_post
from yanzhen.review.tests.rounds import all_ticked, waiting_step

SIZES = [(120, 12), *([(500, 50)] if os.environ.get("PROVE") else [])]
HANDLES = ["Ferrow", "Ferrow_ZH", "FerrowDE", "FerrowCare"]
TEXTS = (
    "Post {n}: geese & <friends> “fly” 🪿",
    "第 {n} 条：雁阵轮流领飞。\n第二行 & more",
    "Ärger mit Nr. {n}? https://example.com/help?a={n}&b=2",
    "{n}\n\n  spaced   out\tand é (combining) 👩‍🚀",
)
NOT_CHANGED_BY_X = re.compile("Post |第 ")


def import_posts(field, accounts, count):
    """Import ``count`` posts from a CSV file, days ahead, as Maya; return them in file order."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(["account", "date", "time", "zone", "text"])
    for n in range(count):
        at = field.now + timedelta(days=2, minutes=n)
        account = accounts[n // 4 % len(accounts)].handle
        text = TEXTS[n % 4].format(n=n)
        rows.writerow([f"@{account}", f"{at:%Y-%m-%d}", f"{at:%H:%M}", "UTC", text])
    source = Source(name="plan.csv", content=out.getvalue().encode())
    return import_plan(source=source, by=field.cast.maya, now=field.now)


def approve(field, accounts, count):
    """Import ``count`` posts and take each through the three levels to its minute, by actions."""
    posts = import_posts(field, accounts, count)
    for start in range(0, count, 20):
        with transaction.atomic():
            for n, post in enumerate(posts[start : start + 20], start):
                post.refresh_from_db()
                ticks = all_ticked(post)
                round_ = submit_post(post, by=field.cast.maya, ticks=ticks, now=field.now)
                for member in (field.cast.lin, field.cast.lena):
                    pass_step(waiting_step(round_), by=member, now=field.now)
                posts[n] = field.timed(Post.objects.get(pk=post.pk))
    return posts


def read_by_tweepy(field, user_id):
    """Read an account's posts through tweepy, oldest first, as (id, text)."""
    client = tweepy.Client(bearer_token=field.keys["bearer_token"])
    client.session = Rewriting(field.url)
    try:
        pages = tweepy.Paginator(client.get_users_tweets, user_id, max_results=100)
        found = [(str(tweet.id), tweet.text) for page in pages for tweet in page.data or []]
    finally:
        client.session.close()
    return found[::-1]


def read_by_xdk(field, user_id):
    """Read an account's posts through xdk, oldest first, as (id, text)."""
    client = xdk.Client(base_url=field.url, bearer_token=field.keys["bearer_token"])
    client.session.trust_env = False
    try:
        pages = client.users.get_posts(user_id, max_results=100)
        found = [(post.id, post.text) for page in pages for post in page.data or []]
    finally:
        client.session.close()
    return found[::-1]


def person_looks(field):
    """Let time pass without workers, then let a person send again what X proves is not there."""
    for seconds in (8, 6, 15, 40, 120, 430):
        field.wait(seconds)
        reap(field.now)
        while reconcile(field.now):
            pass
    held = Delivery.objects.filter(state=S.HELD).select_related("post", "account")
    for delivery in held:
        if in_doubt(delivery):
            field.resend(delivery)
        else:
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
    for account in accounts:
        written = [(p["id"], p["text"]) for p in ledger if p["account"] == account.handle]
        for read in (read_by_tweepy, read_by_xdk):
            seen = read(field, account.remote_id)
            assert [pk for pk, _ in seen] == [pk for pk, _ in written]
            # X shortens links and composes letters; the others come back as they were sent.
            plain = [i for i, (_, text) in enumerate(written) if NOT_CHANGED_BY_X.match(text)]
            assert plain
            assert all(html.unescape(seen[i][1]) == written[i][1] for i in plain)
