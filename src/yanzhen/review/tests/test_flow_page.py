from django.test import Client
from django.urls import reverse

from yanzhen.activity.feed import events
from yanzhen.people.actions.lead import move_lead
from yanzhen.people.models import Role, Workspace
from yanzhen.people.tests.cast import NOW
from yanzhen.review.models import CheckPoint, Flow, Step
from yanzhen.review.states import StepKind


def signed_in(member):
    client = Client()
    client.force_login(member.user)
    return client


def rows(*steps):
    """Lay out steps (role id or "", quorum, hours) as the page's form sends them."""
    sent = {}
    for n, (role, quorum, hours) in enumerate(steps):
        sent |= {
            f"s{n}-slug": "",
            f"s{n}-title": f"Step {n + 1}",
            f"s{n}-role": role,
            f"s{n}-quorum": quorum,
            f"s{n}-hours": hours,
        }
    return sent


def role_of(cast, slug):
    return Role.objects.get(workspace=cast.workspace, slug=slug).pk


def test_flow_page_shows_the_three_levels(cast):
    page = signed_in(cast.lena).get(reverse("review-flow")).content.decode()
    assert page.count('name="s') >= 15
    assert "Every claim is true, and we can show it." in page


def test_change_flow_to_one_step_for_a_small_team(cast):
    sent = rows((role_of(cast, "team_lead"), 1, "2"))
    answer = signed_in(cast.lena).post(
        reverse("review-flow"), {**sent, "point_slug": [""], "point_text": ["Checked twice"]}
    )
    assert answer.status_code == 302
    step = Step.objects.get(flow__workspace=cast.workspace)
    assert (step.kind, step.role.slug, step.hours) == (StepKind.ROLE, "team_lead", 2)
    assert CheckPoint.objects.get(flow__workspace=cast.workspace).text == "Checked twice"
    assert events().objects.filter(kind="review.flow_changed").count() == 1


def test_seeded_points_left_alone_keep_following_the_language(cast):
    flow = Flow.objects.get(workspace=cast.workspace)
    point = flow.check_points.get(slug="voice")
    sent = rows(("", 1, "1"), (role_of(cast, "team_lead"), 1, "6"))
    sent |= {"point_slug": ["voice"], "point_text": [point.shown_text]}
    signed_in(cast.lena).post(reverse("review-flow"), sent)
    kept = CheckPoint.objects.get(flow=flow)
    assert (kept.slug, kept.text) == ("voice", "")


def test_change_flow_refuses_more_people_than_hold_the_role(cast):
    sent = rows((role_of(cast, "team_lead"), 2, "6"))
    answer = signed_in(cast.lena).post(reverse("review-flow"), sent)
    assert answer.status_code == 422
    assert "more people than hold its role" in answer.content.decode()
    assert Step.objects.filter(flow__workspace=cast.workspace).count() == 3


def test_change_flow_refuses_no_step_and_a_late_self_check(cast):
    client = signed_in(cast.lena)
    assert client.post(reverse("review-flow"), {}).status_code == 422
    late = rows((role_of(cast, "team_lead"), 1, "6"), ("", 1, "6"))
    answer = client.post(reverse("review-flow"), late)
    assert "Only the first step may be the author’s self-check." in answer.content.decode()


def test_flow_page_is_for_those_who_may_change_it(cast):
    assert signed_in(cast.zhou).get(reverse("review-flow")).status_code == 403


def test_a_role_of_another_workspace_is_no_choice(cast):
    foreign = Role.objects.get(workspace__slug="other", slug="team_lead").pk
    answer = signed_in(cast.lena).post(reverse("review-flow"), rows((foreign, 1, "6")))
    assert answer.status_code == 422


def test_last_look_is_asked_for_only_once_somebody_has_the_lead(cast):
    sent = rows((role_of(cast, "team_lead"), 1, "6"))
    sent |= {"look-on": "on", "look-hours": "2.5"}
    client = signed_in(cast.lena)
    refused = client.post(reverse("review-flow"), sent)
    assert refused.status_code == 422
    assert "Nobody has the lead" in refused.content.decode()
    workspace = Workspace.objects.get(pk=cast.workspace.pk)
    move_lead(workspace, to=cast.lin, until=None, by=cast.lin.ref, now=NOW)
    assert client.post(reverse("review-flow"), sent).status_code == 302
    flow = Flow.objects.get(workspace=cast.workspace)
    assert (flow.look_minutes, flow.look_own) == (150, False)
    event = events().objects.filter(kind="review.flow_changed").latest("pk")
    assert event.data["look_minutes"] == 150
    for odd in ("0.1", "25", "", "x", "NaN", "1e99"):
        answer = client.post(reverse("review-flow"), {**sent, "look-hours": odd})
        assert answer.status_code == 422, odd
    page = client.get(reverse("review-flow")).content.decode()
    assert 'value="2.5"' in page
