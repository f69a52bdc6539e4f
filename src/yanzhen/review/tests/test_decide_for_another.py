"""Reviewing by a right that was lent, or that holds for some accounts only."""

from datetime import timedelta

import pytest

from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel.clock import set_to
from yanzhen.notify.models import Notice
from yanzhen.people.actions.delegations import delegate
from yanzhen.people.actions.roles import RoleWish, make_role
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, NotAllowed
from yanzhen.people.tests.cast import NOW, join, make_user
from yanzhen.people.tests.told import last_sentence
from yanzhen.planning.actions.writing import create_post, save_draft
from yanzhen.planning.models import Post, content_of
from yanzhen.publishing.engine.intent import approval_fault
from yanzhen.review.actions.rounds import pass_step, submit_post
from yanzhen.review.loops import ring_fast_runs
from yanzhen.review.models import RoundStep, Verdict
from yanzhen.review.tests.rounds import all_ticked, make_post, submitted, waiting_step
from yanzhen.review.tests.test_fast_lane import send_fast

END = NOW + timedelta(hours=8)


@pytest.fixture(autouse=True)
def _at_now():
    with set_to(NOW):
        yield


def fresh(member):
    return Member.objects.with_roles().get(pk=member.pk)


def lend(giver, receiver):
    decisions = [Decision.REVIEW_DECIDE]
    delegate(giver, receiver=receiver, decisions=decisions, ends_at=END, by=giver, now=NOW)
    return fresh(receiver)


def refused(step, by):
    with pytest.raises(NotAllowed) as caught:
        pass_step(step, by=by, now=NOW)
    return caught.value.reason


def fault(post):
    return approval_fault(post, post.version, content_of(post.version), post.version.digest)


def test_delegate_decides_the_step_and_both_names_are_kept(cast, account):
    round_ = submitted(account, cast.zhou)
    maya = lend(cast.lin, cast.maya)
    step = waiting_step(round_)
    assert list(RoundStep.objects.for_member(maya)) == [step]
    pass_step(step, by=maya, now=NOW)
    verdict = Verdict.objects.get(step=step)
    assert (verdict.member_id, verdict.acting_for_id) == (cast.maya.pk, cast.lin.pk)
    assert last_sentence(cast.workspace).startswith("Maya for Lin ")
    pass_step(waiting_step(round_), by=cast.lena, now=NOW)
    assert fault(Post.objects.select_related("version").get(pk=round_.post_id)) == ""


def test_delegate_who_wrote_it_decides_nothing(cast, account):
    step = waiting_step(submitted(account, cast.zhou))
    zhou = lend(cast.lin, cast.zhou)
    assert refused(step, zhou) == "own_work"
    assert not RoundStep.objects.for_member(zhou).exists()


def test_delegate_of_a_writer_decides_nothing(cast, account):
    post = make_post(account, cast.zhou, "first words")
    save_draft(post, by=cast.lin, texts=["first words, mended"], revision=1, now=NOW)
    post = Post.objects.get(pk=post.pk)
    step = waiting_step(submit_post(post, by=cast.zhou, ticks=all_ticked(post), now=NOW))
    maya = lend(cast.lin, cast.maya)
    assert refused(step, maya) == "lent_own"
    assert not RoundStep.objects.for_member(maya).exists()


def test_one_right_is_used_once_in_a_round_whoever_uses_it(cast, account):
    both = join(cast.workspace, make_user("Both"), "team_lead", "brand_manager")
    round_ = submitted(account, cast.zhou)
    maya = lend(both, cast.maya)
    pass_step(waiting_step(round_), by=maya, now=NOW)
    final = waiting_step(round_)
    assert refused(final, fresh(both)) == "already_decided", "somebody decided for them"
    assert refused(final, maya) == "already_decided"
    assert not RoundStep.objects.for_member(fresh(both)).exists()

    second = submitted(account, cast.zhou, "Another one.")
    pass_step(waiting_step(second), by=fresh(both), now=NOW)
    assert refused(waiting_step(second), maya) == "already_decided"


def test_send_counts_the_lender_too(cast, account):
    """Should a row ever say that one right passed two levels, nothing goes out."""
    round_ = submitted(account, cast.zhou)
    pass_step(waiting_step(round_), by=lend(cast.lin, cast.maya), now=NOW)
    pass_step(waiting_step(round_), by=cast.lena, now=NOW)
    post = Post.objects.select_related("version").get(pk=round_.post_id)
    Verdict.objects.filter(member=cast.lena).update(acting_for=cast.zhou)
    assert fault(post) == "one member passed two levels"
    Verdict.objects.filter(member=cast.lena).update(acting_for=None)
    post.writers.add(cast.lin)
    assert fault(post) == "a level lacks its quorum of others than the authors"


