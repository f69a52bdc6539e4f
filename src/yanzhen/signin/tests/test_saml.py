"""Signing in through a SAML provider: real keys, real signatures, and every way to cheat."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from yanzhen.kernel.clock import now
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.models import Member, Role, User
from yanzhen.signin.actions.mapping import map_group
from yanzhen.signin.models import Identity, SamlAnswer
from yanzhen.signin.providers import BadProviders, read
from yanzhen.signin.tests.house_of_saml import ENTITY, HouseOfSaml, Keys, encoded
from yanzhen.signin.tests.test_elsewhere import is_in, leave

TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"


@pytest.fixture(scope="module")
def keys():
    return Keys()


@pytest.fixture(scope="module")
def other_keys():
    return Keys()


@pytest.fixture
def house(settings, keys):
    made = HouseOfSaml(keys)
    trust(made, settings)
    yield made
    made.close()


def row_of(made, **more):
    row = {"id": "ids", "name": "Ferrow", "entity_id": ENTITY, "sign_in": made.sign_in}
    row |= {"certificates": [made.keys.certificate], "trust_email": True}
    return {**row, "domains": ["example.com"], **more}


def trust(made, settings, **more):
    settings.SIGN_IN_PROVIDERS = json.dumps({"saml": [row_of(made, **more)]})


def bring(client, raw):
    """Post an answer as a browser does from another site, without cookies; go where it leads."""
    stranger = Client()
    there = stranger.post("/sign-in/with/ids/answer/", {"SAMLResponse": raw})
    assert there.status_code == 303
    assert not stranger.cookies, "nothing is begun for a browser that shows no cookie"
    return client.get(there.headers["Location"])


def go(client, house, **lies):
    return bring(client, house.answer(leave(client), **lies))


@pytest.fixture
def zhou(cast, house):
    house.subject = cast.zhou.user.email
    house.attributes = {"name": ["Zhou"]}
    return cast.zhou


def test_member_comes_in_and_is_known_by_the_name_id_then(zhou, client, house):
    goal = leave(client, {"next": "/team/roles/"})
    answer = bring(client, house.answer(goal))
    assert answer.url == "/team/roles/"
    assert is_in(client)
    row = Identity.objects.get()
    assert (row.user, row.provider, row.subject) == (zhou.user, "ids", house.subject)
    assert SamlAnswer.objects.get().claims == {}


def test_metadata_says_where_answers_go_and_what_is_wanted(cast, client, house):
    said = client.get("/sign-in/with/ids/metadata/")
    assert said.headers["Content-Type"] == "application/samlmetadata+xml"
    assert "/sign-in/with/ids/answer/" in said.text
    assert 'WantAssertionsSigned="true"' in said.text


LIES = {
    "another audience": {"audience": "https://somebody.example/"},
    "no audience": {"audience": None},
    "another recipient": {"recipient": "https://somebody.example/acs"},
    "a longer recipient": {"recipient": "http://localhost:8000/sign-in/with/ids/answer/more"},
    "no recipient": {"recipient": None},
    "another question": {"asked": "_of-somebody-else"},
    "no question": {"asked": None},
    "another issuer": {"issuer": "https://evil.example/"},
    "expired": {"ends": datetime.now(UTC) - timedelta(hours=1)},
    "no end": {"ends": None},
    "nobody": {"subject": ""},
    "a name too long": {"subject": "n" * 256},
    "a number too long": {"id": "_" + "7" * 255},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_answer_that_says_something_else_lets_nobody_in(zhou, client, house, lie):
    assert go(client, house, **lie).url == "/sign-in/"
    assert not is_in(client)


def _unsigned(house, asked, other):
    return house.response(asked, house.assertion(asked))


def _by_another_key(house, asked, other):
    return house.response(asked, house.sign(house.assertion(asked), other))


def _only_around(house, asked, other):
    return house.sign(house.response(asked, house.assertion(asked)))


def _changed_after(house, asked, other):
    signed = house.sign(house.assertion(asked, subject="maya@example.com"))
    return house.response(asked, signed.replace("maya@example.com", house.subject))


def _two(house, asked, other):
    """The signed one beside one of the thief's own."""
    signed = house.sign(house.assertion(asked, subject="maya@example.com"))
    return house.response(asked, house.assertion(asked), signed)


def _wrapped(house, asked, other):
    """The signed one inside the signature that one of the thief's own borrows."""
    signed = house.sign(house.assertion(asked, subject="maya@example.com"))
    own = house.assertion(asked)
    start, end = signed.index("<ds:Signature"), signed.index("</ds:Signature>")
    signature = signed[start:end]
    bare = signed[:start] + signed[end + len("</ds:Signature>") :]
    borrowed = f"{signature}<ds:Object>{bare}</ds:Object></ds:Signature>"
    head, tail = own.split("</saml:Issuer>", 1)
    return house.response(asked, f"{head}</saml:Issuer>{borrowed}{tail}")


def _in_extensions(house, asked, other):
    signed = house.sign(house.assertion(asked, subject="maya@example.com"))
    before = f"<samlp:Extensions>{signed}</samlp:Extensions>"
    return house.response(asked, house.assertion(asked), before=before)


def _question_outside(house, asked, other):
    """An answer nobody asked for, in a response that says whose question it is."""
    return house.response(asked, house.sign(house.assertion(asked, asked=None)))


def _elsewhere(house, asked, other):
    signed = house.sign(house.assertion(asked))
    return house.response(asked, signed, destination="https://somebody.example/acs")


