import html
import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from yanzhen.kernel.clock import now
from yanzhen.people.actions.invitations import invite_member
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.models import Role, User
from yanzhen.people.tests.told import kinds
from yanzhen.signin.models import Identity
from yanzhen.signin.providers import BadProviders, read
from yanzhen.signin.tests.house_of_ids import CLIENT, SECRET, HouseOfIds


@pytest.fixture
def house(settings):
    made = HouseOfIds()
    trust(made, settings)
    yield made
    made.close()


def trust(made, settings, **more):
    row = {"id": "ids", "name": "Ferrow ID", "issuer": made.issuer, "client_id": CLIENT}
    row |= {"client_secret": SECRET, "trust_email": True, **more}
    settings.SIGN_IN_PROVIDERS = json.dumps({"oidc": [row]})


def vouch(house, member, **more):
    email = member.user.email
    house.person = {"sub": f"id-of-{email}", "email": email, "email_verified": True, **more}


def go(client, house, **form):
    """Leave for the provider, agree there, and come back."""
    goal = leave(client, form)
    assert goal.startswith(f"{house.issuer}/authorize?")
    return come_back(client, house.authorize(goal))


def leave(client, form=None, provider="ids"):
    """Return where the page that leaves goes on to at once, as it says to a browser."""
    page = client.post(f"/sign-in/with/{provider}/", form or {})
    goal = page.context["goal"]
    assert f'content="0; url={html.escape(goal)}"' in page.text
    return goal


def come_back(client, address):
    parts = urlsplit(address)
    return client.get(parts.path, dict(parse_qsl(parts.query)))


def is_in(client):
    return client.get("/team/").status_code == 200


def test_member_comes_in_by_a_verified_address_and_is_known_by_the_subject_then(
    cast, client, house
):
    vouch(house, cast.zhou)
    assert "Sign in with Ferrow ID" in client.get("/sign-in/").text
    answer = go(client, house, next="/team/roles/")
    assert answer.url == "/team/roles/"
    assert is_in(client)
    assert Identity.objects.get().user == cast.zhou.user
    assert kinds(cast.workspace)[-1] == "signin.identity_linked"
    client.post("/sign-out/")
    house.person["email"] = cast.lin.user.email
    go(client, house)
    assert client.get("/me/").context["person"] == cast.zhou.user, "an address moves no link"
    assert Identity.objects.count() == 1


def test_stranger_is_not_let_in_and_no_account_is_made(cast, client, house):
    house.person = {"sub": "x", "email": "stranger@example.com", "email_verified": True}
    before = User.objects.count()
    assert go(client, house).url == "/sign-in/"
    assert "no team here has invited you" in client.get("/sign-in/").text
    assert User.objects.count() == before
    assert not Identity.objects.exists()
    assert not is_in(client)


@pytest.mark.parametrize("verified", [False, None, "yes"])
def test_address_that_is_not_verified_is_nobody(cast, client, house, verified):
    vouch(house, cast.zhou, email_verified=verified)
    go(client, house)
    assert not is_in(client)


def test_provider_not_trusted_with_addresses_links_nobody(cast, client, house, settings):
    trust(house, settings, trust_email=False)
    vouch(house, cast.zhou)
    go(client, house)
    assert not is_in(client)
    Identity.objects.create(
        user=cast.zhou.user,
        provider="ids",
        subject=house.person["sub"],
        created_at=now(),
        used_at=now(),
    )
    go(client, house)
    assert is_in(client)


def test_former_member_and_closed_account_stay_out(cast, client, house):
    vouch(house, cast.zhou)
    deactivate_member(cast.zhou, seen=0, by=cast.admin, now=now())
    go(client, house)
    assert not is_in(client)
    vouch(house, cast.maya)
    go(client, house)
    client.post("/sign-out/")
    User.objects.filter(pk=cast.maya.user_id).update(is_active=False)
    go(client, house)
    assert not is_in(client)


