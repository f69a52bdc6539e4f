"""The pages: what they show, whom they let in, and how many queries they cost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.publishing.engine.counts import refresh
from yanzhen.publishing.models import Delivery, Reading
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.desk import POSTING


@pytest.fixture
def as_member(client):
    def sign_in(member, language="en"):
        member.user.language = language
        member.user.save()
        client.force_login(member.user)
        return client

    return sign_in


def make_held(desk, count):
    desk.sim.fault("403_not_permitted", match=POSTING, times=count)
    for _ in range(count):
        desk.due()
    for _ in range(count):
        desk.settle()
    assert Delivery.objects.filter(state=S.FAILED).count() == count


def test_failures_page_tells_what_happened_in_both_languages(desk, as_member):
    make_held(desk, 1)
    page = as_member(desk.cast.lin).get("/failures/").content.decode()
    for words in ("X refused it.", "X answered 403.", "Not on X", "Send it now", "Goose number 1"):
        assert words in page
    page = as_member(desk.cast.lin, "zh-hans").get("/failures/").content.decode()
    assert "Send it now" not in page


def test_failures_page_names_who_decides_to_those_who_may_not(desk, as_member):
    make_held(desk, 1)
    page = as_member(desk.cast.zhou).get("/failures/").content.decode()
    assert "These members decide:" in page
    assert "Lena" in page
    assert "Send it now" not in page


def make_more(count):
    """Put further copies of the one delivery beside it."""
    one = Delivery.objects.get()
    for _ in range(count):
        one.pk = None
        one._state.adding = True
        one.position += 1
        one.save()


def cost_of(client, path):
    with CaptureQueriesContext(connection) as seen:
        client.get(path)
    return len(seen.captured_queries)


def test_failures_page_costs_the_same_for_one_and_three(desk, as_member):
    make_held(desk, 1)
    client = as_member(desk.cast.lin)
    client.get("/failures/")
    one = cost_of(client, "/failures/")
    make_more(2)
    assert cost_of(client, "/failures/") == one


def test_settle_from_the_page_and_be_told_when_not(desk, as_member):
    make_held(desk, 1)
    delivery = Delivery.objects.get()
    client = as_member(desk.cast.lin)
    where = reverse("failure-confirm", args=[delivery.pk])
    assert client.post(where, {"link": "nowhere"}).status_code == 422
    assert client.post(where, {"link": "12345"}).status_code == 422
    again = reverse("failure-again", args=[delivery.pk])
    assert client.post(again, {"reason": ""}).status_code == 422
    assert client.post(again, {"reason": "Fixed at X"}).status_code == 302
    assert client.post(again, {"reason": "Twice"}).status_code == 409
    desk.turn()
    assert Delivery.objects.get().state == S.PUBLISHED


@pytest.mark.parametrize("name", ["failure-confirm", "failure-again", "failure-drop"])
def test_settle_foreign_or_missing_is_not_found(desk, as_member, name):
    make_held(desk, 1)
    client = as_member(desk.cast.wu)
    for pk in (Delivery.objects.get().pk, 99, 10**18):
        assert (
            client.post(reverse(name, args=[pk]), {"reason": "x", "link": "1"}).status_code == 404
        )


def test_archive_shows_links_and_counts_by_account(desk, as_member):
    for _ in range(2):
        desk.due()
    desk.due(account=desk.connect("FerrowDE"))
    desk.turn()
    assert refresh(desk.now) == 0
    desk.wait(301)
    assert refresh(desk.now) == 3
    assert Reading.objects.count() == 3
    client = as_member(desk.cast.zhou)
    page = client.get("/archive/").content.decode()
    assert page.count("/status/") == 3
    assert f"{desk.url}/FerrowDE/status/" in page
    one = client.get(f"/archive/?account={desk.account.pk}").content.decode()
    assert one.count("/status/") == 2
    for odd in ("x", "9" * 30, "-1", ""):
        assert client.get("/archive/", {"account": odd, "page": odd}).status_code == 200
    assert "/status/" not in as_member(desk.cast.wu).get("/archive/").content.decode()
