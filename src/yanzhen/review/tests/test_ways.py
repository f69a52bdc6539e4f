from datetime import timedelta

import pytest
from django.urls import reverse

from yanzhen.channels.tests.accounts import make_account
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.actions.roles import RoleInUse, RoleWish, make_role, retire_role
from yanzhen.people.models import Member
from yanzhen.people.ports import measures
from yanzhen.people.rights import Decision, NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.people.tests.told import kinds
from yanzhen.planning.models import Campaign, Post
from yanzhen.planning.states import PostState
from yanzhen.review.actions.flows import BadFlow
from yanzhen.review.actions.ways import choose_way
from yanzhen.review.models import CheckPoint, FastLane, Step
from yanzhen.review.tests.rounds import make_post, submitted, waiting_step
from yanzhen.review.ways import BY_SLUG, growths, way_of


def team(cast):
    return list(Member.objects.filter(workspace=cast.workspace).active().with_roles())


def choose(cast, slug, **more):
    return choose_way(cast.workspace, BY_SLUG[slug], by=more.pop("by", cast.lena), now=NOW, **more)


def test_new_team_works_with_full_review(cast):
    assert way_of(cast.workspace.pk) == BY_SLUG["full"]
    assert growths(cast.workspace.pk, team(cast), now=NOW) == []


def test_small_team_needs_one_other_person_and_keeps_its_self_check(cast, account):
    points = CheckPoint.objects.filter(flow__workspace=cast.workspace).count()
    choose(cast, "small")
    assert way_of(cast.workspace.pk) == BY_SLUG["small"]
    assert not FastLane.objects.get(workspace=cast.workspace).active
    assert CheckPoint.objects.filter(flow__workspace=cast.workspace).count() == points
    round_ = submitted(account, cast.zhou)
    assert waiting_step(round_).role.slug == "team_lead"
    assert round_.steps.count() == 2
    assert kinds(cast.workspace).count("review.way_chosen") == 1


def test_four_eyes_are_relaxed_only_with_a_reason(cast, account):
    with pytest.raises(BadFlow) as refused:
        choose(cast, "alone")
    assert refused.value.why == "alone"
    assert way_of(cast.workspace.pk) == BY_SLUG["full"]
    choose(cast, "alone", reason="I am the whole team.")
    round_ = submitted(account, cast.zhou)
    assert Post.objects.get(pk=round_.post_id).state == PostState.PASSED


def test_way_is_chosen_by_who_may_change_the_flow(cast):
    with pytest.raises(NotAllowed):
        choose(cast, "small", by=cast.lin)


def test_way_gives_a_hat_and_refuses_a_step_nobody_can_pass(cast):
    deactivate_member(cast.lin, seen=0, by=cast.admin, now=NOW)
    with pytest.raises(BadFlow) as refused:
        choose(cast, "small")
    assert refused.value.why == "quorum"
    lead = cast.workspace.roles.get(slug="team_lead")
    zhou = Member.objects.with_roles().get(pk=cast.zhou.pk)
    choose(cast, "small", hats=[(zhou, lead)], by=cast.admin)
    assert [r.slug for r in Member.objects.get(pk=zhou.pk).roles] == ["creator", "team_lead"]


def test_role_that_a_step_asks_for_is_not_put_away(cast):
    wish = RoleWish(title="Legal", decisions=[Decision.REVIEW_DECIDE])
    legal = make_role(cast.workspace, wish=wish, by=cast.admin, now=NOW)
    Step.objects.filter(flow__workspace=cast.workspace, slug="final").update(role=legal)
    with pytest.raises(RoleInUse) as refused:
        retire_role(legal, seen=0, by=cast.admin, now=NOW)
    assert refused.value.uses == ["the step “Final review” of review"]
    submitted(make_account(cast.workspace), cast.zhou)
    final = Step.objects.get(flow__workspace=cast.workspace, slug="final")
    final.role = cast.workspace.roles.get(slug="brand_manager")
    final.save(update_fields=["role"])
    with pytest.raises(RoleInUse) as refused:
        retire_role(legal, seen=0, by=cast.admin, now=NOW)
    assert refused.value.uses == ["1 post in review"], "it would wait there for ever"


def test_posts_in_a_campaign_are_those_that_went_out(cast):
    account, hour = make_account(cast.workspace), timedelta(hours=1)
    campaign = Campaign.objects.create(workspace=cast.workspace, name="Spring", code="spring")
    states = [("published", campaign), ("published", None), ("dropped", None), ("draft", campaign)]
    for state, of in states:
        post = make_post(account, cast.zhou)
        due = {"due_at": NOW - hour, "due_wall": "2026-03-02T08:00", "due_zone": "UTC"}
        Post.objects.filter(pk=post.pk).update(state=state, campaign=of, **due)
    (share,) = measures(["in_campaigns"])
    assert share.count(cast.workspace.pk, [cast.maya.pk], NOW) == "50% of 2"


def test_growth_is_offered_with_its_reason_and_takes_one_press(cast, client):
    choose(cast, "alone", reason="Only me.")
    [step] = growths(cast.workspace.pk, team(cast), now=NOW)
    assert (step.way.slug, "5 people" in step.reason) == ("small", True)
    client.force_login(cast.lena.user)
    page = client.get(reverse("review-way"))
    assert "Grow: Small team" in page.text
    assert client.post(reverse("review-way"), {"way": "small"}).status_code == 302
    [step] = growths(cast.workspace.pk, team(cast), now=NOW)
    assert step.way.slug == "full"
    assert growths(cast.workspace.pk, team(cast)[:2], now=NOW) == []


def test_way_page_asks_for_the_reason(cast, client):
    make_account(cast.workspace)
    client.force_login(cast.lena.user)
    answer = client.post(reverse("review-way"), {"way": "alone"})
    assert answer.status_code == 422
    assert "Say why nobody else looks" in answer.text
    assert client.post(reverse("review-way"), {"way": "moon"}).status_code == 422


def test_flow_page_asks_for_the_reason_too(cast, client):
    client.force_login(cast.lena.user)
    alone = {"s0-role": "", "s0-quorum": 1, "s0-hours": 1, "s0-title": "", "s0-slug": "self"}
    answer = client.post(reverse("review-flow"), alone)
    assert answer.status_code == 422
    assert "Say why nobody else looks" in answer.text
    again = client.post(reverse("review-flow"), {**alone, "reason": "A team of one."})
    assert again.status_code == 302
