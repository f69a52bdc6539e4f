"""The failure inbox as a page: what it lists, what lies open, and who may."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.people.rights import Decision
from yanzhen.people.tests.cast import entitled
from yanzhen.planning.actions.writing import create_post
from yanzhen.planning.content import Terms
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.desk import POSTING
from yanzhen.publishing.tests.trouble import REFUSAL, make_failed, make_missed, make_unclear
from yanzhen.review.actions.rounds import pass_step, submit_post
from yanzhen.review.tests.rounds import all_ticked, waiting_step


def cost_of(client, path):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen.captured_queries)


def test_inbox_tells_what_happened_what_x_said_and_what_is_safe(desk, as_member):
    make_failed(desk)
    page = as_member(desk.cast.lin).get("/failures/").content.decode()
    for words in (
        "X refused it: the app or the account may not post.",
        "Set the app’s permission to “Read and write”",
        '<b class="num">403</b>',
        "You are not permitted to perform this action.",
        "Reconnect @Ferrow",
        "Try 1 written down by test",
        "X does not show it",
        "Goose number 1",
    ):
        assert words in page, words
    page = as_member(desk.cast.lin, "zh-hans").get("/failures/").content.decode()
    assert "没有发布权限" in page
    assert "X refused it" not in page


def test_inbox_lists_by_what_is_needed_and_by_account(desk, as_member):
    other = desk.connect("FerrowDE")
    make_missed(desk, 1, account=other)
    unclear = make_unclear(desk)
    desk.sim.fault("reject_500", match=POSTING)
    asked = desk.due("Being asked")
    desk.send()
    client = as_member(desk.cast.lin)

    def titles(query=""):
        rows = client.get(f"/failures/{query}").context["rows"]
        return {row.delivery.pk for row in rows}

    missed = Delivery.objects.get(state=S.MISSED).pk
    assert titles() == {missed, unclear.pk}
    assert titles("?show=missed") == {missed}
    assert titles("?show=asked") == {asked.pk}
    assert titles("?show=partial") == set()
    assert titles(f"?account={desk.account.pk}") == {unclear.pk}
    for odd in ("?show=no", "?account=x", "?page=99", "?account=" + "9" * 30):
        assert client.get(f"/failures/{odd}").status_code == 200


def test_inbox_shows_a_thread_that_stopped_halfway_once(desk, as_member):
    desk.sim.fault(REFUSAL, match={**POSTING, "text": "two"})
    post = desk.due("one", "two", "three").post
    desk.settle()
    assert Post.objects.get(pk=post.pk).state == PostState.PARTIAL
    page = as_member(desk.cast.lin).get("/failures/?show=partial")
    assert [row.delivery.position for row in page.context["rows"]] == [1]
    body = page.content.decode()
    assert "1 more of its thread waits behind it." in body
    assert 'data-stage="partial"' in body


def test_refused_reply_offers_to_answer_on_x_with_the_text_copied(desk, as_member):
    ours = desk.due()
    desk.send()
    ours.refresh_from_db()
    post = create_post(
        account=desk.account,
        by=desk.cast.zhou,
        texts=["We are on it."],
        terms=Terms(reply_to=ours.remote_id),
        now=desk.now,
    )
    round_ = submit_post(post, by=desk.cast.zhou, ticks=all_ticked(post), now=desk.now)
    for member in (desk.cast.lin, desk.cast.lena):
        pass_step(waiting_step(round_), by=member, now=desk.now)
    desk.timed(Post.objects.get(pk=post.pk))
    desk.sim.fault("403_reply_gate", match=POSTING)
    desk.settle()
    page = as_member(desk.cast.lena).get("/failures/").content.decode()
    assert "X refused the reply" in page
    assert f'href="{desk.url}/i/status/{ours.remote_id}" data-copy="failure-words"' in page
    assert "Open on X, text copied" in page


def test_empty_inbox_says_so(desk, as_member):
    client = as_member(desk.cast.lin)
    for show, words in (
        ("person", "Nothing waits for a person."),
        ("asked", "X is not being asked about anything."),
        ("missed", "Nothing has missed its time."),
        ("partial", "No thread has stopped halfway."),
    ):
        assert words in client.get(f"/failures/?show={show}").content.decode()


def test_inbox_names_who_decides_to_those_who_may_not(desk, as_member):
    make_failed(desk)
    page = as_member(desk.cast.zhou).get("/failures/").content.decode()
    assert "These members decide:" in page
    assert "Lena" in page
    assert "/drop/" not in page


def test_inbox_asks_who_decides_for_the_account_of_what_lies_open(desk, as_member):
    make_failed(desk)
    other = desk.connect("FerrowDE")
    here = entitled(desk.cast, "Ada", Decision.PUBLISH_RESOLVE, account=desk.account)
    there = entitled(desk.cast, "Kim", Decision.PUBLISH_RESOLVE, account=other)
    page = as_member(there).get("/failures/").content.decode()
    assert "These members decide: Ada, Lena, Lin" in page
    assert "/drop/" not in page, "it would be refused"
    page = as_member(here).get("/failures/").content.decode()
    assert "These members decide:" not in page
    assert "/drop/" in page


def make_more(count):
    """Put further copies of the one delivery beside it."""
    one = Delivery.objects.get()
    for _ in range(count):
        one.pk = None
        one._state.adding = True
        one.position += 1
        one.save()


@pytest.mark.parametrize("query", ["", "?show=missed"])
def test_inbox_costs_the_same_for_one_and_three(desk, as_member, query):
    make_missed(desk)
    client = as_member(desk.cast.lin)
    client.get("/failures/")
    make_more(1)  # from two on there is the line of the account too
    few = cost_of(client, f"/failures/{query}")
    Delivery.objects.exclude(position=0).delete()
    make_more(3)
    assert cost_of(client, f"/failures/{query}") == few


def test_fragments_are_asked_for_alone_and_a_moved_item_is_shown_whole(desk, as_member):
    delivery = make_unclear(desk)
    client = as_member(desk.cast.lin)
    where = reverse("failure", args=[delivery.pk])

    def ask(target, **data):
        return client.get(where, data, HTTP_HX_REQUEST="true", HTTP_HX_TARGET=target)

    assert "<!doctype" not in ask("failure-doc").content.decode()
    assert "list-cursor" in ask("failure-queue").content.decode()
    same = ask("failure-told", seen=delivery.state_version)
    assert "HX-Retarget" not in same.headers
    assert "Ways out" not in same.content.decode()
    moved = ask("failure-told", seen=delivery.state_version - 1)
    assert moved.headers["HX-Retarget"] == "#failure-doc"
    assert "Ways out" in moved.content.decode()
