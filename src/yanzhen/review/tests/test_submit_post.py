import pytest

from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.writing import NothingToCut
from yanzhen.planning.models import Post, Version
from yanzhen.planning.states import PostState
from yanzhen.review.actions.rounds import NotFit, Unticked, submit_post
from yanzhen.review.models import Round
from yanzhen.review.states import StepState
from yanzhen.review.tests.rounds import all_ticked, kinds_about, make_post


def test_submit_signs_level_one_and_starts_the_clock_of_level_two(cast, account):
    post = make_post(account, cast.zhou)

    round_ = submit_post(post, by=cast.zhou, ticks=all_ticked(post), now=NOW)

    post.refresh_from_db()
    steps = list(round_.steps.order_by("position"))
    assert (post.state, post.levels_done) == (PostState.REVIEW, 1)
    assert [step.state for step in steps] == [StepState.PASSED, StepState.NOW, StepState.COMING]
    assert (steps[1].due_at - NOW).total_seconds() == 6 * 3600
    verdict = round_.verdicts.get()
    assert verdict.member_id == cast.zhou.pk
    assert len(verdict.checks) == 6
    assert verdict.digest == round_.version.digest
    assert kinds_about("review.round", round_.pk) == ["review.round_opened"]


def test_submit_refuses_an_open_point_and_writes_nothing(cast, account):
    post = make_post(account, cast.zhou)
    ticks = all_ticked(post)
    last = max(ticks)
    ticks[last] = False

    with pytest.raises(Unticked) as refused:
        submit_post(post, by=cast.zhou, ticks=ticks, now=NOW)

    assert refused.value.points == [last]
    assert not Round.objects.exists()
    assert not Version.objects.exists()


def test_submit_refuses_anyone_but_the_author(cast, account):
    post = make_post(account, cast.zhou)
    with pytest.raises(NotAllowed) as refused:
        submit_post(post, by=cast.maya, ticks=all_ticked(post), now=NOW)
    assert refused.value.reason == "not_author"


def test_submit_refuses_a_member_of_another_workspace(cast, account):
    post = make_post(account, cast.zhou)
    with pytest.raises(NotAllowed) as refused:
        submit_post(post, by=cast.wu, ticks=all_ticked(post), now=NOW)
    assert refused.value.reason == "elsewhere"


def test_submit_refuses_the_second_of_two_stale_copies(cast, account):
    post = make_post(account, cast.zhou)
    other = Post.objects.get(pk=post.pk)
    submit_post(post, by=cast.zhou, ticks=all_ticked(post), now=NOW)
    with pytest.raises(MoveRefused):
        submit_post(other, by=cast.zhou, ticks=all_ticked(post), now=NOW)
    assert Round.objects.count() == 1


def test_submit_refuses_a_segment_over_the_limit_and_names_it(cast, account):
    post = make_post(account, cast.zhou, "fits", "雁" * 141)
    with pytest.raises(NotFit) as refused:
        submit_post(post, by=cast.zhou, ticks=all_ticked(post), now=NOW)
    (fault,) = refused.value.faults
    assert fault.startswith("Post 2 is too long. 2 characters over.")
    assert not Version.objects.exists()


def test_submit_refuses_an_empty_post(cast, account):
    post = make_post(account, cast.zhou, "  \n ")
    with pytest.raises(NothingToCut):
        submit_post(post, by=cast.zhou, ticks=all_ticked(post), now=NOW)
