"""Where the flow asks for it, nothing goes out that who has the lead has not looked at."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from yanzhen.activity.feed import events as log
from yanzhen.notify.models import Notice
from yanzhen.people.actions.lead import move_lead
from yanzhen.people.models import Member, Workspace
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.timing import drop_post, time_post
from yanzhen.planning.models import Post
from yanzhen.publishing.actions.clearing import CannotClear, call_for_looks, clear, take_back
from yanzhen.publishing.actions.scheduling import publish_now
from yanzhen.publishing.engine import claim, intent
from yanzhen.publishing.engine.claim import accounts_due, claim_next
from yanzhen.publishing.engine.reaper import reap
from yanzhen.publishing.engine.watch import Why, late, stuck
from yanzhen.publishing.models import Clearance, Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.review.models import Flow


def again(member: Member) -> Member:
    """Give a member as a new request would see them."""
    return Member.objects.with_roles().get(pk=member.pk)


def let_lead(desk, member: Member) -> Member:
    """Give the member the lead."""
    workspace = Workspace.objects.get(pk=desk.cast.workspace.pk)
    move_lead(workspace, to=member, until=None, by=member.ref, now=NOW)
    return again(member)


@pytest.fixture
def lead(desk) -> Member:
    """Lin has the lead, and the flow asks for her last look two hours ahead."""
    Flow.objects.filter(workspace=desk.cast.workspace).update(look_minutes=120)
    return let_lead(desk, desk.cast.lin)


def look(desk, delivery, member):
    delivery.refresh_from_db()
    return clear(delivery, seen=delivery.digest, by=member, now=desk.now)


def why(doing) -> str:
    with pytest.raises(CannotClear) as refused:
        doing()
    return refused.value.why


def test_delivery_waits_for_the_look_and_goes_out_once_it_is_given(desk, lead):
    delivery = desk.due()
    desk.turn()
    delivery.refresh_from_db()
    assert (delivery.state, desk.creates(), accounts_due(desk.now)) == (S.SCHEDULED, 0, [])
    desk.wait(300)
    assert [one.why for one in late(now=desk.now)] == [Why.LOOK]
    assert stuck(now=desk.now) == []
    look(desk, delivery, lead)
    assert desk.send() == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.lead_id) == (S.PUBLISHED, lead.pk)
    event = log().objects.get(kind="publishing.cleared")
    assert (event.data["digest"], event.lead_name) == (delivery.digest, "Lin")
    assert len(desk.posts()) == 1


def test_look_past_the_grace_is_refused_and_the_post_has_missed_its_time(desk, lead):
    delivery = desk.due()
    desk.wait(16 * 60)
    assert why(lambda: look(desk, delivery, lead)) == "late"
    reap(desk.now)
    delivery.refresh_from_db()
    assert (delivery.state, desk.creates()) == (S.MISSED, 0)
    assert why(lambda: look(desk, delivery, lead)) == "not_waiting"


def test_nothing_overtakes_a_missing_look_but_other_posts_of_the_account_go_out(desk, lead):
    first, second = desk.due(), desk.due()
    look(desk, second, lead)
    desk.turn()
    assert [Delivery.objects.get(pk=d.pk).state for d in (first, second)] == [
        S.SCHEDULED,
        S.PUBLISHED,
    ]


def test_only_who_has_the_lead_and_did_not_write_it_looks(desk, lead):
    delivery = desk.due()
    assert why(lambda: look(desk, delivery, desk.cast.lena)) == "not_lead"
    zhou = let_lead(desk, desk.cast.zhou)
    assert why(lambda: look(desk, delivery, lead)) == "not_lead"
    assert why(lambda: look(desk, delivery, zhou)) == "own_work"
    Flow.objects.filter(workspace=desk.cast.workspace).update(look_own=True)
    look(desk, delivery, zhou)
    assert desk.send() == 1


def test_other_text_than_was_shown_is_refused(desk, lead):
    delivery = desk.due()
    assert why(lambda: clear(delivery, seen="0" * 64, by=lead, now=desk.now)) == "changed"


def test_look_opens_so_long_before_the_minute(desk, lead):
    delivery = Delivery.objects.get(post=desk.timed(desk.passed(), minutes=125))
    assert why(lambda: look(desk, delivery, lead)) == "early"
    desk.wait(6 * 60)
    look(desk, delivery, lead)


def test_time_moved_further_than_the_look_opens_ahead_asks_for_another(desk, lead):
    post = desk.timed(desk.passed(), minutes=30)
    delivery = Delivery.objects.get(post=post)
    look(desk, delivery, lead)
    desk.timed(post, minutes=60)
    desk.wait(61 * 60)
    assert desk.send() == 1
    other = desk.timed(desk.passed(), minutes=30)
    look(desk, Delivery.objects.get(post=other), lead)
    desk.timed(other, minutes=180)
    desk.wait(181 * 60)
    assert desk.send() == 0


def test_dropped_and_timed_again_needs_a_look_of_its_own(desk, lead):
    delivery = desk.due()
    look(desk, delivery, lead)
    post = Post.objects.get(pk=delivery.post_id)
    drop_post(post, by=desk.cast.lin, now=desk.now)
    assert desk.send() == 0
    assert Delivery.objects.get(pk=delivery.pk).state == S.CANCELLED


def test_look_at_a_thread_lets_all_of_it_out(desk, lead):
    delivery = desk.due("One goose.", "Two geese.", "Three geese.")
    look(desk, delivery, lead)
    assert Clearance.objects.count() == 3
    desk.turn()
    assert len(desk.posts()) == 3


def test_publish_now_by_the_lead_counts_as_the_look_and_by_others_waits(desk, lead):
    by_lead, by_other = desk.passed(), desk.passed()
    publish_now(by_lead, by=lead, now=desk.now)
    publish_now(by_other, by=desk.cast.lena, now=desk.now)
    desk.turn()
    states = [Delivery.objects.get(post=post).state for post in (by_lead, by_other)]
    assert states == [S.PUBLISHED, S.SCHEDULED]


def test_look_outlives_the_lead_of_who_gave_it(desk, lead):
    delivery = desk.due()
    look(desk, delivery, lead)
    lena = let_lead(desk, desk.cast.lena)
    assert desk.send() == 1
    delivery.refresh_from_db()
    assert delivery.lead_id == lena.pk
    assert Clearance.objects.get().by_id == lead.pk


def test_taken_back_before_the_claim_is_not_sent(desk, lead):
    delivery = desk.due()
    look(desk, delivery, lead)
    take_back(delivery, by=lead, now=desk.now)
    assert desk.send() == 0
    assert why(lambda: take_back(delivery, by=lead, now=desk.now)) == "not_waiting"
    look(desk, delivery, lead)
    assert desk.send() == 1


def test_taking_back_after_the_claim_is_told_that_it_is_too_late(desk, lead):
    delivery = desk.due()
    look(desk, delivery, lead)
    assert claim_next(delivery.account_id, owner="test", now=desk.now)
    assert why(lambda: take_back(delivery, by=lead, now=desk.now)) == "sending"
    assert why(lambda: look(desk, delivery, lead)) == "sending"


def test_claim_that_saw_a_look_taken_back_meanwhile_is_stopped_by_the_intent(
    desk, lead, monkeypatch
):
    """A claim may wait for the row's lock with an older picture of the clearances."""
    delivery = desk.due()
    monkeypatch.setattr(claim.gates, "sendable", claim.gates.passable)
    assert desk.send() == 1
    delivery.refresh_from_db()
    assert (delivery.state, desk.creates()) == (S.SCHEDULED, 0)
    monkeypatch.undo()
    assert intent.looks.lacking(Delivery.objects.filter(pk=delivery.pk)).exists()


