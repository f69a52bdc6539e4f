"""Every way out of the failure inbox: ask, send again, reschedule, drop, one or many."""

from __future__ import annotations

import re
from datetime import UTC, timedelta

import pytest
from django.urls import reverse

from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.publishing.models import Delivery, LookUp, Resend
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import HoldReason
from yanzhen.publishing.tests.desk import POSTING
from yanzhen.publishing.tests.trouble import REFUSAL, make_failed, make_missed, make_unclear
from yanzhen.review.tests.rounds import kinds_about


def test_it_is_there_asks_x_through_the_worker(desk, as_member):
    delivery = make_unclear(desk)
    client = as_member(desk.cast.lena)
    where = reverse("failure-confirm", args=[delivery.pk])
    assert client.post(where, {"link": "nowhere"}).status_code == 422
    settled = client.settled(client.post(where, {"link": "12345"}))
    assert "X does not show this text there" in settled.content.decode()
    other = desk.sim.publish("Ferrow", "Held words, by hand")
    asked = client.settled(client.post(reverse("failure-ask", args=[delivery.pk])))
    body = asked.content.decode()
    assert "X does not show it. What it shows instead is listed below." in body
    assert other in body
    assert "Other words" in body
    remote_id = desk.sim.publish("Ferrow", "Held words")
    told = client.settled(client.post(where, {"link": remote_id})).content.decode()
    assert "X shows it. It is linked and published." in told
    delivery.refresh_from_db()
    assert (delivery.state, delivery.remote_id) == (S.PUBLISHED, remote_id)


def test_ask_links_what_x_shows_at_once(desk, as_member):
    delivery = make_unclear(desk)
    desk.sim.publish("Ferrow", "Held words")
    client = as_member(desk.cast.lena)
    told = client.settled(client.post(reverse("failure-ask", args=[delivery.pk])))
    assert "X shows it after all." in told.content.decode()
    delivery.refresh_from_db()
    assert delivery.state == S.PUBLISHED


def test_ask_when_x_is_silent_says_that_nothing_changed(desk, as_member):
    delivery = make_unclear(desk)
    desk.sim.fault("lookup_503", times=0)
    client = as_member(desk.cast.lena)
    told = client.settled(client.post(reverse("failure-ask", args=[delivery.pk])))
    assert "nothing was changed" in told.content.decode()
    assert LookUp.objects.filter(by=desk.cast.lena, proven=False).count() == 1


def test_send_again_where_it_may_have_landed_takes_two(desk, as_member):
    delivery = make_unclear(desk)
    again, propose, second, withdraw = (
        reverse(f"failure-{name}", args=[delivery.pk])
        for name in ("again", "propose", "second", "withdraw")
    )
    client = as_member(desk.cast.lin)
    assert client.post(again, {"reason": "Straight away"}).status_code == 422
    assert client.post(second).status_code == 409
    assert client.post(propose, {"reason": ""}).status_code == 422
    assert client.post(propose, {"reason": "Not on X"}).status_code == 302
    page = client.get(reverse("failure", args=[delivery.pk])).content.decode()
    assert "Lin proposes to send it again." in page
    assert "You proposed it, so somebody else must confirm it." in page
    assert client.post(second).status_code == 403
    client = as_member(desk.cast.lena)
    page = client.get(reverse("failure", args=[delivery.pk])).content.decode()
    assert "You are the second person." in page
    assert client.post(withdraw).status_code == 302
    assert Resend.objects.get().confirmed_by is None
    assert client.post(propose, {"reason": "After all"}).status_code == 302
    client = as_member(desk.cast.lin)
    told = client.settled(client.post(second)).content.decode()
    assert "It goes out now." in told
    desk.turn()
    delivery.refresh_from_db()
    assert (delivery.state, desk.creates()) == (S.PUBLISHED, 2)


