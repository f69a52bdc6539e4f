from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest

from xsim.tests import plain
from xsim.tests.conftest import CALLBACK

VERIFIER = "a-verifier-of-more-than-forty-three-characters-0123456789"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
)
REUSED = {
    "error": "invalid_request",
    "error_description": "Value passed for the token was invalid.",
}


def ask(app, **changes):
    query = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": CALLBACK,
        "scope": "tweet.read tweet.write users.read offline.access",
        "state": "st&te=1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return {**query, **changes}


def consent(url, app, decision="approve", user="FerrowDE", **changes):
    form = {**ask(app, **changes), "user": user, "decision": decision}
    answer = plain.post(f"{url}/i/oauth2/authorize", data=form)
    assert answer.status_code == 303, answer.text
    return {
        name: value[0]
        for name, value in parse_qs(urlsplit(answer.headers["location"]).query).items()
    }


def basic(app):
    return (app.client_id, app.client_secret)


def exchange(url, app, code, auth=True, **changes):
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        **changes,
    }
    return plain.post(f"{url}/2/oauth2/token", data=form, auth=basic(app) if auth else None)


def refresh(url, app, token):
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return plain.post(f"{url}/2/oauth2/token", data=form, auth=basic(app))


def me(url, access):
    return plain.get(f"{url}/2/users/me", headers={"Authorization": f"Bearer {access}"})


def test_authorize_page_offers_the_users_and_names_the_app(url, app):
    page = plain.get(f"{url}/i/oauth2/authorize", params=ask(app))
    assert page.status_code == 200
    assert "Tests" in page.text
    assert 'value="FerrowDE"' in page.text
    assert "form-action 'self' http://127.0.0.1:9" in page.headers["content-security-policy"]
    chinese = plain.get(
        f"{url}/i/oauth2/authorize", params=ask(app), headers={"Accept-Language": "zh-CN,en;q=0.5"}
    )
    assert "授权应用" in chinese.text


def test_code_flow_signs_in_as_the_chosen_user(url, app):
    back = consent(url, app)
    assert (back["state"], back["from"]) == ("st&te=1", "x")
    answer = exchange(url, app, back["code"])
    token = answer.json()
    assert (answer.status_code, token["token_type"], token["expires_in"]) == (200, "bearer", 7200)
    assert me(url, token["access_token"]).json()["data"]["username"] == "FerrowDE"


def test_denial_comes_back_with_the_state(url, app):
    assert consent(url, app, decision="deny") == {
        "from": "x",
        "state": "st&te=1",
        "error": "access_denied",
    }


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "unknown"},
        {"redirect_uri": CALLBACK + "/"},
        {"redirect_uri": "http://127.0.0.1:9/callback"},
        {"response_type": "token"},
        {"code_challenge_method": "plain"},
        {"code_challenge": "short"},
        {"state": ""},
        {"state": "x" * 501},
        {"scope": "tweet.read fly.high"},
        {"scope": ""},
    ],
)
def test_authorize_refuses_a_wrong_request_on_the_spot(url, app, change):
    query = ask(app, **change)
    assert plain.get(f"{url}/i/oauth2/authorize", params=query).status_code == 400
    form = {**query, "user": "Ferrow", "decision": "approve"}
    assert plain.post(f"{url}/i/oauth2/authorize", data=form).status_code == 400


def test_code_works_once(url, app):
    code = consent(url, app)["code"]
    assert exchange(url, app, code).status_code == 200
    again = exchange(url, app, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_request")


def test_code_expires_after_thirty_seconds(url, app, sim):
    sim.set_clock("2026-04-01T00:00:00Z")
    early, late = consent(url, app)["code"], consent(url, app)["code"]
    sim.advance(29.9)
    assert exchange(url, app, early).status_code == 200
    sim.advance(0.1)
    assert exchange(url, app, late).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": "http://127.0.0.1:9/elsewhere"},
        {"code_verifier": "wrong"},
        {"code": "wrong"},
        {"grant_type": "password"},
    ],
)
def test_code_with_a_wrong_companion_is_refused(url, app, change):
    code = consent(url, app)["code"]
    assert exchange(url, app, **{"code": code, **change}).status_code == 400


def test_confidential_client_must_prove_itself(url, app, sim):
    code = consent(url, app)["code"]
    naked = exchange(url, app, code, auth=False, client_id=app.client_id)
    assert (naked.status_code, naked.json()["error"]) == (401, "unauthorized_client")
    other = sim.add_app("Other", redirect_uris=[CALLBACK])
    assert exchange(url, other, code).status_code == 400


def test_public_client_needs_no_secret(url, sim):
    public = sim.add_app("Public", redirect_uris=[CALLBACK], public=True)
    assert public.client_secret is None
    code = consent(url, public)["code"]
    answer = exchange(url, public, code, auth=False, client_id=public.client_id)
    assert answer.status_code == 200


def test_refresh_gives_a_new_pair_and_works_once(url, app):
    first = exchange(url, app, consent(url, app)["code"]).json()
    second = refresh(url, app, first["refresh_token"])
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert me(url, second.json()["access_token"]).status_code == 200
    again = refresh(url, app, first["refresh_token"])
    assert (again.status_code, again.json()) == (400, REUSED)


def test_refresh_token_needs_offline_access(url, app):
    token = exchange(url, app, consent(url, app, scope="tweet.read users.read")["code"]).json()
    assert "refresh_token" not in token


def test_access_token_ends_after_two_hours(url, app, sim):
    token = exchange(url, app, consent(url, app)["code"]).json()
    sim.advance(7199)
    assert me(url, token["access_token"]).status_code == 200
    sim.advance(2)
    answer = me(url, token["access_token"])
    assert answer.json() == {
        "title": "Unauthorized",
        "type": "about:blank",
        "status": 401,
        "detail": "Unauthorized",
    }


def test_revoke_ends_both_tokens(url, app):
    token = exchange(url, app, consent(url, app)["code"]).json()
    form = {"token": token["refresh_token"]}
    assert plain.post(f"{url}/2/oauth2/revoke", data=form, auth=basic(app)).json() == {
        "revoked": True
    }
    assert me(url, token["access_token"]).status_code == 401
    assert refresh(url, app, token["refresh_token"]).status_code == 400


def test_missing_scope_is_forbidden(client_of, sim):
    reader = client_of("Ferrow", scope="tweet.read users.read")
    assert reader.post("/2/tweets", json={"text": "no"}).status_code == 403
    assert sim.posts() == []
    blind = client_of("Ferrow", scope="users.read")
    assert blind.get("/2/users/me").status_code == 403


def test_app_alone_reads_but_does_not_write(url, app, sim):
    token = plain.post(
        f"{url}/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=(app.consumer_key, app.consumer_secret),
    ).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    post_id = sim.publish("Ferrow", "Public")
    assert (
        plain.get(f"{url}/2/tweets/{post_id}", headers=headers).json()["data"]["text"] == "Public"
    )
    for answer in (
        plain.get(f"{url}/2/users/me", headers=headers),
        plain.post(f"{url}/2/tweets", headers=headers, json={"text": "no"}),
    ):
        assert answer.status_code == 403
        assert answer.json()["type"].endswith("/unsupported-authentication")
