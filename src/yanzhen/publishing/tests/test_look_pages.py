"""The pages of the last look: who sees what, one press, and who had the lead on what is out."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yanzhen.publishing.actions.clearing import clear
from yanzhen.publishing.models import Clearance, Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.test_last_look import again, lead, let_lead, look
from yanzhen.review.models import Flow

__all__ = ["lead"]


def press(client, way, delivery, **sent):
    return client.post(reverse(f"look-{way}", args=[delivery.pk]), sent)


def test_lead_reads_the_whole_text_and_lets_it_go_with_one_press(desk, lead, as_member):
    delivery = desk.due("One goose leads.", "Two geese follow.")
    client = as_member(lead)
    page = client.get(reverse("last-look")).content.decode()
    assert "One goose leads." in page
    assert "Two geese follow." in page
    assert "Waiting for your last look" in client.get(reverse("today")).content.decode()
    assert press(client, "clear", delivery, seen=delivery.digest).status_code == 302
    assert Clearance.objects.standing().count() == 2
    again_page = client.get(reverse("look", args=[delivery.pk])).content.decode()
    assert "Lin looked at exactly this and let it go" in again_page
    assert "Waiting for your last look" not in client.get(reverse("today")).content.decode()
    assert press(client, "back", delivery).status_code == 302
    assert not Clearance.objects.standing().exists()


def test_others_see_for_whom_it_waits_and_are_refused(desk, lead, as_member):
    delivery = desk.due()
    client = as_member(desk.cast.lena)
    page = client.get(reverse("look", args=[delivery.pk])).content.decode()
    assert "It waits for Lin, who has the lead." in page
    assert reverse("look-clear", args=[delivery.pk]) not in page
    answer = press(client, "clear", delivery, seen=delivery.digest)
    assert answer.status_code == 403
    assert "Only who has the lead gives the last look" in answer.content.decode()
    assert "Waiting for your last look" not in client.get(reverse("today")).content.decode()
    foreign = as_member(desk.cast.wu)
    assert press(foreign, "clear", delivery, seen=delivery.digest).status_code == 404


def test_stale_page_and_own_work_are_told_why(desk, lead, as_member):
    delivery = desk.due()
    answer = press(as_member(lead), "clear", delivery, seen="old")
    assert (answer.status_code, Clearance.objects.count()) == (409, 0)
    assert "another text than the one you were shown" in answer.content.decode()
    zhou = let_lead(desk, desk.cast.zhou)
    client = as_member(zhou)
    page = client.get(reverse("look", args=[delivery.pk])).content.decode()
    assert "You wrote some of it" in page
    assert press(client, "clear", delivery, seen=delivery.digest).status_code == 409


def test_lead_holds_instead_with_a_reason(desk, lead, as_member):
    delivery = desk.due()
    client = as_member(lead)
    assert press(client, "hold", delivery).status_code == 422
    assert press(client, "hold", delivery, reason="Not in this hour.").status_code == 302
    delivery.refresh_from_db()
    assert (delivery.state, delivery.hold_note) == (S.HELD, "Not in this hour.")


def test_post_page_says_when_the_look_opens_that_it_waits_and_who_gave_it(desk, lead, as_member):
    delivery = Delivery.objects.get(post=desk.timed(desk.passed(), minutes=150))
    client = as_member(desk.cast.zhou)
    address = reverse("post-delivery", args=[delivery.post_id])
    assert "last look at it opens" in client.get(address).content.decode()
    desk.timed(delivery.post, minutes=30)
    assert "Waits for the lead’s last look" in client.get(address).content.decode()
    look(desk, delivery, lead)
    page = client.get(address).content.decode()
    assert "Lin had the lead and gave it the last look" in page
    assert "Lin gave “" in page


def test_archive_names_who_had_the_lead_and_is_narrowed_by_them(desk, lead, as_member):
    first = desk.due("Under Lin.")
    look(desk, first, lead)
    desk.turn()
    lena = let_lead(desk, desk.cast.lena)
    second = desk.due("Under Lena.")
    clear(second, seen=second.digest, by=lena, now=desk.now)
    desk.turn()
    client = as_member(desk.cast.zhou)
    answer = client.get("/archive/", {"lead": lena.pk})
    assert [line.delivery.text for line in answer.context["lines"]] == ["Under Lena."]
    assert client.get("/archive/", {"lead": "x"}).status_code == 200
    pane = client.get(reverse("post-delivery", args=[first.post_id])).content.decode()
    assert "Lin had the lead" in pane


def test_page_costs_the_same_for_three_as_for_one(desk, lead, as_member):
    client = as_member(lead)

    def cost(name):
        client.get(reverse(name))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(reverse(name)).status_code == 200
        return len(asked)

    desk.due()
    one = [cost(name) for name in ("last-look", "today", "archive")]
    desk.due()
    desk.due()
    assert [cost(name) for name in ("last-look", "today", "archive")] == one


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_page_without_the_switch_says_so(desk, as_member, language):
    page = as_member(desk.cast.lena, language).get(reverse("last-look"))
    assert page.status_code == 200
    assert reverse("review-flow") in page.content.decode()
    assert Flow.objects.get(workspace=desk.cast.workspace).look_minutes is None
    assert not again(desk.cast.lena).leads