def test_lead_is_called_a_quarter_before_and_at_the_minute_once_each(desk, lead):
    post = desk.timed(desk.passed(), minutes=30)
    assert call_for_looks(desk.now) == 0
    desk.wait(20 * 60)
    assert (call_for_looks(desk.now), call_for_looks(desk.now)) == (1, 0)
    desk.wait(11 * 60)
    assert (call_for_looks(desk.now), call_for_looks(desk.now)) == (1, 0)
    stages = log().objects.filter(kind="publishing.look_wanted").order_by("pk")
    assert [event.data["stage"] for event in stages] == ["soon", "due"]
    told = Notice.objects.filter(event__in=[event.pk for event in stages], member=lead)
    assert (told.count(), all(notice.urgent for notice in told)) == (2, True)
    look(desk, Delivery.objects.get(post=post), lead)
    assert call_for_looks(desk.now) == 0


def test_workspace_without_the_switch_goes_out_as_ever(desk):
    let_lead(desk, desk.cast.lin)
    desk.due()
    assert (desk.send(), call_for_looks(desk.now)) == (1, 0)


def test_moving_the_time_back_brings_no_look_that_was_given_for_another_text(desk, lead):
    delivery = desk.due()
    look(desk, delivery, lead)
    wall = (desk.now + timedelta(minutes=20)).astimezone(UTC).replace(tzinfo=None)
    time_post(delivery.post, by=desk.cast.lin, wall=wall, zone="UTC", now=desk.now)
    Clearance.objects.update(digest="0" * 64)
    desk.wait(21 * 60)
    assert desk.send() == 0