def test_send_again_what_x_refused_takes_one_and_not_the_author(desk, as_member):
    delivery = make_failed(desk)[0]
    again = reverse("failure-again", args=[delivery.pk])
    delivery.post.writers.add(desk.cast.lin)
    client = as_member(desk.cast.lin)
    page = client.get("/failures/").content.decode()
    assert "You wrote it, so somebody else must send it again." in page
    assert client.post(again, {"reason": "Mine"}).status_code == 403
    delivery.post.writers.remove(desk.cast.lin)
    assert client.post(again, {"reason": "The app may write now"}).status_code == 302
    assert client.post(again, {"reason": "Twice"}).status_code == 409
    desk.turn()
    delivery.refresh_from_db()
    assert delivery.state == S.PUBLISHED


def test_send_again_one_segment_alone_leaves_the_rest_held(desk, as_member):
    desk.sim.fault(REFUSAL, match={**POSTING, "text": "two"})
    post = desk.due("one", "two", "three").post
    desk.settle()
    stopped = Delivery.objects.get(post=post, position=1)
    client = as_member(desk.cast.lena)
    again = reverse("failure-again", args=[stopped.pk])
    assert client.post(again, {"reason": "Try it", "alone": "on"}).status_code == 302
    desk.turn()
    assert [p["text"] for p in desk.posts()] == ["one", "two"]
    rest = Delivery.objects.get(post=post, position=2)
    assert (rest.state, rest.hold_reason) == (S.HELD, HoldReason.BEFORE)
    rows = client.get("/failures/").context["rows"]
    assert [row.delivery.pk for row in rows] == [rest.pk]
    again = reverse("failure-again", args=[rest.pk])
    assert client.post(again, {"reason": "And the rest"}).status_code == 302
    desk.turn()
    assert [p["text"] for p in desk.posts()] == ["one", "two", "three"]


def in_an_hour(desk, hours=1):
    at = (desk.now + timedelta(hours=hours)).astimezone(UTC)
    return {"date": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}", "zone": "UTC"}


def test_reschedule_moves_it_and_can_be_undone(desk, as_member):
    delivery = make_missed(desk)[0]
    client = as_member(desk.cast.lena)
    where = reverse("failure-time", args=[delivery.pk])
    past = {"date": "2026-01-02", "time": "10:00", "zone": "UTC"}
    assert "That time has passed." in client.post(where, past).content.decode()
    assert client.post(where, {"zone": "Nowhere"}).status_code == 422
    assert client.post(where, in_an_hour(desk)).status_code == 302
    delivery.refresh_from_db()
    assert delivery.state == S.SCHEDULED
    assert Post.objects.get(pk=delivery.post_id).due_at == delivery.due_at
    assert client.post(where, in_an_hour(desk)).status_code == 409
    back = reverse("failure-back", args=[delivery.pk])
    assert client.post(back).status_code == 302
    delivery.refresh_from_db()
    assert (delivery.state, delivery.hold_reason) == (S.HELD, HoldReason.BY_HAND)
    assert client.post(back).status_code == 409
    assert client.post(where, in_an_hour(desk)).status_code == 302
    desk.wait(3660)
    desk.turn()
    assert len(desk.posts()) == 1


def test_reschedule_the_rest_of_a_thread_keeps_the_time_of_what_is_out(desk, as_member):
    desk.sim.fault(REFUSAL, match={**POSTING, "text": "two"})
    post = desk.due("one", "two", "three").post
    desk.settle()
    stopped = Delivery.objects.get(post=post, position=1)
    where = reverse("failure-time", args=[stopped.pk])
    assert as_member(desk.cast.lena).post(where, in_an_hour(desk)).status_code == 302
    after = Post.objects.get(pk=post.pk)
    assert (after.due_at, after.state) == (post.due_at, PostState.SCHEDULED)
    assert kinds_about("planning.post", post.pk)[-1] == "publishing.rescheduled"
    assert desk.send() == 0
    desk.wait(3660)
    desk.turn()
    assert [p["text"] for p in desk.posts()] == ["one", "two", "three"]


