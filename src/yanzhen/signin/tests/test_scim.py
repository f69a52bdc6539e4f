import json

import pytest
from django.test import Client

from yanzhen.kernel.clock import now
from yanzhen.notify.models import Notice
from yanzhen.people.actions.members import change_roles, deactivate_member, reactivate_member
from yanzhen.people.actions.roles import RoleWish, make_role
from yanzhen.people.models import Member, Role, User
from yanzhen.people.rights import Decision
from yanzhen.people.tests.cast import PASSWORD, join, make_user
from yanzhen.people.tests.told import kinds
from yanzhen.signin import scim
from yanzhen.signin.actions.provisioning import make_token


class Directory:
    """A directory with a key, speaking as RFC 7644 has it."""

    def __init__(self, secret):
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def ask(self, method, path, body=None):
        raw = b"" if body is None else json.dumps(body).encode()
        answer = self.client.generic(
            method, f"/scim/v2{path}", raw, content_type="application/scim+json"
        )
        if answer.status_code != 204:
            assert answer.headers["Content-Type"] == "application/scim+json"
            answer.said = json.loads(answer.content)
        return answer

    def create(self, email, **more):
        return self.ask("POST", "/Users", {"schemas": [scim.USER], "userName": email, **more})

    def patch(self, path, *operations):
        said = {"schemas": [scim.PATCH], "Operations": list(operations)}
        return self.ask("PATCH", path, said)


@pytest.fixture
def directory(cast):
    return Directory(make_token(cast.workspace, by=cast.admin, now=now()))


def refusal(answer):
    assert answer.said["schemas"] == [scim.ERROR]
    assert answer.said["status"] == str(answer.status_code)
    assert answer.said["detail"]
    return answer.status_code, answer.said.get("scimType", "")


def test_user_is_created_found_replaced_closed_opened_and_removed(cast, directory):
    made = directory.create(
        "Nora@Example.com",
        externalId="00u1",
        name={"givenName": "Nora", "familyName": "Beck"},
        active=True,
    )
    assert made.status_code == 201
    user = made.said
    assert made.headers["Location"] == user["meta"]["location"]
    assert user["meta"]["location"].endswith(f"/scim/v2/Users/{user['id']}")
    assert (user["userName"], user["active"], user["externalId"]) == (
        "nora@example.com",
        True,
        "00u1",
    )
    member = Member.objects.get(pk=user["id"])
    assert (member.workspace, member.name) == (cast.workspace, "Nora Beck")
    assert not member.user.has_usable_password()
    assert refusal(directory.create("nora@example.com")) == (409, "uniqueness")

    found = directory.ask("GET", '/Users?filter=userName%20eq%20"NORA@example.com"').said
    assert (found["schemas"], found["totalResults"]) == ([scim.LIST], 1)
    assert found["Resources"][0]["id"] == user["id"]
    page = directory.ask("GET", "/Users?startIndex=2&count=2").said
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (6, 2, 2)
    assert directory.ask("GET", "/Users?count=0").said["Resources"] == []

    path = f"/Users/{user['id']}"
    put = {"schemas": [scim.USER], "userName": "nora@example.com", "displayName": "Nora B."}
    assert directory.ask("PUT", path, put).said["displayName"] == "Nora B."
    closed = directory.patch(path, {"op": "Replace", "path": "active", "value": "False"})
    assert (closed.status_code, closed.said["active"]) == (200, False)
    opened = directory.patch(path, {"op": "replace", "value": {"active": True}})
    assert opened.said["active"] is True
    assert directory.ask("DELETE", path).status_code == 204
    assert refusal(directory.ask("GET", path)) == (404, "")
    assert not Member.objects.get(pk=user["id"]).active
    again = directory.create("nora@example.com", externalId="00u2")
    assert (again.status_code, again.said["id"]) == (201, user["id"])
    assert kinds(cast.workspace)[-1] == "people.member_returned"


def test_closing_a_member_ends_their_session(cast, directory, enter, client):
    enter(cast.zhou)
    assert client.get("/team/").status_code == 200
    directory.patch(f"/Users/{cast.zhou.pk}", {"op": "replace", "path": "active", "value": False})
    assert client.get("/team/").status_code == 302


def test_directory_opens_whom_it_closed_and_nobody_whom_a_person_closed(cast, directory):
    path = f"/Users/{cast.zhou.pk}"
    opening = {"op": "replace", "path": "active", "value": True}
    deactivate_member(cast.zhou, seen=0, by=cast.admin, now=now())
    assert refusal(directory.patch(path, opening))[0] == 403
    assert directory.ask("DELETE", path).status_code == 204
    assert refusal(directory.create(cast.zhou.user.email))[0] == 403
    assert not Member.objects.get(pk=cast.zhou.pk).active
    former = Member.objects.with_roles().get(pk=cast.zhou.pk)
    reactivate_member(former, seen=1, by=cast.admin, now=now())
    path = f"/Users/{cast.maya.pk}"
    closing = {**opening, "value": False}
    assert directory.patch(path, closing).status_code == 200
    assert directory.patch(path, opening).status_code == 200
    # A person has the last word also over whom the directory had closed before.
    again = Member.objects.with_roles().get(pk=cast.maya.pk)
    deactivate_member(again, seen=again.revision, by=cast.admin, now=now())
    assert refusal(directory.patch(path, opening))[0] == 403


