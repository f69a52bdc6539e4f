"""The duty desk: what needs the reader, what goes out, what happened; in both languages."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yanzhen.channels.tests.accounts import make_account
from yanzhen.discussion.actions.talking import open_thread
from yanzhen.jobs.tests.beats import worker_answers
from yanzhen.kernel.clock import set_to
from yanzhen.people.actions.workspaces import set_lead
from yanzhen.people.models import User
from yanzhen.people.tests.cast import NOW, Cast, make_cast
from yanzhen.planning.actions.timing import time_post
from yanzhen.planning.models import Post
from yanzhen.review.actions.rounds import pass_step, return_step
from yanzhen.review.tests.rounds import make_post, submitted, waiting_step
from yanzhen.web.views.today import MOST_REVIEWS

pytestmark = pytest.mark.django_db
#: Six for the session and the member, seven for the frame of somebody with unread notices, the rest
#: are the page's own.
QUERIES = 23
#: Three o'clock in the afternoon in Shanghai, eight in the morning in Berlin, a Monday.
MORNING = NOW.replace(hour=7)
TEN = datetime.fromisoformat("2026-03-02T10:00")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def account(cast):
    return make_account(cast.workspace)


@pytest.fixture
def desk(client):
    """Open today as a member, at MORNING unless told otherwise."""

    def open_as(member, *, now=MORNING, **headers: str):
        client.force_login(member.user)
        client.get("/health")
        with set_to(now):
            return client.get("/", headers=headers)

    return open_as


def out_at(account, cast, wall: datetime, *, title: str = "") -> Post:
    """Pass a post and put it on the calendar."""
    round_ = submitted(account, cast.zhou, f"Text for {title} {wall}")
    post = Post.objects.get(pk=round_.post_id)
    Post.objects.filter(pk=post.pk).update(title=title)
    post = time_post(post, by=cast.zhou, wall=wall, zone="Europe/Berlin", now=MORNING)
    pass_step(waiting_step(round_), by=cast.lin, now=MORNING)
    pass_step(waiting_step(round_), by=cast.lena, now=MORNING)
    return post


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Your reviews", "Going out today", "What happened", "Nobody has the lead")),
        ("zh-hans", ("待你审核", "今日发布", "最近动态", "现在没人值班")),
    ],
)
def test_today_says_its_headings_in_both_languages(desk, cast, language: str, words):
    User.objects.update(language=language)
    page = desk(cast.lena).content.decode()
    assert [each for each in words if each not in page] == []


def test_today_shows_only_reviews_that_are_the_readers(desk, cast, account):
    submitted(account, cast.zhou, "For the lead")
    assert [str(step) for step in desk(cast.lin).context["waiting"]] == ["Team lead"]
    assert desk(cast.lena).context["waiting"] == []
    assert desk(cast.zhou).context["waiting"] == []
    assert desk(cast.wu).context["waiting"] == []


def test_today_counts_all_reviews_and_lists_the_most_urgent(desk, cast, account):
    for number in range(MOST_REVIEWS + 2):
        submitted(account, cast.zhou, f"Post {number}")
    context = desk(cast.lin).context
    assert (len(context["waiting"]), context["waiting_count"]) == (MOST_REVIEWS, MOST_REVIEWS + 2)
    due = [step.due_at for step in context["waiting"]]
    assert due == sorted(due)


def test_today_gives_the_author_what_came_back_and_their_drafts(desk, cast, account):
    round_ = submitted(account, cast.zhou, "Too loud")
    return_step(waiting_step(round_), by=cast.lin, reason="tone", comment="Calmer.", now=MORNING)
    make_post(account, cast.zhou, "Still a thought")
    make_post(account, cast.maya, "Somebody else's")
    context = desk(cast.zhou).context
    assert [str(post) for post in context["returned"]] == ["Too loud"]
    assert [str(post) for post in context["drafts"]] == ["Still a thought"]


def test_today_splits_the_readers_day_at_now(desk, cast, account):
    out_at(account, cast, TEN, title="morning")
    out_at(account, cast, TEN.replace(hour=20), title="evening")
    out_at(account, cast, TEN + timedelta(days=1), title="tomorrow")
    context = desk(cast.lena, now=NOW.replace(hour=12)).context
    assert [str(post) for post in context["past"]] == ["morning"]
    assert [str(post) for post in context["ahead"]] == ["evening"]
    assert [hour for _state, hour in context["dots"]] == [10.0, 20.0]
    # Twenty o'clock in Berlin is tomorrow in Shanghai.
    assert [str(post) for post in desk(cast.lin, now=NOW.replace(hour=12)).context["run"]] == [
        "morning"
    ]


def test_today_names_who_leads_also_past_the_hour(desk, cast):
    until = NOW + timedelta(hours=3)
    set_lead(cast.workspace, member=cast.lin, until=until, seen=0, by=cast.lena, now=MORNING)
    page = desk(cast.lena).content.decode()
    assert "leads until" in page
    assert "Nobody has the lead" not in page
    assert "still leads" in desk(cast.lena, now=until).content.decode()


def test_today_tells_what_happened_here_and_not_next_door(desk, cast, account):
    post = make_post(account, cast.zhou, "Words")
    open_thread(post, by=cast.lin, body="Fine.", now=MORNING)
    said = [said for _event, said in desk(cast.lena).context["recent"]]
    assert "Lin" in said[0]
    assert "Words" in said[0]
    assert not [said for _event, said in desk(cast.wu).context["recent"] if "Words" in said]


@pytest.mark.parametrize("part", ["reviews", "run", "recent"])
def test_today_answers_htmx_with_one_piece(desk, cast, part: str):
    answer = desk(cast.lena, **{"HX-Request": "true", "HX-Target": f"today-{part}"})
    page = answer.content.decode()
    assert "<html" not in page
    assert page.count("<section") >= 1
    assert "HX-Target" in answer.headers["Vary"]


def test_today_costs_the_same_for_one_and_for_three_of_everything(desk, cast, account):
    def fill(number: int) -> None:
        submitted(account, cast.zhou, f"Wait {number}")
        out_at(account, cast, TEN.replace(minute=number), title=f"out {number}")
        make_post(account, cast.lin, f"Draft {number}")
        round_ = submitted(account, cast.maya, f"Back {number}")
        return_step(waiting_step(round_), by=cast.lin, reason="tone", comment="No.", now=MORNING)

    def cost() -> int:
        desk(cast.lin)
        with CaptureQueriesContext(connection) as queries, set_to(MORNING):
            answer = client.get("/")
        assert answer.status_code == 200
        return len(queries)

    worker_answers()
    client = desk(cast.lin).client
    fill(1)
    one = cost()
    fill(2)
    fill(3)
    assert (one, cost()) == (QUERIES, QUERIES)
