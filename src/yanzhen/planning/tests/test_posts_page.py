"""The list of posts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.channels.tests.accounts import make_account
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.details import change_details
from yanzhen.planning.actions.framing import add_campaign
from yanzhen.planning.actions.timing import drop_post
from yanzhen.planning.tests.plan import make_post, timed


def listed(client, **asked):
    answer = client.get(reverse("posts"), asked)
    assert answer.status_code == 200
    return [post.pk for post in answer.context["page"]]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_posts_speaks_the_readers_language(enter, cast, post, language):
    cast.zhou.user.language = language
    cast.zhou.user.save()
    page = enter(cast.zhou).get(reverse("posts")).content.decode()
    assert post.shown_title in page
    assert ("未定时间" if language == "zh-hans" else "No time yet") in page


def test_posts_lists_the_last_changed_first(enter, cast, account):
    first, second = make_post(account, cast.zhou), make_post(account, cast.zhou)
    assert listed(enter(cast.zhou)) == [second.pk, first.pk]


def test_posts_narrows_by_account_stage_author_and_campaign(enter, cast, account):
    other = make_account(cast.workspace, "FerrowDE")
    june = add_campaign(name="Travel light", code="june", by=cast.lin, now=NOW)
    mine, theirs = make_post(account, cast.zhou), make_post(other, cast.lin)
    change_details(theirs, by=cast.lin, title="", account=other, campaign=june, now=NOW)
    client = enter(cast.zhou)
    assert listed(client, account=other.pk) == [theirs.pk]
    assert listed(client, author=cast.zhou.pk) == [mine.pk]
    assert listed(client, campaign=june.pk) == [theirs.pk]
    drop_post(mine, by=cast.lin, now=NOW)
    assert listed(client) == [theirs.pk]
    assert listed(client, stage="dropped") == [mine.pk]


@pytest.mark.parametrize("words", ["雁阵", "ROW 8", '"loud"', "second post"])
def test_posts_finds_words_anywhere_in_the_draft(enter, cast, account, words):
    found = make_post(
        account, cast.zhou, "飞行的雁阵", 'Nobody beats row 8, says "loud" me', "second post"
    )
    make_post(account, cast.zhou, "Something else entirely")
    assert listed(enter(cast.zhou), q=words) == [found.pk]


def test_posts_tells_those_without_a_time_apart(enter, cast, account):
    never, soon = make_post(account, cast.zhou), timed(make_post(account, cast.zhou), cast.zhou)
    client = enter(cast.zhou)
    assert listed(client, when="none") == [never.pk]
    assert listed(client, when="timed") == [soon.pk]


def test_posts_of_others_are_never_listed(enter, cast, post):
    assert listed(enter(cast.wu)) == []
    assert enter(cast.wu).get(reverse("posts"), {"account": post.account_id}).status_code == 422


@pytest.mark.parametrize(
    "asked", [{"account": "x"}, {"stage": "gone"}, {"author": "99999999999999999999"}]
)
def test_posts_refuses_what_cannot_be_chosen(enter, cast, post, asked):
    assert enter(cast.zhou).get(reverse("posts"), asked).status_code == 422


def test_posts_answers_htmx_with_the_rows_alone(enter, cast, post):
    answer = enter(cast.zhou).get(
        reverse("posts"), headers={"HX-Request": "true", "HX-Target": "posts"}
    )
    assert answer.content.decode().lstrip().startswith('<div id="posts">')
    assert "HX-Target" in answer.headers["Vary"]


def test_posts_pages_by_fifty(enter, cast, account):
    for _number in range(51):
        make_post(account, cast.zhou)
    client = enter(cast.zhou)
    assert len(listed(client)) == 50
    assert len(listed(client, page=2)) == 1
    assert len(listed(client, page="many")) == 50


def test_posts_asks_as_much_for_three_as_for_one(enter, cast, account):
    client = enter(cast.zhou)

    def count():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("posts")).status_code == 200
        return len(asked)

    make_post(account, cast.zhou)
    count()
    one = count()
    make_post(account, cast.lin, title="Two")
    timed(make_post(account, cast.maya), cast.zhou)
    assert count() == one


def test_posts_offers_a_beginning_when_empty(enter, cast):
    assert reverse("post-new") in enter(cast.zhou).get(reverse("posts")).content.decode()
