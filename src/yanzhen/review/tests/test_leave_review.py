import pytest

from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.timing import drop_post, revise_post
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.review.actions.rounds import (
    ReasonMissing,
    pass_step,
    return_step,
    submit_post,
    withdraw_round,
)
from yanzhen.review.models import Round
from yanzhen.review.states import RoundState
from yanzhen.review.tests.rounds import all_ticked, pass_all, submitted, waiting_step


def test_withdraw_brings_the_post_back_to_its_author(cast, account):
    round_ = submitted(account, cast.zhou)
    withdraw_round(round_, by=cast.zhou, now=NOW)
    assert Post.objects.get(pk=round_.post_id).state == PostState.DRAFT
    assert round_.state == RoundState.WITHDRAWN


def test_withdraw_is_the_authors_alone(cast, account):
    round_ = submitted(account, cast.zhou)
    with pytest.raises(NotAllowed):
        withdraw_round(round_, by=cast.maya, now=NOW)


def test_return_needs_reason_and_comment(cast, account):
    step = waiting_step(submitted(account, cast.zhou))
    for reason, comment in (("", "why"), ("tone", "  ")):
        with pytest.raises(ReasonMissing):
            return_step(step, by=cast.lin, reason=reason, comment=comment, now=NOW)


def test_revising_in_review_closes_the_round_and_a_new_one_starts_over(cast, account):
    round_ = submitted(account, cast.zhou)
    pass_step(waiting_step(round_), by=cast.lin, now=NOW)
    post = Post.objects.get(pk=round_.post_id)

    revise_post(post, by=cast.zhou, now=NOW)
    again = submit_post(Post.objects.get(pk=post.pk), by=cast.zhou, ticks=all_ticked(post), now=NOW)

    round_.refresh_from_db()
    assert round_.state == RoundState.WITHDRAWN
    assert again.number == 2
    assert again.verdicts.count() == 1
    with pytest.raises(MoveRefused):
        pass_step(round_.steps.get(position=2), by=cast.lena, now=NOW)


def test_revising_a_passed_post_takes_its_approval_away(cast, account):
    post = pass_all(submitted(account, cast.zhou), cast.lin, cast.lena)
    revise_post(post, by=cast.zhou, now=NOW)
    assert (post.state, post.levels_done) == (PostState.DRAFT, 0)


def test_a_post_in_review_cannot_be_dropped_from_under_its_reviewers(cast, account):
    round_ = submitted(account, cast.zhou)
    with pytest.raises(MoveRefused):
        drop_post(Post.objects.get(pk=round_.post_id), by=cast.lin, now=NOW)
    assert Round.objects.open().count() == 1
