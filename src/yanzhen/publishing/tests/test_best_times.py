"""Which hours have served an account best, from counts of its own posts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel.clock import set_to
from yanzhen.people.tests.cast import NOW, make_cast
from yanzhen.planning.actions.writing import cut_version
from yanzhen.planning.best_times import suggested
from yanzhen.planning.tests.plan import make_post
from yanzhen.publishing.best_times import LEAST_POSTS, history_of
from yanzhen.publishing.models import Delivery, Reading
from yanzhen.publishing.states import DeliveryState

pytestmark = pytest.mark.django_db
#: A Tuesday and a Thursday of last winter, when Berlin is an hour ahead of UTC.
TUESDAY, THURSDAY = (datetime(2026, 1, day, 9, 40, tzinfo=UTC) for day in (6, 8))
AGED = timedelta(hours=49)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def account(cast):
    return make_account(cast.workspace)


@pytest.fixture
def out(cast, account):
    """Put posts on X ``minutes`` apart from ``at``, each with these likes after ``age``."""
    post = make_post(account, cast.zhou)
    version = cut_version(post, by=cast.zhou, now=NOW)
    made = []

    def publish(at, count, likes, *, age=AGED, minutes=10, **facts):
        for number in range(count):
            published = at + timedelta(minutes=minutes * number)
            delivery = Delivery.objects.create(
                **{
                    "workspace": cast.workspace,
                    "post": post,
                    "version": version,
                    "account": account,
                    "occurrence": len(made),
                    "digest": version.digest,
                    "origin": "test",
                    "due_at": published,
                    "state": DeliveryState.PUBLISHED,
                    "remote_id": f"{9000 + len(made)}",
                    "published_at": published,
                    "created_at": published,
                    "state_since_at": published,
                    **facts,
                }
            )
            Reading.objects.create(delivery=delivery, at=published + timedelta(hours=1), likes=1)
            Reading.objects.create(delivery=delivery, at=published + age, likes=likes)
            made.append(delivery)

    return publish


def parts(account):
    return [
        (best.weekday, best.first_hour, best.posts, best.median)
        for best in history_of(account, NOW).best
    ]


def test_best_times_are_silent_below_a_sensible_sample(account, out):
    out(TUESDAY, 10, 50)
    out(THURSDAY, LEAST_POSTS - 11, 10)
    assert history_of(account, NOW) is None
    assert suggested(account, now=NOW) is None
    out(THURSDAY + timedelta(hours=5), 1, 10)
    found = history_of(account, NOW)
    assert (found.posts, found.median) == (LEAST_POSTS, 10)


def test_best_time_is_drawn_towards_the_usual_by_its_few_posts(account, out):
    """Six posts at three times the usual, and five of the usual added: (6 x 3 + 5) / 11."""
    out(THURSDAY, 30, 10)
    out(TUESDAY, 6, 30)
    [best] = history_of(account, NOW).best
    assert (best.weekday, best.first_hour, best.end_hour) == (1, 9, 12)
    assert (best.posts, best.median) == (6, 30)
    assert best.times == pytest.approx(23 / 11)
    assert best.minute == 11 * 60


def test_best_time_needs_posts_of_its_own_and_no_lucky_one(account, out):
    out(THURSDAY, 30, 10)
    out(TUESDAY, 4, 500)
    out(TUESDAY + timedelta(days=7, hours=6), 5, 10)
    out(TUESDAY + timedelta(days=7, hours=6, minutes=55), 1, 90_000)
    assert parts(account) == []


def test_only_posts_of_the_account_counted_at_two_days_are_compared(account, out, cast):
    out(THURSDAY, 30, 10)
    out(TUESDAY, 6, 500, age=timedelta(hours=47))
    out(TUESDAY, 6, 500, age=timedelta(hours=97))
    out(TUESDAY, 6, 500, kind="repost", target_id="1")
    out(TUESDAY, 6, 500, position=1)
    out(TUESDAY - timedelta(days=182), 6, 500)
    out(TUESDAY, 6, 500, account=make_account(cast.workspace, "Other"))
    assert history_of(account, NOW).posts == 30


def test_suggestion_is_the_next_such_hour_on_the_accounts_clocks(account, out):
    """The cast's now is a Monday; with the clocks forward the hour of the day stays."""
    out(THURSDAY, 30, 10)
    out(TUESDAY, 6, 30)
    [found] = suggested(account, now=NOW).times
    assert (found.wall.weekday(), f"{found.wall:%H:%M}") == (1, "11:00")
    start = NOW.astimezone(account.tz).replace(tzinfo=None)
    assert timedelta() < found.wall - start < timedelta(days=7)
    eleven = found.wall.replace(tzinfo=account.tz)
    [later] = suggested(account, now=eleven - timedelta(minutes=29)).times
    assert later.wall - found.wall == timedelta(days=7)


def test_composer_and_slot_suggest_with_the_numbers_and_set_nothing(client, account, out, cast):
    out(THURSDAY, 30, 10)
    out(TUESDAY, 6, 30)
    post = make_post(account, cast.zhou)
    client.force_login(cast.zhou.user)
    with set_to(NOW):
        wall = suggested(account, now=NOW).times[0].wall
        page = client.get(reverse("post", args=[post.pk])).content.decode()
        asked = {"day": f"{wall:%Y-%m-%d}", "time": f"{wall:%H:%M}"}
        filled = client.get(reverse("post", args=[post.pk]), asked)
        slot = client.get(reverse("slot-new"), {"account": account.pk}).content.decode()
    for shown in (page, slot):
        assert "from 36 posts of @Ferrow, in Berlin" in shown
        assert "2.1 times the usual: 30 interactions against 10, 6 posts" in shown
    form = filled.context["time_form"]
    assert (form["date"].value(), form["time"].value()) == (wall.date(), wall.time())
    post.refresh_from_db()
    assert post.due_at is None


def test_history_asks_twice_however_many_posts(account, out):
    out(THURSDAY, 31, 10)
    with CaptureQueriesContext(connection) as few:
        history_of(account, NOW)
    out(THURSDAY + timedelta(days=7), 31, 10)
    with CaptureQueriesContext(connection) as many:
        history_of(account, NOW)
    assert len(few) == len(many) == 2
