from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from oauthlib.oauth1 import Client

from xsim.tests import plain
from xsim.tests.conftest import CALLBACK


def signed(url, method, path, client, body=None, **more):
    address, headers, payload = client.sign(url + path, method, body=body, **more)
    return plain.request(method, address, headers=headers, content=payload)


@pytest.fixture
def keys(sim, app):
    token, secret = sim.oauth1_keys(app, "Ferrow")
    return {
        "client_key": app.consumer_key,
        "client_secret": app.consumer_secret,
        "resource_owner_key": token,
        "resource_owner_secret": secret,
    }


def test_ready_made_keys_sign_reads_and_writes(url, keys, sim):
    me = signed(url, "GET", "/2/users/me?user.fields=name,description", Client(**keys))
    assert me.json()["data"]["username"] == "Ferrow"
    address, headers, _ = Client(**keys).sign(f"{url}/2/tweets", "POST")
    answer = plain.post(address, headers=headers, json={"text": "Signed é 字"})
    assert answer.status_code == 201
    assert sim.posts()[0]["text"] == "Signed é 字"


@pytest.mark.parametrize("part", ["client_secret", "resource_owner_secret", "resource_owner_key"])
def test_wrong_key_is_unauthorized(url, keys, part):
    answer = signed(url, "GET", "/2/users/me", Client(**{**keys, part: "wrong"}))
    assert answer.status_code == 401


def test_signature_covers_method_path_and_query(url, keys):
    address, headers, _ = Client(**keys).sign(f"{url}/2/users/me?user.fields=name", "GET")
    assert plain.get(address + ",url", headers=headers).status_code == 401
    assert plain.get(f"{url}/2/tweets/1?user.fields=name", headers=headers).status_code == 401
    assert plain.delete(address, headers=headers).status_code == 401


def test_request_cannot_be_repeated(url, keys):
    address, headers, _ = Client(**keys).sign(f"{url}/2/users/me", "GET")
    assert plain.get(address, headers=headers).status_code == 200
    assert plain.get(address, headers=headers).status_code == 401


def test_old_timestamp_is_unauthorized(url, keys):
    stale = Client(**keys, timestamp=str(int(time.time()) - 900))
    assert signed(url, "GET", "/2/users/me", stale).status_code == 401


@pytest.mark.parametrize(
    "header", ["", "OAuth", "OAuth a=b", 'OAuth oauth_consumer_key="x"', "Basic eA=="]
)
def test_unreadable_header_is_unauthorized(url, sim, header):
    assert plain.get(f"{url}/2/users/me", headers={"Authorization": header}).status_code == 401


def test_read_only_app_cannot_write(url, keys, sim):
    sim.add_app("Tests", can_write=False)
    address, headers, _ = Client(**keys).sign(f"{url}/2/tweets", "POST")
    answer = plain.post(address, headers=headers, json={"text": "no"})
    assert answer.status_code == 403
    assert answer.json()["detail"] == "You are not permitted to perform this action."


def three_legs(url, app, callback):
    asking = Client(app.consumer_key, client_secret=app.consumer_secret, callback_uri=callback)
    got = parse_qs(signed(url, "POST", "/oauth/request_token", asking).text)
    return got["oauth_token"][0], got["oauth_token_secret"][0]


def final_leg(url, app, token, secret, verifier):
    return signed(
        url,
        "POST",
        "/oauth/access_token",
        Client(app.consumer_key, app.consumer_secret, token, secret, verifier=verifier),
    )


def test_three_legs_lead_to_the_chosen_user(url, app):
    token, secret = three_legs(url, app, CALLBACK)
    page = plain.get(f"{url}/oauth/authorize", params={"oauth_token": token})
    assert page.status_code == 200
    form = {"oauth_token": token, "user": "FerrowDE", "decision": "approve"}
    answer = plain.post(f"{url}/oauth/authorize", data=form)
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    assert back["oauth_token"] == [token]
    assert final_leg(url, app, token, secret, "wrong").status_code == 401
    got = parse_qs(final_leg(url, app, token, secret, back["oauth_verifier"][0]).text)
    assert got["screen_name"] == ["FerrowDE"]
    final = Client(
        app.consumer_key, app.consumer_secret, got["oauth_token"][0], got["oauth_token_secret"][0]
    )
    assert signed(url, "GET", "/2/users/me", final).json()["data"]["username"] == "FerrowDE"
    assert final_leg(url, app, token, secret, back["oauth_verifier"][0]).status_code == 401


def test_pin_flow_shows_a_number(url, app):
    token, secret = three_legs(url, app, "oob")
    form = {"oauth_token": token, "user": "Ferrow", "decision": "approve"}
    page = plain.post(f"{url}/oauth/authorize", data=form)
    pin = page.text.partition("<code>")[2].partition("</code>")[0]
    assert len(pin) == 7
    assert final_leg(url, app, token, secret, pin).status_code == 200


def test_request_token_refuses_an_unknown_callback(url, app):
    asking = Client(app.consumer_key, app.consumer_secret, callback_uri="http://evil.example/")
    assert signed(url, "POST", "/oauth/request_token", asking).status_code == 403


def test_unapproved_request_token_opens_nothing(url, app):
    token, secret = three_legs(url, app, CALLBACK)
    assert final_leg(url, app, token, secret, "").status_code == 401
    half = Client(app.consumer_key, app.consumer_secret, token, secret)
    assert signed(url, "GET", "/2/users/me", half).status_code == 401
    form = {"oauth_token": token, "decision": "deny"}
    answer = plain.post(f"{url}/oauth/authorize", data=form)
    assert f"denied={token}" in answer.headers["location"]
    assert plain.get(f"{url}/oauth/authorize", params={"oauth_token": token}).status_code == 400
