import pytest
from django.db import connection

from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW, join, make_user
from yanzhen.planning.actions.writing import save_draft
from yanzhen.planning.models import Post
from yanzhen.planning.states import PostState
from yanzhen.review.actions.rounds import pass_step, return_step, submit_post
from yanzhen.review.models import RoundStep, Step
from yanzhen.review.states import RoundState, StepState
from yanzhen.review.tests.rounds import (
    all_ticked,
    kinds_about,
    make_post,
    pass_all,
    submitted,
    waiting_step,
)


def test_three_people_pass_a_post(cast, account):
    round_ = submitted(account, cast.zhou)

    post = pass_all(round_, cast.lin, cast.lena)

    round_.refresh_from_db()
    assert round_.state == RoundState.PASSED
    assert (post.state, post.levels_done) == (PostState.PASSED, 3)
    assert kinds_about("review.round", round_.pk) == [
        "review.round_opened",
        "review.step_passed",
        "review.step_passed",
        "review.round_passed",
    ]
    deciders = round_.verdicts.values_list("member_id", flat=True)
    assert sorted(deciders) == sorted([cast.zhou.pk, cast.lin.pk, cast.lena.pk])


def test_pass_refuses_a_role_that_is_not_the_steps(cast, account):
    step = waiting_step(submitted(account, cast.zhou))
    with pytest.raises(NotAllowed) as refused:
        pass_step(step, by=cast.lena, now=NOW)
    assert refused.value.reason == "other_role"
    assert refused.value.roles == ("Team lead",)


def test_pass_refuses_a_member_without_the_right(cast, account):
    step = waiting_step(submitted(account, cast.zhou))
    with pytest.raises(NotAllowed) as refused:
        pass_step(step, by=cast.maya, now=NOW)
    assert refused.value.reason == "no_right"


def test_pass_refuses_whoever_wrote_a_word_of_it(cast, account):
    post = make_post(account, cast.zhou, "first words")
    save_draft(post, by=cast.lin, texts=["first words, mended"], revision=1, now=NOW)
    round_ = submit_post(
        Post.objects.get(pk=post.pk), by=cast.zhou, ticks=all_ticked(post), now=NOW
    )
    with pytest.raises(NotAllowed) as refused:
        pass_step(waiting_step(round_), by=cast.lin, now=NOW)
    assert refused.value.reason == "own_work"


def test_pass_refuses_one_person_as_two_levels(cast, account):
    both = join(cast.workspace, make_user("Both"), "team_lead", "brand_manager")
    round_ = submitted(account, cast.zhou)
    pass_step(waiting_step(round_), by=both, now=NOW)
    with pytest.raises(NotAllowed) as refused:
        pass_step(waiting_step(round_), by=both, now=NOW)
    assert refused.value.reason == "already_decided"
    assert round_.verdicts.count() == 2


def test_pass_waits_for_the_quorum(cast, account):
    Step.objects.filter(slug="lead").update(quorum=2)
    second = join(cast.workspace, make_user("Second"), "team_lead")
    round_ = submitted(account, cast.zhou)
    step = waiting_step(round_)

    pass_step(step, by=cast.lin, now=NOW)
    assert waiting_step(round_).pk == step.pk
    pass_step(step, by=second, now=NOW)

    assert waiting_step(round_).position == 2


def test_pass_refuses_the_second_of_two_stale_copies(cast, account):
    round_ = submitted(account, cast.zhou)
    step = waiting_step(round_)
    other_lead = join(cast.workspace, make_user("Other"), "team_lead")
    pass_step(RoundStep.objects.get(pk=step.pk), by=cast.lin, now=NOW)
    with pytest.raises(MoveRefused):
        pass_step(step, by=other_lead, now=NOW)
    assert round_.verdicts.count() == 2


def test_pass_refuses_a_version_whose_text_was_tampered_with(cast, account):
    round_ = submitted(account, cast.zhou)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE planning_segment SET text = 'something else'")
    with pytest.raises(MoveRefused):
        pass_step(waiting_step(round_), by=cast.lin, now=NOW)


def test_one_step_flow_for_a_small_team_passes_with_one_decision(cast, account):
    Step.objects.exclude(slug="final").delete()
    round_ = submitted(account, cast.zhou)
    post = pass_all(round_, cast.lena)
    assert post.state == PostState.PASSED


def test_return_ends_the_round_with_reason_and_comment(cast, account):
    round_ = submitted(account, cast.zhou)
    step = waiting_step(round_)

    return_step(step, by=cast.lin, reason="tone", comment="Less thunder.", now=NOW)

    round_.refresh_from_db()
    post = Post.objects.get(pk=round_.post_id)
    assert round_.state == RoundState.RETURNED
    assert (post.state, post.levels_done) == (PostState.RETURNED, 0)
    states = round_.steps.order_by("position").values_list("state", flat=True)
    assert list(states) == [StepState.PASSED, StepState.RETURNED, StepState.OFF]