@pytest.fixture
def second(cast):
    """Another who can run the workspace and signs in by password."""
    return join(cast.workspace, make_user("Nora"), "administrator")


def test_key_ends_with_its_maker_unless_it_is_kept(cast, directory, second, enter, client):
    enter(second)
    address = f"/team/{cast.admin.pk}/leaving/"
    assert "The key of the directory" in client.get(address).text
    form = {"seen": 0, "to": "", "keep": "signin.directory_key"}
    assert client.post(address, form).status_code == 302
    assert directory.ask("GET", "/Users").status_code == 200
    assert "signin.scim_token_kept" in kinds(cast.workspace)
    former = Member.objects.with_roles().get(pk=cast.admin.pk)
    reactivate_member(former, seen=1, by=second, now=now())
    mine = Directory(make_token(cast.workspace, by=cast.admin, now=now()))
    assert client.post(address, {"seen": 2, "to": ""}).status_code == 302
    assert mine.ask("GET", "/Users").status_code == 401
    assert Notice.objects.get(kind="signin.scim_token_ended").member == second


def test_who_could_not_make_a_key_is_not_asked_to_keep_one(cast, directory, second, enter, client):
    wish = RoleWish(title="Staff", decisions=[Decision.MEMBER_INVITE, Decision.MEMBER_ROLES])
    role = make_role(cast.workspace, wish=wish, by=second, now=now())
    enter(join(cast.workspace, make_user("Ada"), role.slug))
    address = f"/team/{cast.admin.pk}/leaving/"
    page = client.get(address).text
    assert "The key of the directory" in page
    assert 'name="keep"' not in page
    form = {"seen": 0, "to": "", "keep": "signin.directory_key"}
    assert client.post(address, form).status_code == 302
    assert directory.ask("GET", "/Users").status_code == 401, "it was not theirs to keep"


def test_key_ends_when_its_maker_may_no_longer_make_one(cast, directory, second):
    creator = Role.objects.get(workspace=cast.workspace, slug="creator")
    change_roles(cast.maya, primary=creator, further=[], seen=0, by=second, now=now())
    assert directory.ask("GET", "/Users").status_code == 200
    change_roles(cast.admin, primary=creator, further=[], seen=0, by=second, now=now())
    assert directory.ask("GET", "/Users").status_code == 401


def test_groups_are_the_roles_and_say_who_holds_them(cast, directory):
    roles = {role.slug: role for role in Role.objects.filter(workspace=cast.workspace)}
    found = directory.ask("GET", '/Groups?filter=displayName eq "Team lead"'.replace(" ", "%20"))
    lead = found.said["Resources"][0]
    assert lead["id"] == str(roles["team_lead"].pk)
    assert [each["value"] for each in lead["members"]] == [str(cast.lin.pk)]
    nora = directory.create("nora@example.com").said["id"]
    path = f"/Groups/{lead['id']}"
    add = {"op": "add", "path": "members", "value": [{"value": nora}]}
    assert len(directory.patch(path, add).said["members"]) == 2
    assert Member.objects.get(pk=nora).primary_role == roles["team_lead"]
    away = {"op": "remove", "path": f'members[value eq "{nora}"]'}
    assert len(directory.patch(path, away).said["members"]) == 1
    assert Member.objects.get(pk=nora).primary_role != roles["team_lead"]
    put = {"schemas": [scim.GROUP], "members": [{"value": nora}, {"value": str(cast.zhou.pk)}]}
    assert directory.ask("PUT", path, put).status_code == 200
    zhou = Member.objects.with_roles().get(pk=cast.zhou.pk)
    assert [role.slug for role in zhou.roles] == ["creator", "team_lead"]
    assert refusal(directory.patch(path, {**add, "value": [{"value": "999999"}]})) == (404, "")
    assert refusal(directory.ask("DELETE", path))[0] == 403


def test_last_administrator_cannot_be_closed_from_outside(cast, directory):
    path = f"/Users/{cast.admin.pk}"
    assert refusal(directory.ask("DELETE", path))[0] == 409
    assert Member.objects.get(pk=cast.admin.pk).active


def test_other_workspaces_are_out_of_reach(cast, directory):
    assert refusal(directory.ask("GET", f"/Users/{cast.wu.pk}")) == (404, "")
    assert refusal(directory.ask("DELETE", f"/Users/{cast.wu.pk}")) == (404, "")
    role = Role.objects.filter(workspace=cast.wu.workspace).first()
    assert refusal(directory.ask("GET", f"/Groups/{role.pk}")) == (404, "")
    listed = directory.ask("GET", "/Users").said["Resources"]
    assert cast.wu.user.email not in [row["userName"] for row in listed]