def _entities(house, asked, other):
    good = house.response(asked, house.sign(house.assertion(asked)))
    return f'<!DOCTYPE r [<!ENTITY a "b">]>{good}'


CHEATS = [
    *(_unsigned, _by_another_key, _only_around, _changed_after, _two, _wrapped, _in_extensions),
    *(_question_outside, _elsewhere, _entities),
]


@pytest.mark.parametrize("cheat", CHEATS, ids=lambda each: each.__name__.strip("_"))
def test_forged_answer_lets_nobody_in(zhou, client, house, other_keys, cheat):
    asked = house.asked(leave(client))
    raw = encoded(cheat(house, asked, other_keys))
    assert bring(client, raw).url == "/sign-in/"
    assert not is_in(client)
    assert not Identity.objects.exists()


@pytest.mark.parametrize("raw", ["", "no base64", encoded("<a/>"), "A" * 300_000])
def test_what_is_no_answer_is_refused(zhou, client, house, raw):
    leave(client)
    assert bring(client, raw).url == "/sign-in/"
    assert "was not finished" in client.get("/sign-in/").text


def test_comment_in_the_name_cuts_nothing_off(zhou, client, house):
    """Signatures leave comments out: whoever may name themselves so must not become another."""
    go(client, house, subject=f"{zhou.user.email}<!-- -->.evil.example")
    assert not is_in(client)


def test_answer_counts_once_and_in_the_browser_that_asked(zhou, client, house):
    raw = house.answer(leave(client))
    thief = Client()
    leave(thief)
    first = thief.post("/sign-in/with/ids/answer/", {"SAMLResponse": raw})
    thief.get(first.headers["Location"])
    assert not is_in(thief), "another browser's question"
    bring(client, raw)
    assert not is_in(client), "brought before"
    raw = house.answer(leave(client))
    kept = Client().post("/sign-in/with/ids/answer/", {"SAMLResponse": raw})
    client.get(kept.headers["Location"])
    assert is_in(client)
    client.post("/sign-out/")
    leave(client)
    assert client.get(kept.headers["Location"]).url == "/sign-in/", "taken before"
    bring(client, raw)
    assert not is_in(client)


def test_answer_nobody_asked_for_counts_only_where_it_is_switched_on(zhou, client, house, settings):
    asked = house.asked(leave(Client()))

    def unasked():
        return encoded(
            house.response(asked, house.sign(house.assertion(asked, asked=None)), to=None)
        )

    bring(client, unasked())
    assert not is_in(client)
    trust(house, settings, unsolicited=True)
    bring(client, unasked())
    assert is_in(client)
    client.post("/sign-out/")
    go(client, house, asked="_of-somebody-else")
    assert not is_in(client), "one that was asked for must still be the right one"


def test_who_comes_in_is_as_with_any_provider(cast, client, house, settings):
    house.subject = "stranger@example.com"
    before = User.objects.count()
    go(client, house)
    assert "no team here has invited you" in client.get("/sign-in/").text
    assert User.objects.count() == before
    house.subject = cast.wu.user.email
    go(client, house)
    page = client.get("/team/")
    assert (page.context["workspace"], cast.zhou.name in page.text) == (cast.wu.workspace, False)
    client.post("/sign-out/")
    deactivate_member(cast.maya, seen=0, by=cast.admin, now=now())
    house.subject = cast.maya.user.email
    go(client, house)
    assert not is_in(client)
    trust(house, settings, domains=["ferrow.example"])
    house.subject = cast.zhou.user.email
    go(client, house)
    assert not is_in(client), "another domain's address says nothing"
    trust(house, settings)
    house.format = TRANSIENT
    go(client, house)
    assert not is_in(client), "a name that changes is nobody's"


def test_address_and_groups_come_from_named_attributes(cast, client, house, settings):
    trust(house, settings, email="mail", groups="memberOf")
    role = Role.objects.get(workspace=cast.workspace, slug="analyst")
    map_group(source="ids", name="Ferrow", group="Desk", role=role, by=cast.admin, now=now())
    house.subject, house.format = "00u-zhou", "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    house.attributes = {"mail": [cast.zhou.user.email.upper()], "memberOf": ["Other", "DESK"]}
    go(client, house)
    assert is_in(client)
    assert Identity.objects.get().subject == "00u-zhou"
    held = Member.objects.with_roles().get(pk=cast.zhou.pk).roles
    assert [each.slug for each in held] == ["creator", "analyst"]


UNREADABLE = {
    "no certificate": {"certificates": []},
    "certificate as a text": {"certificates": "MIIC"},
    "no certificate but a word": {"certificates": ["MIIC"]},
    "no https": {"sign_in": "http://a.example/sso"},
    "whose addresses": {"trust_email": True},
    "unknown entry": {"z": 1},
}


@pytest.mark.parametrize("more", UNREADABLE.values(), ids=UNREADABLE)
def test_providers_that_cannot_be_read_stop_the_start(keys, more):
    good = {"id": "a", "name": "A", "entity_id": "urn:a", "sign_in": "https://a.example/sso"}
    bare = "".join(keys.certificate.splitlines()[1:-1])
    good["certificates"] = [keys.certificate, bare]
    assert read(json.dumps({"saml": [good]}))["a"].name == "A"
    with pytest.raises(BadProviders, match="YANZHEN_SIGN_IN: saml provider 1"):
        read(json.dumps({"saml": [{**good, **more}]}))