def test_open_invitation_is_taken_by_a_verified_address(cast, client, house):
    role = Role.objects.get(workspace=cast.workspace, slug="analyst")
    invite_member(
        cast.workspace,
        email="nora@example.com",
        name="Nora",
        language="en",
        role=role,
        by=cast.admin,
        now=now(),
    )
    house.person = {"sub": "n", "email": "Nora@example.com", "email_verified": True}
    go(client, house)
    assert is_in(client)
    user = User.objects.get(email="nora@example.com")
    assert not user.has_usable_password()
    assert user.memberships.get().primary_role == role


FORGERIES = {
    "another audience": {"aud": "somebody-else"},
    "another issuer": {"iss": "https://evil.example"},
    "another nonce": {"nonce": "replayed"},
    "expired": {"exp": 1},
    "no subject": {"sub": None},
    "subject of half a character": {"sub": "\ud800"},
    "subject without end": {"sub": "s" * 256},
    "several parties, none named": {"aud": [CLIENT, "other"]},
}


@pytest.mark.parametrize("lie", FORGERIES.values(), ids=FORGERIES)
def test_forged_answer_lets_nobody_in(cast, client, house, lie):
    vouch(house, cast.zhou)
    house.lies = lie
    assert go(client, house).url == "/sign-in/"
    assert not is_in(client)


def test_answer_signed_by_another_key_or_by_our_own_secret_lets_nobody_in(cast, client, house):
    vouch(house, cast.zhou)
    house.sign_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    go(client, house)
    assert not is_in(client)
    house.sign_with, house.algorithm = SECRET * 3, "HS256"
    go(client, house)
    assert not is_in(client)


def test_answer_counts_once_in_the_browser_that_asked(cast, client, house):
    vouch(house, cast.zhou)
    address = house.authorize(leave(client))
    thief = Client()
    come_back(thief, address)
    assert not is_in(thief), "no question of its own"
    leave(thief)
    come_back(thief, address)
    assert not is_in(thief), "the state of another's question"
    come_back(client, address)
    assert is_in(client)
    client.post("/sign-out/")
    come_back(client, address)
    assert not is_in(client)


@pytest.mark.parametrize("state", ["é", ""])
def test_answer_with_a_state_of_any_kind_is_refused_and_no_more(cast, client, house, state):
    client.post("/sign-in/with/ids/")
    answer = client.get("/sign-in/with/ids/back/", {"code": "x", "state": state})
    assert answer.url == "/sign-in/"
    assert not is_in(client)


def test_provider_that_is_down_says_so(cast, client, house):
    house.down = True
    assert client.post("/sign-in/with/ids/").url == "/sign-in/"
    assert "cannot be reached now" in client.get("/sign-in/").text


def test_own_second_step_is_asked_unless_the_provider_asked_for_one(
    cast, client, house, phone, settings
):
    phone(cast.zhou)
    vouch(house, cast.zhou)
    assert go(client, house).url == "/sign-in/second/"
    assert not is_in(client)
    trust(house, settings, second_factor=True)
    go(client, house)
    assert is_in(client)


GOOD = {"id": "a", "name": "A", "issuer": "https://a.example", "client_id": "x"}
UNREADABLE = {
    "not JSON": "{",
    "not an object": "[]",
    "incomplete": json.dumps({"oidc": [{"id": "a"}]}),
    "odd id": json.dumps({"oidc": [{**GOOD, "id": "a b"}]}),
    "no https": json.dumps({"oidc": [{**GOOD, "issuer": "http://a.example"}]}),
    "unknown entry": json.dumps({"oidc": [{**GOOD, "z": 1}]}),
    "twice": json.dumps({"oidc": [GOOD, GOOD]}),
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_providers_that_cannot_be_read_stop_the_start(text):
    assert read(json.dumps({"oidc": [GOOD]}))["a"].name == "A"
    with pytest.raises(BadProviders, match="YANZHEN_SIGN_IN"):
        read(text)
