"""What a person may decide about a stopped post, and what X must say before it counts."""

from __future__ import annotations

import pytest

from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.rights import NotAllowed
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.publishing.actions.looking import (
    NoAnswer,
    NotFound,
    TooSoon,
    confirm_published,
    send_again,
)
from yanzhen.publishing.actions.resolving import give_up, id_of
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.desk import POSTING


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


def test_send_again_after_an_empty_look_sends_once(desk, held):
    send_again(held, reason="Not there", by=desk.cast.lena, now=desk.now)
    desk.turn()
    held.refresh_from_db()
    assert (held.state, len(desk.posts()), desk.creates()) == (S.PUBLISHED, 1, 2)


def test_send_again_links_what_is_there_after_all(desk, held):
    remote_id = desk.sim.publish("Ferrow", "Held words")
    send_again(held, reason="Looks lost", by=desk.cast.lena, now=desk.now)
    desk.turn()
    assert (held.state, held.remote_id, desk.creates()) == (S.PUBLISHED, remote_id, 1)


def test_send_again_when_x_is_silent_changes_nothing(desk, held):
    desk.sim.fault("lookup_503", times=0)
    with pytest.raises(NoAnswer):
        send_again(held, reason="x", by=desk.cast.lena, now=desk.now)
    held.refresh_from_db()
    assert held.state == S.HELD


def test_send_again_inside_the_settle_window_is_too_soon(desk, held):
    first = held.attempts.get().intended_at
    with pytest.raises(TooSoon):
        send_again(held, reason="x", by=desk.cast.lena, now=first)


def test_send_again_is_not_for_the_author_nor_without_the_right(desk, held):
    for member in (desk.cast.zhou, desk.cast.wu):
        with pytest.raises(NotAllowed):
            send_again(held, reason="x", by=member, now=desk.now)
    held.post.writers.add(desk.cast.lin)
    with pytest.raises(NotAllowed) as own:
        send_again(held, reason="x", by=desk.cast.lin, now=desk.now)
    assert own.value.reason == "own_work"


def test_send_again_twice_is_refused_the_second_time(desk, held):
    other = Delivery.objects.select_related("account", "post").get(pk=held.pk)
    send_again(held, reason="x", by=desk.cast.lena, now=desk.now)
    with pytest.raises(MoveRefused):
        send_again(other, reason="x", by=desk.cast.lin, now=desk.now)


def test_duplicate_after_a_resend_finds_the_first(desk, held):
    send_again(held, reason="x", by=desk.cast.lena, now=desk.now)
    remote_id = desk.sim.publish("Ferrow", "Held words")
    desk.settle()
    held.refresh_from_db()
    assert (held.state, held.remote_id, len(desk.posts())) == (S.PUBLISHED, remote_id, 1)


def test_give_up_drops_the_post(desk, held):
    give_up(held, reason="Old news", by=desk.cast.lin, now=desk.now)
    assert held.state == S.CANCELLED
    assert Post.objects.get(pk=held.post_id).state == PostState.DROPPED
