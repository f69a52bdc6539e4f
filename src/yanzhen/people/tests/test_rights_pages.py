"""The pages about roles, the table of decisions, and delegations."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yanzhen.channels.tests.accounts import make_account
from yanzhen.duty.models import Leave
from yanzhen.kernel.clock import set_to
from yanzhen.people.actions.delegations import delegate
from yanzhen.people.actions.members import change_roles
from yanzhen.people.actions.roles import RoleInUse, RoleWish, make_role, retire_role
from yanzhen.people.models import Delegation, Member, Role
from yanzhen.people.rights import Decision
from yanzhen.people.tests.cast import NOW, join, make_user


@pytest.fixture(autouse=True)
def _at_now():
    with set_to(NOW):
        yield


@pytest.fixture
def enter(client):
    """Sign one member in after another."""

    def sit(member):
        client.force_login(member.user)
        return client

    return sit


def role(cast, slug):
    return cast.workspace.roles.get(slug=slug)


def custom(cast, **wish):
    wish = {"title": "Desk", "decisions": [Decision.LIBRARY_EDIT]} | wish
    return make_role(cast.workspace, wish=RoleWish(**wish), by=cast.admin, now=NOW)


def test_new_role_page_makes_a_copy_for_one_account(cast, enter):
    account = make_account(cast.workspace)
    client = enter(cast.admin)
    lead = role(cast, "team_lead")
    page = client.get(f"/team/roles/new/?copy={lead.pk}").text
    assert "Copy of Team lead" in page
    sent = {
        "title": "Care lead",
        "title_zh": "客服负责人",
        "decisions": ["review.decide", "post.write"],
        "voice_plan_theme": "C",
        "where": "some",
        "accounts": [account.pk],
        "counts_as": lead.pk,
    }
    assert client.post(f"/team/roles/new/?copy={lead.pk}", sent).status_code == 302
    made = Role.objects.get(title="Care lead")
    assert (made.accounts, made.counts_as_id) == ([account.pk], lead.pk)
    assert made.shown_voices == {"plan.theme": "C"}
    text = client.get("/team/roles/").text
    assert f"@{account.handle}" in text
    assert "Counts in review as Team lead." in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Give the role a title"),
        ({"where": "some"}, "Choose at least one account"),
        ({"where": "some", "accounts": ["999"]}, "999"),
        (
            {"where": "some", "accounts": "mine", "decisions": ["plan.theme"]},
            "Set the monthly theme",
        ),
    ],
)
def test_new_role_page_says_what_is_missing(cast, enter, changes, words):
    account = make_account(cast.workspace)
    sent = {"title": "Desk", "where": "all", "decisions": ["post.write"]} | changes
    if sent.get("accounts") == "mine":
        sent["accounts"] = [account.pk]
    answer = enter(cast.admin).post("/team/roles/new/", sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert cast.workspace.roles.count() == 8


def test_role_follows_the_language_of_the_reader(cast, enter):
    custom(cast, title="Desk", title_zh="图片编辑")
    assert "Desk" in enter(cast.zhou).get("/team/roles/").text
    cast.zhou.user.language = "zh-hans"
    cast.zhou.user.save()
    text = enter(cast.zhou).get("/team/roles/").text
    assert "图片编辑" in text
    assert "Desk" not in text


def test_retire_role_waits_until_nobody_has_it_and_can_be_undone(cast, enter):
    made = custom(cast)
    kim = join(cast.workspace, make_user("Kim"), "creator", made.slug)
    with pytest.raises(RoleInUse):
        retire_role(made, seen=0, by=cast.admin, now=NOW)
    client = enter(cast.admin)
    answer = client.post(f"/team/roles/{made.pk}/retire/", {"seen": 0})
    assert answer.status_code == 409
    assert "still in use: Kim" in answer.text
    kim.further_roles.clear()
    assert client.post(f"/team/roles/{made.pk}/retire/", {"seen": 0}).status_code == 302
    assert made not in cast.workspace.roles.in_order()
    assert client.post(f"/team/roles/{made.pk}/return/?seen=1").status_code == 302
    assert made in cast.workspace.roles.in_order()
    standard = role(cast, "creator")
    assert client.post(f"/team/roles/{standard.pk}/retire/", {"seen": 0}).status_code == 409


def test_role_put_away_grants_nothing_to_whoever_comes_back_with_it(cast):
    made = custom(cast, decisions=[Decision.AUDIT_READ])
    kim = join(cast.workspace, make_user("Kim"), made.slug)
    Member.objects.filter(pk=kim.pk).update(active=False, left_at=NOW)
    retire_role(made, seen=0, by=cast.admin, now=NOW)
    Member.objects.filter(pk=kim.pk).update(active=True, left_at=None)
    assert Member.objects.with_roles().get(pk=kim.pk).decisions() == frozenset()


def test_decisions_page_finds_a_gap_and_one_press_closes_it(cast, enter):
    for each in cast.workspace.roles.all():
        each.granted = [slug for slug in each.granted if slug != "plan.theme"]
        each.save()
    client = enter(cast.admin)
    assert "Nobody in the team can decide this." in client.get("/team/decisions/").text
    lead = role(cast, "team_lead")
    page = client.get(f"/team/decisions/plan-theme/?role={lead.pk}")
    assert "Let Team lead decide" in page.text
    seen = page.context["form"]["seen"].value()
    answer = client.post("/team/decisions/plan-theme/", {"role": lead.pk, "seen": seen})
    assert answer.status_code == 302
    assert "plan.theme" in role(cast, "team_lead").granted
    again = client.post("/team/decisions/plan-theme/", {"role": lead.pk, "seen": "x"})
    assert again.status_code == 422


def test_overlap_is_left_to_one_and_the_others_propose(cast, enter):
    client = enter(cast.admin)
    keeper = role(cast, "strategist")
    page = client.get(f"/team/decisions/plan-theme/?role={keeper.pk}")
    before = [(str(r), now_, then) for r, now_, then in page.context["changes"]]
    assert before == [
        ("Team lead", "decides", "proposes"),
        ("Brand manager", "decides", "proposes"),
    ]
    sent = {"role": keeper.pk, "seen": page.context["form"]["seen"].value(), "alone": "on"}
    assert client.post("/team/decisions/plan-theme/", sent).status_code == 302
    lead = role(cast, "team_lead")
    assert "plan.theme" not in lead.granted
    assert lead.shown_voices["plan.theme"] == "P"
    assert client.post("/team/decisions/plan-theme/", sent | {"role": lead.pk}).status_code == 409


def test_settling_can_be_taken_back_to_the_letter_while_nobody_changed_it(cast, enter):
    client = enter(cast.admin)
    before = {r.slug: (r.granted, r.shown_voices) for r in cast.workspace.roles.all()}
    keeper = role(cast, "strategist")
    page = client.get(f"/team/decisions/plan-theme/?role={keeper.pk}")
    sent = {"role": keeper.pk, "seen": page.context["form"]["seen"].value(), "alone": "on"}
    answer = client.post("/team/decisions/plan-theme/", sent)
    [told] = get_messages(answer.wsgi_request)
    way_back = told.extra_tags.removeprefix("undo:")
    assert client.post(way_back).status_code == 302
    after = {r.slug: (r.granted, r.shown_voices) for r in cast.workspace.roles.all()}
    assert after == before
    assert client.post(way_back).status_code == 409, "somebody changed them since"
    assert client.post("/team/decisions/plan-theme/back/?back=x").status_code == 422


def test_decisions_page_finds_an_account_without_anybody(cast, enter):
    """A role for one account leaves the other one alone; for both of them nothing is missing."""
    first, second = make_account(cast.workspace), make_account(cast.workspace, handle="Second")
    for each in cast.workspace.roles.all():
        each.granted = [slug for slug in each.granted if slug != "review.decide"]
        each.save()
    desk = custom(cast, decisions=[Decision.REVIEW_DECIDE], accounts=[first.pk])
    cast.zhou.further_roles.add(desk)
    client = enter(cast.admin)
    assert "Nobody decides this for @Second." in client.get("/team/decisions/").text
    assert "No one for @Second" in client.get("/team/").text
    other = custom(cast, title="There", decisions=[Decision.REVIEW_DECIDE], accounts=[second.pk])
    cast.maya.further_roles.add(other)
    assert "review.decide" not in {
        row.decision.value for row, _url in client.get("/team/decisions/").context["findings"]
    }
    Leave.objects.create(
        member=cast.maya, start_at=NOW - timedelta(days=1), end_at=NOW + timedelta(days=1)
    )
    text = client.get("/team/decisions/").text
    assert "Only somebody on leave can decide this: Maya." in text


def test_decisions_page_sees_who_is_on_leave(cast, enter):
    day = timedelta(days=1)
    Leave.objects.create(member=cast.lena, start_at=NOW - day, end_at=NOW + day)
    text = enter(cast.zhou).get("/team/decisions/").text
    assert "Only somebody on leave can decide this: " not in text
    Leave.objects.create(member=cast.admin, start_at=NOW - day, end_at=NOW + day)
    text = enter(cast.zhou).get("/team/decisions/").text
    assert "Only somebody on leave can decide this: Sam." in text
    assert "/team/decisions/role-edit/" in text, "a key cannot be lent"


def test_delegations_page_lends_lists_and_ends(cast, enter):
    client = enter(cast.lin)
    sent = {
        "receiver": cast.zhou.pk,
        "decisions": ["review.decide"],
        "ends_at": "2026-03-03T09:00",
        "reason": "On a plane.",
    }
    assert client.post("/team/delegations/", sent).status_code == 302
    made = Delegation.objects.get()
    assert made.ends_at.isoformat() == "2026-03-03T01:00:00+00:00", "Lin's own time is Shanghai's"
    text = enter(cast.maya).get("/team/delegations/").text
    assert "Zhou decides for Lin" in text
    assert "End now" not in text
    assert "Decides for Lin until" in client.get("/team/").text
    assert "Zhou decides for Lin until" in client.get("/").text
    assert "You decide for Lin until" in enter(cast.zhou).get("/").text
    assert "Zhou decides for you until" in enter(cast.lin).get("/").text
    assert enter(cast.maya).post(f"/team/delegations/{made.pk}/end/").status_code == 403
    assert enter(cast.wu).post(f"/team/delegations/{made.pk}/end/").status_code == 404
    assert enter(cast.zhou).post(f"/team/delegations/{made.pk}/end/").status_code == 302
    assert "1 that is over" in client.get("/team/delegations/").text


def test_delegations_page_says_what_lapsed_with_the_roles_of_the_giver(cast, enter):
    lent = [Decision.REVIEW_DECIDE, Decision.POST_WRITE]
    end = NOW + timedelta(hours=8)
    delegate(cast.lin, receiver=cast.maya, decisions=lent, ends_at=end, by=cast.lin, now=NOW)
    creator = role(cast, "creator")
    change_roles(cast.lin, primary=creator, further=[], seen=0, by=cast.admin, now=NOW)
    text = enter(cast.maya).get("/team/delegations/").text
    assert "Lapsed, since Lin no longer decides it: Pass or return posts" in text
    assert "<li>Write posts and edit drafts.</li>" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_at": "2026-03-01T09:00"}, "Choose an end that lies ahead"),
        ({"ends_at": "2026-05-01T09:00"}, "longer than 31 days"),
        ({"decisions": ["role.edit"]}, "role.edit"),
        ({"receiver": ""}, "This field is required."),
    ],
)
def test_delegations_page_says_what_to_do(cast, enter, changes, words):
    sent = {
        "receiver": cast.zhou.pk,
        "decisions": ["review.decide"],
        "ends_at": "2026-03-03T09:00",
    } | changes
    answer = enter(cast.lin).post("/team/delegations/", sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert not Delegation.objects.exists()


@pytest.mark.parametrize("path", ["/team/decisions/", "/team/delegations/", "/team/roles/"])
def test_pages_ask_the_same_for_three_as_for_one(cast, enter, path):
    def add(name):
        member = join(cast.workspace, make_user(name), "team_lead")
        made = custom(cast, title=name)
        member.further_roles.add(made)
        delegate(
            member,
            receiver=cast.maya,
            decisions=[Decision.REVIEW_DECIDE],
            ends_at=NOW + timedelta(hours=2),
            by=member,
            now=NOW,
        )

    def count(client):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    add("Ida")
    client = enter(cast.admin)
    before = count(client)
    add("Ole")
    add("Kim")
    assert count(client) == before
