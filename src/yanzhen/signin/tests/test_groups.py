"""Roles that follow groups: given and taken only by the mapping, with the log saying from where."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yanzhen.activity.feed import events
from yanzhen.kernel.clock import now
from yanzhen.people.actions.members import change_roles
from yanzhen.people.models import Member, Role
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW, join, make_user
from yanzhen.signin import scim
from yanzhen.signin.actions.following import NoNewcomersRole, newcomers_role
from yanzhen.signin.actions.mapping import choose_newcomers_role, map_group
from yanzhen.signin.actions.provisioning import make_token
from yanzhen.signin.models import GroupRole, NewcomersRole, RoleFrom
from yanzhen.signin.tests.house_of_ids import HouseOfIds
from yanzhen.signin.tests.test_elsewhere import go, is_in, trust, vouch
from yanzhen.signin.tests.test_scim import Directory, refusal


@pytest.fixture
def directory(cast):
    return Directory(make_token(cast.workspace, by=cast.admin, now=now()))


@pytest.fixture
def roles(cast):
    return {role.slug: role for role in Role.objects.filter(workspace=cast.workspace)}


@pytest.fixture
def house(settings):
    made = HouseOfIds()
    trust(made, settings, groups="groups", scope="groups")
    yield made
    made.close()


def mapped(cast, group, role, source="scim"):
    return map_group(source=source, name=source, group=group, role=role, by=cast.admin, now=now())


def slugs(member):
    return [role.slug for role in Member.objects.with_roles().get(pk=member.pk).roles]


def pushed(directory, name, *members):
    body = {"schemas": [scim.GROUP], "displayName": name}
    body["members"] = [{"value": str(member.pk)} for member in members]
    return directory.ask("POST", "/Groups", body)


def told(member):
    rows = events().objects.filter(kind="signin.roles_followed", subject_id=str(member.pk))
    return [(row.data["groups"], row.data["given"], row.data["taken"]) for row in rows]


def test_directory_pushes_a_group_and_the_mapped_role_comes_and_goes_with_it(
    cast, directory, roles
):
    made = pushed(directory, "Brand desk", cast.zhou)
    assert (made.status_code, made.said["displayName"]) == (201, "Brand desk")
    path = f"/Groups/{made.said['id']}"
    assert slugs(cast.zhou) == ["creator"], "nothing is mapped"
    mapped(cast, "brand DESK", roles["analyst"])
    assert slugs(cast.zhou) == ["creator", "analyst"]
    add = {"op": "add", "path": "members", "value": [{"value": str(cast.maya.pk)}]}
    before = slugs(cast.maya)
    assert len(directory.patch(path, add).said["members"]) == 2
    assert slugs(cast.maya) == [*before, "analyst"]
    away = {"op": "remove", "path": f'members[value eq "{cast.zhou.pk}"]'}
    directory.patch(path, away)
    assert slugs(cast.zhou) == ["creator"]
    assert told(cast.zhou) == [("Brand desk", ["analyst"], []), ("–", [], ["analyst"])]
    renamed = directory.patch(path, {"op": "replace", "path": "displayName", "value": "Others"})
    assert renamed.said["displayName"] == "Others"
    assert slugs(cast.maya) == before, "the mapping names the other group"
    directory.patch(path, {"op": "replace", "value": {"displayName": "Brand desk"}})
    assert slugs(cast.maya) == [*before, "analyst"]
    found = directory.ask("GET", "/Groups?filter=displayName%20eq%20%22brand%20desk%22").said
    assert [row["id"] for row in found["Resources"]] == [made.said["id"]]
    assert directory.ask("DELETE", path).status_code == 204
    assert slugs(cast.maya) == before
    assert refusal(directory.ask("GET", path)) == (404, "")


def test_what_was_given_by_hand_is_never_taken_from_outside(cast, directory, roles):
    mapped(cast, "Leads", roles["team_lead"])
    made = pushed(directory, "Leads", cast.lin)
    path = f"/Groups/{made.said['id']}"
    directory.ask("PUT", path, {"schemas": [scim.GROUP], "members": []})
    assert slugs(cast.lin) == ["team_lead"]
    lead = f"/Groups/{roles['team_lead'].pk}"
    directory.ask("PUT", lead, {"schemas": [scim.GROUP], "members": []})
    assert slugs(cast.lin) == ["team_lead"]
    assert not RoleFrom.objects.exists()


def test_role_that_two_groups_give_stays_until_both_are_left(cast, directory, roles):
    for name in ("One", "Two"):
        mapped(cast, name, roles["analyst"])
    one, two = (pushed(directory, name, cast.zhou).said["id"] for name in ("One", "Two"))
    assert directory.ask("DELETE", f"/Groups/{one}").status_code == 204
    assert slugs(cast.zhou) == ["creator", "analyst"]
    assert directory.ask("DELETE", f"/Groups/{two}").status_code == 204
    assert slugs(cast.zhou) == ["creator"]


def test_group_named_like_a_role_or_another_is_refused_and_other_houses_are_out_of_reach(
    cast, directory
):
    pushed(directory, "Desk")
    assert refusal(pushed(directory, "desk")) == (409, "uniqueness")
    assert refusal(pushed(directory, "Team lead")) == (409, "uniqueness")
    assert refusal(pushed(directory, "")) == (400, "invalidValue")
    assert refusal(pushed(directory, "Far", cast.wu)) == (404, "")
    other = make_token(cast.wu.workspace, by=cast.wu, now=now())
    found = Directory(other).ask("GET", '/Groups?filter=displayName%20eq%20"Desk"').said
    assert found["totalResults"] == 0


def test_last_who_can_run_it_keeps_the_role_whatever_the_directory_says(cast, directory, roles):
    mapped(cast, "Owners", roles["administrator"])
    made = pushed(directory, "Owners", cast.lin)
    path = f"/Groups/{made.said['id']}"
    fresh = Member.objects.with_roles().get(pk=cast.admin.pk)
    change_roles(
        fresh, primary=roles["analyst"], further=[], seen=fresh.revision, by=cast.admin, now=NOW
    )
    # The key of who cannot make one any more has ended; the last who can makes another.
    last = Member.objects.with_roles().get(pk=cast.lin.pk)
    directory = Directory(make_token(cast.workspace, by=last, now=now()))
    gone = directory.ask("PUT", path, {"schemas": [scim.GROUP], "members": []})
    assert refusal(gone)[0] == 409
    assert slugs(cast.lin) == ["team_lead", "administrator"]
    assert len(directory.ask("GET", path).said["members"]) == 1, "all of it, or nothing"


def test_newcomers_start_as_what_was_chosen_and_never_as_what_takes_all_rights(
    cast, directory, roles
):
    for role in Role.objects.filter(workspace=cast.workspace).exclude(slug="analyst"):
        role.granted = ["member.roles"]
        role.save(update_fields=["granted"])
    assert newcomers_role(cast.workspace.pk) == roles["analyst"]
    nora = Member.objects.get(pk=directory.create("nora@example.com").said["id"])
    assert slugs(nora) == ["analyst"]
    Role.objects.filter(pk=roles["analyst"].pk).update(granted=["role.edit"])
    with pytest.raises(NoNewcomersRole):
        newcomers_role(cast.workspace.pk)
    assert refusal(directory.create("ole@example.com"))[0] == 409


def test_role_with_powers_is_chosen_only_by_who_has_them_and_as_it_was_then(cast, roles):
    with pytest.raises(NotAllowed):
        choose_newcomers_role(roles["analyst"], by=cast.lin, now=NOW)
    keeper = roles["analyst"]
    keeper.granted = ["workspace.edit", "member.roles"]
    keeper.save(update_fields=["granted"])
    ida = join(cast.workspace, make_user("Ida"), "analyst")
    with pytest.raises(NotAllowed):
        choose_newcomers_role(roles["administrator"], by=ida, now=NOW)
    with pytest.raises(NotAllowed):
        map_group(source="scim", name="", group="x", role=roles["administrator"], by=ida, now=NOW)
    choose_newcomers_role(keeper, by=cast.admin, now=NOW)
    assert newcomers_role(cast.workspace.pk) == keeper
    keeper.granted = [*keeper.granted, "role.edit"]
    keeper.save(update_fields=["granted"])
    assert newcomers_role(cast.workspace.pk) != keeper, "it has gained one since"


def test_newcomers_role_gives_way_to_a_group_and_comes_back(cast, directory, roles):
    nora = Member.objects.get(pk=directory.create("nora@example.com").said["id"])
    (start,) = slugs(nora)
    mapped(cast, "Makers", roles["creator"])
    made = pushed(directory, "Makers", nora)
    assert slugs(nora) == ["creator"]
    directory.ask("DELETE", f"/Groups/{made.said['id']}")
    assert slugs(nora) == [start]


def test_groups_of_a_provider_are_followed_at_every_sign_in(cast, client, house, roles):
    mapped(cast, "analysts", roles["analyst"], source="ids")
    mapped(cast, "Owners", roles["administrator"], source="scim")
    vouch(house, cast.zhou, groups=["Analysts", "Owners"])
    go(client, house)
    assert slugs(cast.zhou) == ["creator", "analyst"], "groups of another source are not these"
    row = events().objects.get(kind="signin.roles_followed")
    assert (row.actor_label, row.data["source"]) == ("Ferrow ID", "Ferrow ID")
    client.post("/sign-out/")
    del house.person["groups"]
    go(client, house)
    assert slugs(cast.zhou) == ["creator", "analyst"], "it says nothing of groups"
    client.post("/sign-out/")
    house.person["groups"] = []
    go(client, house)
    assert slugs(cast.zhou) == ["creator"]


def test_last_administrator_signs_in_and_keeps_the_role(cast, client, house, roles):
    mapped(cast, "Owners", roles["administrator"], source="ids")
    vouch(house, cast.lin, groups=["Owners"])
    go(client, house)
    fresh = Member.objects.with_roles().get(pk=cast.admin.pk)
    change_roles(
        fresh, primary=roles["analyst"], further=[], seen=fresh.revision, by=cast.admin, now=NOW
    )
    client.post("/sign-out/")
    house.person["groups"] = []
    go(client, house)
    assert is_in(client)
    assert slugs(cast.lin) == ["team_lead", "administrator"]


def test_page_maps_ends_and_says_who_may_not(cast, enter, client, roles, directory):
    pushed(directory, "Desk", cast.zhou)
    enter(cast.admin)
    form = {"source": "scim", "group": "Desk", "role": roles["analyst"].pk}
    assert client.post("/workspace/sign-in/groups/", form).status_code == 302
    assert slugs(cast.zhou) == ["creator", "analyst"]
    again = client.post("/workspace/sign-in/groups/", form)
    assert (again.status_code, "gives this role already" in again.text) == (422, True)
    line = GroupRole.objects.get()
    page = client.get("/workspace/sign-in/groups/").text
    assert "Desk" in page
    assert client.post(f"/workspace/sign-in/groups/{line.pk}/end/").status_code == 302
    assert slugs(cast.zhou) == ["creator"]
    chosen = {"newcomers": roles["creator"].pk}
    assert client.post("/workspace/sign-in/groups/newcomers/", chosen).status_code == 302
    assert NewcomersRole.objects.get().role == roles["creator"]
    odd = client.post("/workspace/sign-in/groups/", {**form, "source": "nowhere"})
    assert odd.status_code == 422
    far = Role.objects.filter(workspace=cast.wu.workspace).first()
    assert client.post("/workspace/sign-in/groups/", {**form, "role": far.pk}).status_code == 422


def test_page_asks_as_much_for_three_lines_as_for_one(cast, enter, client, roles):
    enter(cast.admin)
    client.get("/workspace/sign-in/groups/")

    def questions():
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/workspace/sign-in/groups/").status_code == 200
        return len(asked)

    mapped(cast, "One", roles["analyst"])
    one = questions()
    mapped(cast, "Two", roles["creator"])
    mapped(cast, "Three", roles["creator"])
    assert questions() == one


def test_directory_names_many_and_the_team_is_read_as_often_as_for_one(cast, directory):
    def reads(name, *members):
        with CaptureQueriesContext(connection) as asked:
            assert pushed(directory, name, *members).status_code == 201
        return sum("signin_provisioned" in query["sql"] for query in asked)

    assert reads("Three", cast.zhou, cast.maya, cast.lin) == reads("One", cast.zhou)


def test_claim_of_another_kind_says_nothing(cast, client, house, roles):
    mapped(cast, "analysts", roles["analyst"], source="ids")
    vouch(house, cast.zhou, groups="analysts")
    go(client, house)
    assert slugs(cast.zhou) == ["creator"]
