"""What a person may decide about a stopped post, and what X must say before it counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.ports import measures
from yanzhen.people.rights import NotAllowed
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.publishing.actions.looking import (
    NoAnswer,
    NotFound,
    TooSoon,
    confirm_published,
    confirm_resend,
    look_now,
)
from yanzhen.publishing.actions.resolving import (
    NeedsSecond,
    give_up,
    id_of,
    propose_resend,
    send_again,
    withdraw_resend,
)
from yanzhen.publishing.models import Delivery, LookUp, Resend
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.desk import POSTING
from yanzhen.review.tests.rounds import kinds_about


@pytest.fixture
def held(desk):
    """A post X never took and never answered about, given over to a person."""
    desk.sim.fault("reject_500", match=POSTING)
    delivery = desk.due("Held words")
    desk.settle()
    delivery = Delivery.objects.select_related("account", "post").get(pk=delivery.pk)
    assert delivery.state == S.HELD
    return delivery


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("https://x.com/Ferrow/status/123?s=20", "123"),
        ("https://x.com/Ferrow/status/123", "123"),
        (" 123 ", "123"),
        ("https://x.com/Ferrow", ""),
        ("123abc", ""),
    ],
)
def test_id_of_reads_addresses_and_numbers(link, found):
    assert id_of(link) == found


def test_time_to_settle_counts_from_the_stop_to_the_first_decision(desk, held):
    desk.wait(2 * 3600)
    give_up(held, by=desk.cast.lena, reason="Too late", now=desk.now)
    (measured,) = measures(["time_to_settle"])
    team = desk.cast.workspace.pk
    assert measured.count(team, [desk.cast.lena.pk], desk.now) == "2.0 h in the middle"
    assert measured.count(team, [desk.cast.lin.pk], desk.now) == ""
    assert measured.count(desk.cast.wu.workspace_id, [desk.cast.lena.pk], desk.now) == ""
    assert measured.count(team, [desk.cast.lena.pk], desk.now + timedelta(days=31)) == ""


def test_confirm_links_what_x_shows(desk, held):
    remote_id = desk.sim.publish("Ferrow", "Held words")
    link = f"{desk.url}/Ferrow/status/{remote_id}"
    confirm_published(held, link=link, by=desk.cast.lin, now=desk.now)
    assert (held.state, held.remote_id) == (S.PUBLISHED, remote_id)
    assert Post.objects.get(pk=held.post_id).state == PostState.PUBLISHED


@pytest.mark.parametrize(("who", "text"), [("Ferrow", "Other words"), ("FerrowDE", "Held words")])
def test_confirm_refuses_another_text_and_another_account(desk, held, who, text):
    remote_id = desk.sim.publish(who, text)
    with pytest.raises(NotFound):
        confirm_published(held, link=remote_id, by=desk.cast.lin, now=desk.now)
    with pytest.raises(NotFound):
        confirm_published(held, link="999", by=desk.cast.lin, now=desk.now)
    held.refresh_from_db()
    assert held.state == S.HELD


@pytest.fixture
def proposed(desk, held):
    """Lin proposes to send it again."""
    return propose_resend(held, reason="Not there", by=desk.cast.lin, now=desk.now)


def test_send_again_what_may_have_landed_needs_a_second_person(desk, held):
    with pytest.raises(NeedsSecond):
        send_again(held, reason="Not there", by=desk.cast.lena, now=desk.now)
    held.refresh_from_db()
    assert held.state == S.HELD


def test_confirm_resend_after_an_empty_look_sends_once(desk, held, proposed):
    confirm_resend(proposed, by=desk.cast.lena, now=desk.now)
    desk.turn()
    held.refresh_from_db()
    assert (held.state, len(desk.posts()), desk.creates()) == (S.PUBLISHED, 1, 2)
    assert (proposed.confirmed_by, proposed.closed_at is None) == (desk.cast.lena, False)
    assert kinds_about("planning.post", held.post_id)[-3:] == [
        "publishing.asked",
        "publishing.sent_again",
        "publishing.published",
    ]


def test_confirm_resend_links_what_is_there_after_all(desk, held, proposed):
    remote_id = desk.sim.publish("Ferrow", "Held words")
    confirm_resend(proposed, by=desk.cast.lena, now=desk.now)
    desk.turn()
    held.refresh_from_db()
    assert (held.state, held.remote_id, desk.creates()) == (S.PUBLISHED, remote_id, 1)
    assert LookUp.objects.filter(delivery=held).latest("pk").found == [remote_id]
    assert not Resend.objects.filter(closed_at=None).exists()


def test_confirm_resend_when_x_is_silent_changes_nothing(desk, held, proposed):
    desk.sim.fault("lookup_503", times=0)
    with pytest.raises(NoAnswer):
        confirm_resend(proposed, by=desk.cast.lena, now=desk.now)
    held.refresh_from_db()
    assert held.state == S.HELD
    assert Resend.objects.get().closed_at is None
    assert "503" in LookUp.objects.filter(delivery=held).latest("pk").trouble


def test_confirm_resend_inside_the_settle_window_is_too_soon(desk, held, proposed):
    first = held.attempts.get().intended_at
    with pytest.raises(TooSoon):
        confirm_resend(proposed, by=desk.cast.lena, now=first)


def test_confirm_resend_is_for_a_second_member_who_did_not_write_it(desk, held, proposed):
    with pytest.raises(NotAllowed) as own:
        confirm_resend(proposed, by=desk.cast.lin, now=desk.now)
    assert own.value.reason == "own_proposal"
    for member, reason in ((desk.cast.zhou, "no_right"), (desk.cast.wu, "elsewhere")):
        with pytest.raises(NotAllowed) as refused:
            confirm_resend(proposed, by=member, now=desk.now)
        assert refused.value.reason == reason
    held.post.writers.add(desk.cast.lena)
    with pytest.raises(NotAllowed) as wrote:
        confirm_resend(proposed, by=desk.cast.lena, now=desk.now)
    assert wrote.value.reason == "own_work"
    assert desk.creates() == 1


def test_propose_resend_twice_is_refused_and_withdrawn_it_may_come_again(desk, held, proposed):
    with pytest.raises(MoveRefused):
        propose_resend(held, reason="Me too", by=desk.cast.lena, now=desk.now)
    withdraw_resend(proposed, by=desk.cast.lena, now=desk.now)
    with pytest.raises(MoveRefused):
        withdraw_resend(proposed, by=desk.cast.lena, now=desk.now)
    with pytest.raises(MoveRefused):
        confirm_resend(proposed, by=desk.cast.lena, now=desk.now)
    propose_resend(held, reason="After all", by=desk.cast.lena, now=desk.now)
    assert desk.creates() == 1


def test_confirm_resend_twice_is_refused_the_second_time(desk, held, proposed):
    other = Resend.objects.select_related("delivery__account", "delivery__post").get()
    confirm_resend(proposed, by=desk.cast.lena, now=desk.now)
    with pytest.raises(MoveRefused):
        confirm_resend(other, by=desk.cast.lena, now=desk.now)
    desk.turn()
    assert desk.creates() == 2


def test_confirm_resend_of_what_was_dropped_meanwhile_is_refused(desk, held, proposed):
    give_up(Delivery.objects.get(pk=held.pk), reason="Old", by=desk.cast.lena, now=desk.now)
    with pytest.raises(MoveRefused):
        confirm_resend(proposed, by=desk.cast.lena, now=desk.now)
    assert Resend.objects.get().closed_at is not None


def test_duplicate_after_a_resend_finds_the_first(desk, held, proposed):
    confirm_resend(proposed, by=desk.cast.lena, now=desk.now)
    remote_id = desk.sim.publish("Ferrow", "Held words")
    desk.settle()
    held.refresh_from_db()
    assert (held.state, held.remote_id, len(desk.posts())) == (S.PUBLISHED, remote_id, 1)


def test_send_again_what_x_refused_takes_one_who_did_not_write_it(desk):
    desk.sim.fault("403_not_permitted", match=POSTING)
    delivery = desk.due("Refused words")
    desk.settle()
    failed = Delivery.objects.select_related("account", "post").get(pk=delivery.pk)
    assert failed.state == S.FAILED
    failed.post.writers.add(desk.cast.lin)
    for member in (desk.cast.zhou, desk.cast.lin, desk.cast.wu):
        with pytest.raises(NotAllowed):
            send_again(failed, reason="x", by=member, now=desk.now)
    failed.post.writers.remove(desk.cast.lin)  # who passed it: the engine counts that anew
    send_again(failed, reason="The app may write now", by=desk.cast.lena, now=desk.now)
    with pytest.raises(MoveRefused):
        send_again(failed, reason="x", by=desk.cast.lena, now=desk.now)
    desk.turn()
    failed.refresh_from_db()
    assert (failed.state, desk.creates()) == (S.PUBLISHED, 2)


def test_look_now_keeps_what_x_shows_and_links_only_the_same_words(desk, held):
    by_hand = desk.sim.publish("Ferrow", "Held words, typed by hand")
    kept = look_now(held, by=desk.cast.lin, now=desk.now)
    held.refresh_from_db()
    assert (held.state, kept.found, kept.proven) == (S.HELD, [], True)
    assert [one["id"] for one in kept.shown] == [by_hand]
    assert kept.by == desk.cast.lin
    remote_id = desk.sim.publish("Ferrow", "Held words")
    assert look_now(held, by=desk.cast.lin, now=desk.now).found == [remote_id]
    held.refresh_from_db()
    assert (held.state, held.remote_id) == (S.PUBLISHED, remote_id)
    with pytest.raises(TypeError):
        kept.save()


def test_look_ups_of_the_engine_are_kept(desk, held):
    looks = LookUp.objects.filter(delivery=held)
    assert looks.count() >= 3
    assert {(look.proven, tuple(look.found), look.by_id) for look in looks} == {(True, (), None)}


def test_give_up_drops_the_post(desk, held):
    give_up(held, reason="Old news", by=desk.cast.lin, now=desk.now)
    assert held.state == S.CANCELLED
    assert Post.objects.get(pk=held.post_id).state == PostState.DROPPED
