import pytest

from yanzhen.people.actions.keep import ChangedMeanwhile, LastHolder
from yanzhen.people.actions.members import change_roles
from yanzhen.people.models import Member, Role
from yanzhen.people.rights import Decision, NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.people.tests.told import kinds, last_sentence


def role(cast, slug):
    return cast.workspace.roles.get(slug=slug)


def give(cast, member, primary, *further, by=None, seen=None):
    return change_roles(
        member,
        primary=role(cast, primary),
        further=[role(cast, slug) for slug in further],
        seen=member.revision if seen is None else seen,
        by=by or cast.admin,
        now=NOW,
    )


def test_change_roles_gives_exactly_these_and_records(cast):
    fresh = give(cast, cast.zhou, "analyst", "team_lead")
    assert [r.slug for r in fresh.roles] == ["analyst", "team_lead"]
    assert fresh.may(Decision.REVIEW_DECIDE)
    assert kinds(cast.workspace)[-1] == "people.roles_changed"
    assert last_sentence(cast.workspace) == "Sam changed the roles of Zhou"


def test_change_roles_by_a_lead_without_the_right_is_refused(cast):
    with pytest.raises(NotAllowed) as refused:
        give(cast, cast.zhou, "administrator", by=cast.lin)
    assert refused.value.decision == Decision.MEMBER_ROLES
    assert Member.objects.with_roles().get(pk=cast.zhou.pk).primary_role.slug == "creator"


def test_change_roles_from_another_workspace_is_refused(cast):
    with pytest.raises(NotAllowed) as refused:
        give(cast, cast.zhou, "administrator", by=cast.wu)
    assert refused.value.reason == "elsewhere"


def test_change_roles_to_another_workspaces_role_is_refused(cast):
    with pytest.raises(Role.DoesNotExist):
        change_roles(
            cast.zhou,
            primary=cast.wu.primary_role,
            further=[],
            seen=0,
            by=cast.admin,
            now=NOW,
        )


def test_change_roles_from_a_stale_page_changes_nothing(cast):
    give(cast, cast.zhou, "analyst")
    before = len(kinds(cast.workspace))
    with pytest.raises(ChangedMeanwhile):
        give(cast, cast.zhou, "strategist", seen=0)
    assert Member.objects.with_roles().get(pk=cast.zhou.pk).primary_role.slug == "analyst"
    assert len(kinds(cast.workspace)) == before


def test_change_roles_of_the_last_administrator_is_refused_and_rolled_back(cast):
    with pytest.raises(LastHolder):
        give(cast, cast.admin, "creator")
    fresh = Member.objects.with_roles().get(pk=cast.admin.pk)
    assert fresh.primary_role.slug == "administrator"
    assert fresh.revision == 0


def test_change_roles_of_one_of_two_administrators_passes(cast):
    give(cast, cast.lin, "team_lead", "administrator")
    give(cast, cast.admin, "creator")


def test_change_roles_keeps_an_administrator_even_when_others_hold_every_key(cast):
    lead = role(cast, "team_lead")
    lead.granted = sorted([*lead.granted, "member.roles", "role.edit"])
    lead.save()
    with pytest.raises(LastHolder) as refused:
        give(cast, cast.admin, "creator")
    assert refused.value.decision is None


def test_change_roles_page_answers_lost_race_with_409(cast, sign_in):
    client = sign_in(cast.admin)
    give(cast, cast.zhou, "analyst")
    form = {"seen": 0, "primary": role(cast, "strategist").pk}
    answer = client.post(f"/team/{cast.zhou.pk}/roles/", form)
    assert answer.status_code == 409
    assert "changed this meanwhile" in answer.text


def test_change_roles_page_says_why_the_last_administrator_stays(cast, sign_in):
    client = sign_in(cast.admin)
    form = {"seen": 0, "primary": role(cast, "creator").pk}
    answer = client.post(f"/team/{cast.admin.pk}/roles/", form)
    assert answer.status_code == 409
    assert "Give members their roles." in answer.text


def test_change_roles_page_refuses_foreign_members_and_roles(cast, sign_in):
    client = sign_in(cast.admin)
    form = {"seen": 0, "primary": role(cast, "creator").pk}
    assert client.post(f"/team/{cast.wu.pk}/roles/", form).status_code == 404
    assert client.post("/team/999999/roles/", form).status_code == 404
    foreign = {"seen": 0, "primary": cast.wu.primary_role_id}
    assert client.post(f"/team/{cast.zhou.pk}/roles/", foreign).status_code == 422


def test_change_roles_page_is_shut_for_members_without_the_right(cast, sign_in):
    form = {"seen": 0, "primary": role(cast, "creator").pk}
    answer = sign_in(cast.zhou).post(f"/team/{cast.zhou.pk}/roles/", form)
    assert answer.status_code == 403
    assert "Sam" in answer.text
