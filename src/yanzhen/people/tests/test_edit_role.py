import pytest

from yanzhen.people.actions.keep import ChangedMeanwhile, LastHolder
from yanzhen.people.actions.roles import RoleWish, edit_role
from yanzhen.people.models import Member, Role
from yanzhen.people.rights import Decision, NotAllowed
from yanzhen.people.tests.cast import NOW
from yanzhen.people.tests.told import last_sentence


@pytest.fixture
def creator(cast):
    return cast.workspace.roles.get(slug="creator")


def edit(role, by, *, decisions=(), title="", mission="", seen=0):
    wish = RoleWish(title=title, mission=mission, decisions=decisions)
    return edit_role(role, wish=wish, seen=seen, by=by, now=NOW)


def test_edit_role_changes_what_its_holders_may(cast, creator):
    edit(creator, cast.admin, decisions=[Decision.AUDIT_READ], title="Maker")
    zhou = Member.objects.with_roles().get(pk=cast.zhou.pk)
    assert zhou.decisions() == {"audit.read"}
    assert Role.objects.get(pk=creator.pk).duty_statement == ["Read and export the activity log."]
    assert last_sentence(cast.workspace) == "Sam changed the role Maker"


def test_edit_role_keeps_decisions_of_a_newer_build(cast, creator):
    creator.granted = [*creator.granted, "moon.land"]
    creator.save()
    assert "moon.land" in edit(creator, cast.admin).granted


def test_edit_role_without_the_right_is_refused(cast, creator):
    with pytest.raises(NotAllowed):
        edit(creator, cast.lena, decisions=list(Decision))


def test_edit_role_of_another_workspace_is_refused(cast, creator):
    with pytest.raises(NotAllowed) as refused:
        edit(creator, cast.wu, decisions=list(Decision))
    assert refused.value.reason == "elsewhere"


def test_edit_role_from_a_stale_page_is_refused(cast, creator):
    edit(creator, cast.admin, decisions=[Decision.POST_WRITE])
    with pytest.raises(ChangedMeanwhile):
        edit(creator, cast.admin, decisions=[])
    assert Role.objects.get(pk=creator.pk).granted == ["post.write"]


@pytest.mark.parametrize("key", [Decision.ROLE_EDIT, Decision.MEMBER_ROLES])
def test_edit_role_never_takes_a_key_from_its_last_holder(cast, key):
    role = cast.workspace.roles.get(slug="administrator")
    rest = [Decision(slug) for slug in role.granted if slug != key]
    with pytest.raises(LastHolder) as refused:
        edit(role, cast.admin, decisions=rest)
    assert refused.value.decision == key
    assert key.value in Role.objects.get(pk=role.pk).granted


def test_role_page_saves_ticks_and_refuses_unknown_ones(cast, creator, sign_in):
    client = sign_in(cast.admin)
    path = f"/team/roles/{creator.pk}/"
    assert 'value="post.write"' in client.get(path).text
    answer = client.post(path, {"seen": 0, "decisions": ["post.write", "post.hold"]})
    assert answer.status_code == 302
    assert Role.objects.get(pk=creator.pk).granted == ["post.hold", "post.write"]
    assert client.post(path, {"seen": 1, "decisions": ["moon.land"]}).status_code == 422
    assert client.post(path, {"seen": 0, "decisions": []}).status_code == 409
    assert client.get(f"/team/roles/{cast.wu.primary_role_id}/").status_code == 404


def test_role_page_is_shut_without_the_right(cast, creator, sign_in):
    assert sign_in(cast.lena).get(f"/team/roles/{creator.pk}/").status_code == 403


def test_roles_page_shows_duties_to_every_member(cast, sign_in):
    answer = sign_in(cast.zhou).get("/team/roles/")
    assert answer.status_code == 200
    assert "Pass or return posts written by others." in answer.text