def test_member_of_another_workspace_joins_by_their_own_hand(cast, directory):
    # Else any directory could make them a member, read their name, and end their sessions at will.
    taken = directory.create(cast.wu.user.email, displayName="Renamed", active=False)
    assert refusal(taken) == (409, "uniqueness")
    assert "Wu" not in taken.text
    assert not Member.objects.filter(workspace=cast.workspace, user=cast.wu.user).exists()
    invited = join(cast.workspace, cast.wu.user, "creator")
    assert directory.ask("GET", f"/Users/{invited.pk}").status_code == 200
    rename = {"op": "replace", "path": "displayName", "value": "Renamed"}
    assert directory.patch(f"/Users/{invited.pk}", rename).status_code == 200
    assert User.objects.get(pk=cast.wu.user_id).name == "Wu", "named by themselves alone"


WRONG = {
    "no json": (b"{", (400, "invalidSyntax")),
    "no schema": (b'{"userName": "a@example.com"}', (400, "invalidSyntax")),
    "no list": (b"[]", (400, "invalidSyntax")),
    "no address": (
        json.dumps({"schemas": [scim.USER], "userName": "nora"}).encode(),
        (400, "invalidValue"),
    ),
    "nested without end": (b"[" * 200_000, (400, "invalidSyntax")),
    "schemas no list": (b'{"schemas": 5}', (400, "invalidSyntax")),
    "half an address": (
        json.dumps({"schemas": [scim.USER], "userName": "@"}).encode(),
        (400, "invalidValue"),
    ),
    "half a character": (
        json.dumps(
            {"schemas": [scim.USER], "userName": "a@example.com", "externalId": "\ud800"}
        ).encode(),
        (400, "invalidValue"),
    ),
    "an invisible character": (
        json.dumps(
            {"schemas": [scim.USER], "userName": "a@example.com", "displayName": "a\0"}
        ).encode(),
        (400, "invalidValue"),
    ),
    "no boolean": (
        json.dumps({"schemas": [scim.USER], "userName": "a@example.com", "active": 1}).encode(),
        (400, "invalidValue"),
    ),
}


@pytest.mark.parametrize(("raw", "said"), WRONG.values(), ids=WRONG)
def test_what_makes_no_sense_is_refused_in_scims_words(cast, directory, raw, said):
    before = Member.objects.count()
    answer = directory.client.generic("POST", "/scim/v2/Users", raw)
    answer.said = json.loads(answer.content)
    assert refusal(answer) == said
    assert Member.objects.count() == before


def test_filters_and_patches_we_do_not_know_are_refused(cast, directory):
    assert refusal(directory.ask("GET", "/Users?filter=userName%20co%20%22a%22")) == (
        400,
        "invalidFilter",
    )
    escaped = directory.ask("GET", "/Users?filter=userName%20eq%20%22%5Cq%22")
    assert refusal(escaped) == (400, "invalidFilter")
    path = f"/Users/{cast.zhou.pk}"
    twice = ({"op": "add", "value": {"name": "x"}}, {"op": "add", "path": "name.formatted"})
    assert directory.patch(path, *twice).status_code == 200, "a name of nothing changes nothing"
    rename = {"op": "replace", "path": "userName", "value": "other@example.com"}
    assert refusal(directory.patch(path, rename)) == (400, "mutability")
    assert refusal(directory.patch(path, {"op": "replace", "value": 1})) == (400, "invalidSyntax")
    assert refusal(directory.patch(path)) == (400, "invalidSyntax")


def test_key_is_shown_once_replaced_at_will_and_useless_after(cast, enter, client):
    enter(cast.admin)
    first = client.post("/workspace/sign-in/directory/").context["secret"]
    assert first not in client.get("/workspace/sign-in/").text
    old = Directory(first)
    assert old.ask("GET", "/ServiceProviderConfig").said["patch"] == {"supported": True}
    second = client.post("/workspace/sign-in/directory/").context["secret"]
    refused = old.ask("GET", "/Users")
    assert refusal(refused) == (401, "")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    new = Directory(second)
    assert new.ask("GET", "/Users").status_code == 200
    client.post("/workspace/sign-in/directory/", {"end": "1"})
    assert new.ask("GET", "/Users").status_code == 401
    session = Client()
    session.post("/sign-in/", {"email": cast.admin.user.email, "password": PASSWORD})
    assert session.get("/scim/v2/Users").status_code == 401, "a session is no key"
    told = [kind for kind in kinds(cast.workspace) if kind.startswith("signin.scim")]
    assert told == ["signin.scim_token_made", "signin.scim_token_made", "signin.scim_token_revoked"]


def test_guessing_keys_is_limited(cast):
    guess = Directory("guess")
    answers = [guess.ask("GET", "/Users").status_code for _ in range(21)]
    assert answers == [401] * 20 + [429]
