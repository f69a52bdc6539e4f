"""The last look beside what else may happen to a post: a freeze, the fast lane, other words."""

from __future__ import annotations

from datetime import timedelta

from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.timing import revise_post
from yanzhen.planning.actions.writing import save_draft
from yanzhen.planning.models import Draft, Post
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.states import HoldReason
from yanzhen.publishing.tests.simulation.team import approve
from yanzhen.publishing.tests.test_last_look import lead, look
from yanzhen.publishing.tests.test_thaw import asked, confirmed, frozen, state_of
from yanzhen.review.actions.rounds import pass_step
from yanzhen.review.tests.test_fast_lane import send_fast, step_for

__all__ = ["lead"]


def test_freeze_is_stronger_than_a_look_and_its_end_gives_none(desk, lead):
    cleared, unseen = desk.due(), desk.due()
    look(desk, cleared, lead)
    gate = frozen(desk)
    desk.turn()
    cleared.refresh_from_db()
    assert (cleared.state, cleared.hold_reason, desk.creates()) == (S.HELD, HoldReason.FROZEN, 0)
    later = (desk.now + timedelta(minutes=5)).isoformat()
    confirmed(desk, asked(desk, gate, {cleared: later, unseen: later}))
    desk.wait(6 * 60)
    desk.turn()
    assert [state_of(cleared), state_of(unseen)] == [S.PUBLISHED, S.SCHEDULED]


def test_fast_lane_shortens_review_and_not_the_look(desk, lead):
    round_ = send_fast(desk.account, desk.cast.zhou)
    for member in (desk.cast.lin, desk.cast.lena):
        pass_step(step_for(round_, member), by=member, now=NOW)
    post = desk.timed(Post.objects.get(pk=round_.post_id))
    assert desk.send() == 0
    look(desk, Delivery.objects.get(post=post), lead)
    assert desk.send() == 1


def test_other_words_after_the_look_need_one_of_their_own(desk, lead):
    delivery = desk.due("The old words.")
    look(desk, delivery, lead)
    post = revise_post(Post.objects.get(pk=delivery.post_id), by=desk.cast.zhou, now=desk.now)
    revision = Draft.objects.get(post=post).revision
    texts = ["The new words."]
    save_draft(post, by=desk.cast.zhou, texts=texts, revision=revision, now=desk.now)
    approve(Post.objects.get(pk=post.pk), desk.cast, now=desk.now)
    post = desk.timed(Post.objects.get(pk=post.pk))
    assert desk.send() == 0
    look(desk, Delivery.objects.live().get(post=post), lead)
    assert desk.send() == 1
    assert [each["text"] for each in desk.posts()] == ["The new words."]