def test_ended_delegation_decides_nothing(cast, account):
    step = waiting_step(submitted(account, cast.zhou))
    maya = lend(cast.lin, cast.maya)
    with set_to(END):
        assert refused(step, maya) == "no_right"
        assert not RoundStep.objects.for_member(fresh(maya)).exists()


def scoped(cast, account, decisions, counts_as=None):
    counted = cast.workspace.roles.get(slug=counts_as) if counts_as else None
    wish = RoleWish(
        title="For one account", decisions=decisions, accounts=[account.pk], counts_as=counted
    )
    return make_role(cast.workspace, wish=wish, by=cast.admin, now=NOW)


def test_scoped_lead_decides_for_that_account_and_no_other(cast, account):
    other = make_account(cast.workspace, handle="FerrowCare")
    role = scoped(cast, account, [Decision.REVIEW_DECIDE], counts_as="team_lead")
    kim = join(cast.workspace, make_user("Kim"), role.slug)
    here = waiting_step(submitted(account, cast.zhou))
    there = waiting_step(submitted(other, cast.zhou, "They rest on the water."))
    assert list(RoundStep.objects.for_member(kim)) == [here]
    assert refused(there, kim) == "other_account"
    pass_step(here, by=kim, now=NOW)


def test_role_that_does_not_decide_shows_no_step_and_another_one_decides_where_it_holds(
    cast, account
):
    other = make_account(cast.workspace, handle="FerrowCare")
    team_lead = cast.workspace.roles.get(slug="team_lead")
    wish = RoleWish(title="Reads along", decisions=[Decision.POST_HOLD], counts_as=team_lead)
    reads = make_role(cast.workspace, wish=wish, by=cast.admin, now=NOW)
    here = waiting_step(submitted(account, cast.zhou))
    there = waiting_step(submitted(other, cast.zhou, "They rest on the water."))
    kim = join(cast.workspace, make_user("Kim"), reads.slug)
    assert not RoundStep.objects.for_member(kim).exists()
    assert refused(here, kim) == "no_right"

    decides = scoped(cast, account, [Decision.REVIEW_DECIDE])
    both = join(cast.workspace, make_user("Both"), reads.slug, decides.slug)
    assert list(RoundStep.objects.for_member(both)) == [here]
    assert refused(there, both) == "other_account"
    maya = lend(both, cast.maya)
    assert list(RoundStep.objects.for_member(maya)) == [here]
    pass_step(here, by=maya, now=NOW)


def told_of(step):
    rows = Notice.objects.filter(url=f"/review/{step.pk}/")
    return set(rows.values_list("member__user__name", flat=True))


def test_who_may_decide_a_step_hears_that_it_begins_by_role_or_by_a_lent_right(cast, account):
    other = make_account(cast.workspace, handle="FerrowCare")
    role = scoped(cast, account, [Decision.REVIEW_DECIDE], counts_as="team_lead")
    join(cast.workspace, make_user("Kim"), role.slug)
    lend(cast.lin, cast.maya)
    round_ = submitted(account, cast.zhou)
    assert told_of(waiting_step(round_)) == {"Lin", "Maya", "Kim"}
    assert told_of(waiting_step(submitted(other, cast.zhou, "Rest."))) == {"Lin", "Maya"}

    lend(cast.lena, cast.maya)
    pass_step(waiting_step(round_), by=fresh(cast.maya), now=NOW)
    assert told_of(waiting_step(round_)) == {"Lena"}, "Maya has decided"


def test_deputy_for_one_account_hears_that_its_fast_lane_runs_late(cast, account):
    role = scoped(cast, account, [Decision.PUBLISH_RESOLVE])
    kim = join(cast.workspace, make_user("Kim"), role.slug)
    send_fast(account, cast.zhou)
    ring_fast_runs(NOW + timedelta(minutes=29))
    assert Notice.objects.filter(kind="review.fast_escalated", member=kim).exists()


def test_scoped_writer_writes_for_that_account_and_no_other(cast, account):
    other = make_account(cast.workspace, handle="FerrowCare")
    role = scoped(cast, account, [Decision.POST_WRITE, Decision.POST_SUBMIT])
    kim = join(cast.workspace, make_user("Kim"), role.slug)
    post = create_post(account=account, by=kim, texts=["Mine."], now=NOW)
    with pytest.raises(NotAllowed) as caught:
        create_post(account=other, by=kim, texts=["Not mine."], now=NOW)
    assert caught.value.reason == "other_account"
    save_draft(post, by=kim, texts=["Mine, again."], revision=1, now=NOW)
    theirs = make_post(other, cast.zhou)
    with pytest.raises(NotAllowed):
        save_draft(theirs, by=kim, texts=["Taken."], revision=1, now=NOW)