def test_reschedule_what_may_be_on_x_is_refused(desk, as_member):
    delivery = make_unclear(desk)
    where = reverse("failure-time", args=[delivery.pk])
    client = as_member(desk.cast.lena)
    assert client.post(where, in_an_hour(desk)).status_code == 409
    page = client.get(reverse("failure", args=[delivery.pk])).content.decode()
    assert "settle that first" in page


def test_drop_needs_a_reason_and_is_final(desk, as_member):
    delivery = make_failed(desk)[0]
    client = as_member(desk.cast.lena)
    where = reverse("failure-drop", args=[delivery.pk])
    assert client.post(where, {"reason": ""}).status_code == 422
    assert client.post(where, {"reason": "Old news"}).status_code == 302
    assert client.post(where, {"reason": "Old news"}).status_code == 409
    assert Post.objects.get(pk=delivery.post_id).state == PostState.DROPPED


def test_missed_together_keep_their_distances(desk, as_member):
    found = make_missed(desk, 3, apart=10)
    client = as_member(desk.cast.lena)
    assert "3 posts of @Ferrow missed their time" in client.get("/failures/").content.decode()
    page = client.get(reverse("missed", args=[desk.account.pk])).content.decode()
    assert len(re.findall(r'name="post" value="\d+" checked', page)) == 3
    where = reverse("missed-time", args=[desk.account.pk])
    asked = in_an_hour(desk) | {"post": [found[0].pk, found[2].pk]}
    assert client.post(where, in_an_hour(desk)).status_code == 422
    summary = client.post(where, asked)
    assert summary.status_code == 200
    assert "Set 2 new times" in summary.content.decode()
    assert Delivery.objects.filter(state=S.MISSED).count() == 3
    assert client.post(where, asked | {"sure": "yes"}).status_code == 302
    first, second, third = Delivery.objects.order_by("pk")
    assert (first.state, second.state, third.state) == (S.SCHEDULED, S.MISSED, S.SCHEDULED)
    assert third.due_at - first.due_at == found[2].due_at - found[0].due_at
    assert client.post(where, asked | {"sure": "yes"}).status_code == 422


def test_missed_together_are_dropped_after_a_second_yes(desk, as_member):
    found = make_missed(desk, 3)
    client = as_member(desk.cast.lena)
    where = reverse("missed-drop", args=[desk.account.pk])
    asked = {"post": [d.pk for d in found], "reason": "The day is over"}
    assert client.post(where, {"post": asked["post"], "reason": ""}).status_code == 422
    assert "Drop 3 posts for good" in client.post(where, asked).content.decode()
    assert Delivery.objects.filter(state=S.MISSED).count() == 3
    assert client.post(where, asked | {"sure": "yes"}).status_code == 302
    assert Delivery.objects.filter(state=S.CANCELLED).count() == 3
    assert "missed" not in client.get("/failures/").context["rows"]
    empty = client.get(reverse("missed", args=[desk.account.pk])).content.decode()
    assert "All of it is decided." in empty


def test_missed_together_all_or_none(desk, as_member):
    found = make_missed(desk, 2, apart=90)
    client = as_member(desk.cast.lena)
    where = reverse("missed-time", args=[desk.account.pk])
    past = in_an_hour(desk, hours=-48) | {"post": [d.pk for d in found], "sure": "yes"}
    told = client.post(where, past)
    assert told.status_code == 422
    assert "That time has passed." in told.content.decode()
    assert Delivery.objects.filter(state=S.MISSED).count() == 2


WAYS = ["ask", "confirm", "again", "propose", "second", "withdraw", "time", "back", "drop"]


@pytest.mark.parametrize("name", WAYS)
def test_settle_foreign_or_missing_is_not_found(desk, as_member, name):
    make_failed(desk)
    client = as_member(desk.cast.wu)
    for pk in (Delivery.objects.get().pk, 99, 10**18):
        where = reverse(f"failure-{name}", args=[pk])
        assert client.post(where, {"reason": "x", "link": "1"}).status_code == 404
    assert client.get(reverse("missed", args=[desk.account.pk])).status_code == 404
