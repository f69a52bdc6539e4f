"""The fast lane: a run with its clock and outcome, its limit, and the rule of people."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from yanzhen.activity.feed import events
from yanzhen.kernel.clock import set_to
from yanzhen.kernel.machine import MoveRefused
from yanzhen.notify.models import Notice
from yanzhen.people.actions.workspaces import set_lead
from yanzhen.people.models import Role
from yanzhen.people.rights import Decision, NotAllowed
from yanzhen.people.tests.cast import NOW, join, make_user
from yanzhen.planning.models import Post, content_of
from yanzhen.planning.states import PostState
from yanzhen.publishing.engine.intent import approval_fault
from yanzhen.review.actions.fast_clock import RegretRefused, regret_run, unregret_run
from yanzhen.review.actions.fast_lane import BadLane, FastStepWish, LaneWish, change_lane
from yanzhen.review.actions.fast_runs import LaneShut, submit_fast
from yanzhen.review.actions.flows import StepWish, change_flow
from yanzhen.review.actions.rounds import pass_step, return_step, withdraw_round
from yanzhen.review.loops import ring_fast_runs
from yanzhen.review.models import FastLane, FastRun, Flow, Round, RoundStep
from yanzhen.review.states import FastOutcome, StepState
from yanzhen.review.tests.rounds import all_ticked, make_post, submitted


def at(minutes, seconds=0):
    return NOW + timedelta(minutes=minutes, seconds=seconds)


def lane_of(cast):
    return FastLane.objects.select_related("workspace").get(workspace=cast.workspace)


def send_fast(account, author, *, text="It happens now.", now=NOW, line="Everybody talks of it."):
    post = make_post(account, author, text)
    reason = FastLane.objects.get(workspace_id=author.workspace_id).reasons.all()[0]
    ticks = all_ticked(post)
    return submit_fast(post, by=author, ticks=ticks, reason_id=reason.pk, line=line, now=now)


def step_for(round_, member):
    steps = RoundStep.objects.for_member(member).select_related("round__post")
    return steps.get(round=round_)


def run_of(round_):
    return FastRun.objects.select_related("round__post").get(round=round_)


def told(member):
    rows = Notice.objects.visible_to(member).filter(kind__startswith="review.fast", urgent=True)
    return [kind.removeprefix("review.fast_") for kind in rows.values_list("kind", flat=True)]


def role(cast, slug):
    return Role.objects.get(workspace=cast.workspace, slug=slug).pk


def wish(cast, *steps, **other):
    lane = lane_of(cast)
    kept = {
        "active": True,
        "minutes": lane.minutes,
        "weekly_most": lane.weekly_most,
        "parallel": lane.parallel,
        "reasons": [(each.pk, each.shown_text) for each in lane.reasons.filter(active=True)],
    } | other
    rows = [FastStepWish("", "", role(cast, slug), quorum) for slug, quorum in steps]
    return LaneWish(steps=rows, **kept)


def change(cast, *steps, **other):
    seen = lane_of(cast).revision
    return change_lane(cast.lena, wish=wish(cast, *steps, **other), seen=seen, now=NOW)


def test_run_asks_both_levels_at_once_and_is_met_when_the_last_passes(cast, account):
    round_ = send_fast(account, cast.zhou)
    waiting = RoundStep.objects.waiting().filter(round=round_)
    assert [step.due_at for step in waiting] == [at(30), at(30)]

    pass_step(step_for(round_, cast.lena), by=cast.lena, now=at(5))
    post = Post.objects.get(pk=round_.post_id)
    assert (post.state, post.levels_done) == (PostState.REVIEW, 2)
    assert run_of(round_).state == FastOutcome.OPEN
    version = post.rounds.get().version
    asked = (version, content_of(version), version.digest)
    assert approval_fault(post, *asked) == "no passed round for this text"

    pass_step(step_for(round_, cast.lin), by=cast.lin, now=at(12))
    run, post = run_of(round_), Post.objects.get(pk=post.pk)
    assert (run.state, run.decided_at, run.next_at) == (FastOutcome.MET, at(12), None)
    assert post.state == PostState.PASSED
    assert approval_fault(post, *asked) == ""
    rows = events().objects.filter(kind__startswith="review.fast").order_by("pk")
    assert [row.kind for row in rows] == ["review.fast_started", "review.fast_met"]


def test_nobody_is_two_levels_of_a_fast_round_and_nobody_decides_their_own(cast, account):
    both = join(cast.workspace, make_user("Both"), "team_lead", "brand_manager")
    round_ = send_fast(account, cast.zhou)
    first, second = RoundStep.objects.waiting().filter(round=round_).order_by("position")
    pass_step(first, by=both, now=at(1))
    with pytest.raises(NotAllowed, match="already_decided"):
        pass_step(second, by=both, now=at(2))
    assert Post.objects.get(pk=round_.post_id).state == PostState.REVIEW

    own = send_fast(account, both, text="My own words.")
    for step in RoundStep.objects.waiting().filter(round=own):
        with pytest.raises(NotAllowed):
            pass_step(step, by=both, now=at(2))


def test_steps_one_after_the_other_share_one_clock(cast, account):
    change(cast, ("team_lead", 1), ("brand_manager", 1), parallel=False, minutes=20)
    round_ = send_fast(account, cast.zhou)
    assert not RoundStep.objects.for_member(cast.lena).exists()
    pass_step(step_for(round_, cast.lin), by=cast.lin, now=at(10))
    last = step_for(round_, cast.lena)
    assert (last.started_at, last.due_at) == (at(10), at(20))
    return_step(last, by=cast.lena, reason="tone", comment="Not so loud.", now=at(19))
    assert run_of(round_).state == FastOutcome.MET


def test_clock_tells_the_lead_then_the_deputies_then_the_breach_once_each(cast, account):
    set_lead(cast.workspace, member=cast.maya, until=None, by=cast.lena, seen=0, now=NOW)
    round_ = send_fast(account, cast.zhou)
    assert told(cast.lin) == told(cast.lena) == ["started"]
    heard = []
    for moment in (at(14, 59), at(15), at(16), at(24, 59), at(25), at(29), at(30, 1), at(90)):
        ring_fast_runs(moment)
        ring_fast_runs(moment)
        heard.append((len(told(cast.maya)), len(told(cast.lin)), len(told(cast.zhou))))
    # Maya has the lead; Lin holds what a deputy decides; Zhou wrote it.
    quiet, first, second, over = (0, 1, 0), (1, 1, 0), (1, 2, 0), (2, 2, 1)
    assert heard == [quiet, first, first, first, second, second, over, over]
    pass_step(step_for(round_, cast.lin), by=cast.lin, now=at(40))
    pass_step(step_for(round_, cast.lena), by=cast.lena, now=at(41))
    run = run_of(round_)
    assert (run.state, run.decided_at) == (FastOutcome.BREACHED, at(41))
    assert events().objects.filter(kind="review.fast_breached").count() == 1


def test_worker_that_slept_tells_each_once_in_order_and_a_stale_copy_tells_nothing(cast, account):
    round_ = send_fast(account, cast.zhou)
    for _turn in range(5):
        ring_fast_runs(at(60))
    rows = events().objects.filter(kind="review.fast_escalated").order_by("pk")
    levels = [row.data["level"] for row in rows]
    assert levels == [1, 2]
    assert run_of(round_).state == FastOutcome.BREACHED
    assert ring_fast_runs(at(90)) == 0


def test_limit_counts_for_each_account_and_week_and_undo_gives_one_back(cast, account):
    change(cast, ("team_lead", 1), ("brand_manager", 1), weekly_most=2)
    send_fast(account, cast.zhou)
    second = send_fast(account, cast.zhou, text="Again, and again.")
    with pytest.raises(LaneShut, match="used"):
        send_fast(account, cast.zhou, text="A third that is new.")
    withdraw_round(Round.objects.get(pk=second.pk), by=cast.zhou, now=at(1))
    assert run_of(second).state == FastOutcome.UNDONE
    third = send_fast(account, cast.zhou, text="A third that is new.")

    pass_step(step_for(third, cast.lin), by=cast.lin, now=at(2))
    withdraw_round(Round.objects.get(pk=third.pk), by=cast.zhou, now=at(3))
    assert run_of(third).state == FastOutcome.WITHDRAWN
    with pytest.raises(LaneShut, match="used"):
        send_fast(account, cast.zhou, text="Number four says else.")
    # NOW is a Monday; its week ends on Sunday at midnight in Berlin, an hour before UTC's.
    with pytest.raises(LaneShut):
        send_fast(account, cast.zhou, text="Sunday.", now=NOW + timedelta(days=6, hours=13))
    send_fast(account, cast.zhou, text="Next Monday.", now=NOW + timedelta(days=6, hours=14))


def test_fewer_people_than_the_flow_asks_are_refused(cast, account):
    with pytest.raises(BadLane, match="people") as refused:
        change(cast, ("team_lead", 1))
    assert refused.value.least == 2
    with pytest.raises(BadLane, match="quorum"):
        change(cast, ("team_lead", 2))
    # One person in both roles is one person.
    join(cast.workspace, make_user("Second"), "team_lead")
    change(cast, ("team_lead", 2))
    assert lane_of(cast).steps.get().quorum == 2
    with pytest.raises(BadLane, match="changed"):
        change_lane(cast.lena, wish=wish(cast, ("team_lead", 2)), seen=0, now=NOW)
    with pytest.raises(NotAllowed):
        change_lane(cast.zhou, wish=wish(cast, ("team_lead", 2)), seen=1, now=NOW)


def test_roles_of_one_and_the_same_person_are_not_two_people(cast):
    cast.lin.further_roles.add(role(cast, "crisis_coordinator"))
    with pytest.raises(BadLane, match="distinct"):
        change(cast, ("team_lead", 1), ("crisis_coordinator", 1))


def test_flow_that_asks_more_than_the_lane_shuts_the_lane(cast, account):
    join(cast.workspace, make_user("Second"), "team_lead")
    flow = Flow.objects.get(workspace=cast.workspace)
    steps = [
        StepWish("lead", "", role(cast, "team_lead"), 2, 6),
        StepWish("final", "", role(cast, "brand_manager"), 1, 6),
    ]
    change_flow(flow, by=cast.lena, steps=steps, points=[], now=NOW)
    with pytest.raises(LaneShut, match="people"):
        send_fast(account, cast.zhou)
    assert not FastRun.objects.exists()


def test_lane_asks_for_the_right_a_reason_and_a_line(cast, account):
    creator = Role.objects.get(workspace=cast.workspace, slug="creator")
    creator.granted.remove(Decision.POST_FAST.value)
    creator.save()
    zhou = type(cast.zhou).objects.with_roles().get(pk=cast.zhou.pk)
    with pytest.raises(NotAllowed):
        send_fast(account, zhou)
    with pytest.raises(LaneShut, match="line"):
        send_fast(account, cast.lin, line="  ")
    other = FastLane.objects.exclude(workspace=cast.workspace).get().reasons.first()
    post = make_post(account, cast.lin)
    ticks = all_ticked(post)
    with pytest.raises(LaneShut, match="reason"):
        submit_fast(post, by=cast.lin, ticks=ticks, reason_id=other.pk, line="Now.", now=NOW)


def test_regret_is_marked_with_a_reason_once_decided_and_taken_back(cast, account):
    round_ = send_fast(account, cast.zhou)
    with pytest.raises(RegretRefused, match="open"):
        regret_run(run_of(round_), by=cast.lin, reason="No hurry at all.", now=at(1))
    return_step(
        step_for(round_, cast.lin), by=cast.lin, reason="fact", comment="Not so.", now=at(2)
    )
    with pytest.raises(RegretRefused, match="reason"):
        regret_run(run_of(round_), by=cast.lin, reason=" ", now=at(3))
    with pytest.raises(NotAllowed):
        regret_run(run_of(round_), by=cast.zhou, reason="Mine.", now=at(3))
    regret_run(run_of(round_), by=cast.lin, reason="No hurry at all.", now=at(3))
    with pytest.raises(MoveRefused):
        regret_run(run_of(round_), by=cast.lena, reason="Me too.", now=at(4))
    assert run_of(round_).regretted_by == cast.lin
    unregret_run(run_of(round_), by=cast.lena, now=at(5))
    assert run_of(round_).regretted_at is None


def signed_in(member):
    client = Client()
    client.force_login(member.user)
    return client


def test_desk_puts_the_fast_lane_first_and_marks_it(cast, account):
    submitted(account, cast.zhou, "An ordinary text.")
    RoundStep.objects.filter(state=StepState.NOW).update(due_at=NOW - timedelta(hours=1))
    round_ = send_fast(account, cast.zhou)
    page = signed_in(cast.lin).get(reverse("review"))
    assert page.context["waiting"][0].round_id == round_.pk
    assert "Fast lane" in page.content.decode()
    assert "It also needs: Final review." in page.content.decode()


def test_page_sends_it_with_a_way_back_and_says_when_the_week_is_used_up(cast, account):
    change(cast, ("team_lead", 1), ("brand_manager", 1), weekly_most=1)
    post = make_post(account, cast.zhou, "It happens now.")
    client, url = signed_in(cast.zhou), reverse("review-submit", args=[post.pk])
    asked = {"point": list(all_ticked(post)), "lane": "fast", "fast_line": "Now or never."}
    refused = client.post(url, asked)
    assert refused.status_code == 422
    assert "Choose what it is for." in refused.content.decode()
    assert "Now or never." in refused.content.decode()
    asked["fast_reason"] = lane_of(cast).reasons.first().pk
    sent = client.post(url, asked, follow=True).content.decode()
    undo = reverse("review-withdraw", args=[post.pk])
    assert "The clock runs." in sent
    assert f'hx-post="{undo}"' in sent

    other = make_post(account, cast.zhou, "Something else, and new.")
    page = client.get(reverse("review-submit", args=[other.pk])).content.decode()
    assert "has used the fast lane 1 time this week" in page
    assert "Lena, Sam can raise it." in page

    back = client.post(undo, headers={"HX-Request": "true"})
    assert back.headers["HX-Redirect"] == reverse("post", args=[post.pk])
    assert FastRun.objects.get().state == FastOutcome.UNDONE


def test_settings_page_changes_the_lane_and_says_what_is_wrong(cast):
    client, url = signed_in(cast.lena), reverse("review-fast-settings")
    lane = lane_of(cast)
    reason = lane.reasons.first()
    sent = {
        "seen": 0,
        "active": "on",
        "minutes": 45,
        "weekly_most": 5,
        "s0-role": role(cast, "team_lead"),
        "s0-quorum": 1,
        "reason_pk": [reason.pk, ""],
        "reason_text": [reason.shown_text, "A strike"],
    }
    refused = client.post(url, sent)
    assert refused.status_code == 422
    assert "at least 2 besides the author" in refused.content.decode()
    sent |= {"s1-role": role(cast, "brand_manager"), "s1-quorum": 1}
    assert client.post(url, sent).status_code == 302
    lane.refresh_from_db()
    assert (lane.minutes, lane.weekly_most, lane.parallel) == (45, 5, False)
    kept = [each.shown_text for each in lane.reasons.filter(active=True).order_by("position")]
    assert kept == [reason.shown_text, "A strike"]
    assert client.post(url, sent).status_code == 409


def test_report_shows_use_and_misuse_with_the_numbers(cast, account):
    change(cast, ("team_lead", 1), ("brand_manager", 1), weekly_most=3)
    for number in range(3):
        round_ = send_fast(account, cast.zhou, text=f"Number {number} tells a new story.")
        pass_step(step_for(round_, cast.lin), by=cast.lin, now=at(5))
        pass_step(step_for(round_, cast.lena), by=cast.lena, now=at(20 + number))
    lane = lane_of(cast)
    lane.reasons.filter(pk=run_of(round_).reason_id).update(active=False)
    with set_to(at(60)):
        page = signed_in(cast.lin).get(reverse("review-fast"), {"weeks": "52"})
    report = page.context["report"]
    assert (report.total.runs, report.total.met, report.total.median) == (3, 3, 21)
    assert {(m.kind, m.count, m.of) for m in report.misuse} == {
        ("reason", 3, 3),
        ("account", 3, 3),
        ("people", 3, 3),
    }
    assert "Zhou + Lena + Lin" in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_report_costs_the_same_queries_however_often_it_was_used(
    cast, account, count, django_assert_num_queries
):
    for number in range(count):
        send_fast(account, cast.zhou, text=f"Number {number} tells a new story.")
    client = signed_in(cast.lin)
    client.get(reverse("review-fast"))
    with set_to(at(60)), django_assert_num_queries(REPORT_QUERIES):
        client.get(reverse("review-fast"), {"weeks": "52"})


REPORT_QUERIES = 18
