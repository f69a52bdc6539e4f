"""The wizard: step by step, checked with X before anything is kept, and never lost on the way."""

from __future__ import annotations

import pytest
from django.urls import reverse

from yanzhen.channels import actions, steps
from yanzhen.channels.models import Account, Credential, DeveloperApp, Setup
from yanzhen.channels.states import AccountState
from yanzhen.channels.tests.practice import CALLBACK, connect, practice_server, set_app
from yanzhen.channels.tests.site import as_
from yanzhen.kernel.clock import now as clock_now
from yanzhen.people.tests.cast import make_cast

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.django_db]
WIZARD = "/accounts/connect/"


@pytest.fixture(autouse=True)
def _base_url(settings):
    settings.BASE_URL = "http://testserver"


def page(client, **query):
    answer = client.get(WIZARD, query)
    assert answer.status_code == 200
    return answer.content.decode()


def step_of(text):
    """Return which step a page shows, by its number and heading."""
    return text.split('class="wizard__count">')[1].split("<")[0]


def to_pair(client, kind="web"):
    told = client.post(WIZARD, {"step": "type", "app_type": kind})
    assert told["Location"] == f"{WIZARD}?step=portal"
    ticks = {"permissions": "on", "callback": "on"}
    return client.post(WIZARD, {"step": "portal", **ticks})["Location"]


def pair(practice, **other):
    return {
        "client_id": practice.app.client_id,
        "client_secret": practice.app.client_secret or "",
        "confidential": "yes",
        **other,
    }


def test_wizard_leads_from_nothing_to_a_confirmed_account(practice, cast):
    client = as_(cast.admin)
    assert step_of(page(client)) == "Step 1 of 6"
    assert to_pair(client) == f"{WIZARD}?step=pair"
    portal = page(client, step="portal")
    assert CALLBACK in portal
    assert "Read and write" in portal
    scopes = client.settled(client.post(reverse("accounts-app"), pair(practice)))
    text = scopes.content.decode()
    assert step_of(text) == "Step 4 of 6"
    assert "X knows this app" in text
    for scope in practice.platform.scopes:
        assert f'<code translate="no">{scope}</code>' in text
    app = DeveloperApp.objects.get()
    assert app.checked_at is not None
    assert client.post(WIZARD, {"step": "scopes"})["Location"] == f"{WIZARD}?step=agree"
    sent = client.post(reverse("accounts-start"))
    assert sent.status_code == 303
    told = practice.consent(sent["Location"], "Ferrow")
    result = client.settled(client.get(reverse("accounts-connected"), told))
    account = Account.objects.get()
    text = result.content.decode()
    assert result.redirect_chain[-1][0] == f"/accounts/{account.pk}/confirm/"
    assert '<h2 class="whose__handle" id="step" translate="no">@Ferrow</h2>' in text
    assert text.count('data-ok="yes"') == 5
    assert account.state == AccountState.UNCONFIRMED
    done = client.post(f"/accounts/{account.pk}/confirm/", {"verdict": "right"}, follow=True)
    assert "@Ferrow is connected." in done.content.decode()
    account.refresh_from_db()
    assert account.state == AccountState.CONNECTED
    assert not Setup.objects.exists()
    held = actions.keys.open_tokens(account, Credential.objects.get())[1]
    for secret in (held.access, held.refresh, practice.app.client_secret):
        for where in (WIZARD, f"/accounts/{account.pk}/", "/accounts/health/", "/accounts/"):
            assert secret not in client.get(where).content.decode()
    again = client.get(reverse("accounts-connected"), told)
    assert again.status_code == 422
    assert "not expected any more" in again.content.decode()


def test_wizard_for_a_native_app_needs_no_secret(settings, monkeypatch, tmp_path):
    client = as_(make_cast().admin)
    with practice_server(settings, monkeypatch, tmp_path, public=True) as practice:
        to_pair(client, "native")
        assert "client_secret" not in page(client, step="pair")
        sent = client.post(reverse("accounts-app"), pair(practice, confidential="no"))
        client.settled(sent)
        assert DeveloperApp.objects.get().confidential is False
        told = practice.consent(client.post(reverse("accounts-start"))["Location"], "Ferrow")
        result = client.settled(client.get(reverse("accounts-connected"), told))
        assert "@Ferrow" in result.content.decode()


def test_wizard_for_pasted_keys_has_four_steps(practice, cast):
    client = as_(cast.admin)
    told = client.post(WIZARD, {"step": "type", "app_type": "keys"})
    assert step_of(client.get(told["Location"]).content.decode()) == "Step 2 of 4"
    assert CALLBACK not in page(client, step="portal")
    told = client.post(WIZARD, {"step": "portal", "permissions": "on"})
    assert step_of(client.get(told["Location"]).content.decode()) == "Step 3 of 4"
    token, secret = practice.sim.oauth1_keys(practice.app, "FerrowDE")
    sent = {
        "consumer_key": practice.app.consumer_key,
        "consumer_secret": practice.app.consumer_secret,
        "access_token": token,
        "access_secret": secret,
    }
    result = client.settled(client.post(reverse("accounts-keys"), sent)).content.decode()
    assert "@FerrowDE" in result
    assert "X does not say before the first post." in result


def test_wizard_remembers_where_each_member_was(practice, cast):
    to_pair(as_(cast.admin))
    assert step_of(page(as_(cast.admin))) == "Step 3 of 6"
    assert step_of(page(as_(cast.lena))) == "Step 1 of 6"


def test_wizard_shows_no_step_before_its_turn(practice, cast):
    client = as_(cast.admin)
    assert step_of(page(client, step="agree")) == "Step 1 of 6"
    assert client.post(WIZARD, {"step": "scopes"}).status_code == 422
    for nonsense in ({}, {"step": "nothing"}, {"step": "confirm"}):
        assert client.post(WIZARD, nonsense).status_code == 422
    assert step_of(page(client, step="confirm")) == "Step 1 of 6"


def test_wizard_with_an_app_goes_straight_to_x(practice, cast):
    set_app(practice, cast.admin, now=clock_now())
    assert step_of(page(as_(cast.lena))) == "Step 5 of 6"


def test_wizard_steps_ask_for_what_they_need(practice, cast):
    client = as_(cast.admin)
    assert client.post(WIZARD, {"step": "type", "app_type": "tv"}).status_code == 422
    client.post(WIZARD, {"step": "type", "app_type": "web"})
    refused = client.post(WIZARD, {"step": "portal", "permissions": "on"})
    assert refused.status_code == 422
    assert "Without it X shows an error" in refused.content.decode()


def test_wizard_says_what_is_wrong_with_the_callback_before_x_does(practice, cast, settings):
    client = as_(cast.admin)
    to_pair(client)
    settings.BASE_URL = "http://desk.example.com"
    text = page(client, step="portal")
    assert "X wants https" in text
    assert "You are here as testserver, but X will lead you to desk.example.com" in text
    settings.BASE_URL = "https://testserver"
    text = page(client, step="portal")
    assert text.count('<li data-ok="yes">') == 3


def test_wrong_pair_is_told_and_replaces_nothing(practice, cast):
    set_app(practice, cast.admin, now=clock_now())
    account = connect(practice, cast.admin, "Ferrow", now=clock_now())
    client = as_(cast.admin)
    where = reverse("accounts-app")
    for wrong in ({"client_id": "typo"}, {"client_secret": "wrong-secret"}):
        told = client.settled(client.post(where, pair(practice, **wrong))).content.decode()
        assert "X refuses the X app" in told
        assert "wrong-secret" not in told
    account.refresh_from_db()
    assert account.state == AccountState.CONNECTED
    assert DeveloperApp.objects.get().client_id == practice.app.client_id


def test_pair_of_a_native_app_given_as_a_web_app_is_recognised(settings, monkeypatch, tmp_path):
    client = as_(make_cast().admin)
    with practice_server(settings, monkeypatch, tmp_path, public=True) as practice:
        to_pair(client)
        sent = client.post(reverse("accounts-app"), pair(practice, client_secret="made-up"))
        assert "X knows this app as a native one" in client.settled(sent).content.decode()


def test_pair_without_a_secret_keeps_the_stored_one_for_the_same_id_only(practice, cast):
    client = as_(cast.admin)
    where = reverse("accounts-app")
    assert client.post(where, pair(practice, client_secret="")).status_code == 422
    client.settled(client.post(where, pair(practice)))
    sealed = bytes(DeveloperApp.objects.get().sealed)
    client.settled(client.post(where, pair(practice, client_secret="")))
    assert bytes(DeveloperApp.objects.get().sealed) == sealed
    other = pair(practice, client_id="other", client_secret="")
    assert client.post(where, other).status_code == 422
    shown = client.post(where, pair(practice, client_id="o ther", client_secret="canary"))
    assert (shown.status_code, b"canary" in shown.content) == (422, False)


def test_no_at_the_end_turns_the_account_away(practice, cast):
    client = as_(cast.admin)
    set_app(practice, cast.admin, now=clock_now())
    told = practice.consent(client.post(reverse("accounts-start"))["Location"], "Ferrow")
    client.settled(client.get(reverse("accounts-connected"), told))
    account = Account.objects.get()
    done = client.post(f"/accounts/{account.pk}/confirm/", {"verdict": "another"}, follow=True)
    assert "Its keys are deleted" in done.content.decode()
    assert client.get(f"/accounts/{account.pk}/").status_code == 404
    assert not Credential.objects.exists()


def test_confirm_page_of_an_account_in_use_leads_to_it(practice, cast):
    account = connect(practice, cast.admin, "Ferrow", now=clock_now())
    told = as_(cast.admin).get(f"/accounts/{account.pk}/confirm/", follow=True)
    assert told.redirect_chain == [(f"/accounts/{account.pk}/", 302)]


def test_error_that_x_sends_people_back_with_is_told_in_its_own_words(practice, cast):
    client = as_(cast.admin)
    set_app(practice, cast.admin, now=clock_now())
    state = client.post(reverse("accounts-start"))["Location"].split("state=")[1].split("&")[0]
    where = reverse("accounts-connected")
    told = client.get(where, {"state": state, "error": "invalid_scope"})
    assert told.status_code == 422
    assert "X sent you back with an error" in told.content.decode()
    assert "invalid_scope" in told.content.decode()


def test_way_follows_what_is_there_already(practice, cast):
    app = DeveloperApp(confidential=True)
    assert steps.way_of(None, None).furthest == 0
    assert steps.way_of(None, app).steps[steps.way_of(None, app).furthest] is steps.AGREE
    other_type = Setup(app_type=steps.NATIVE, step="pair")
    assert steps.way_of(other_type, app).furthest == 2
    pasting = steps.way_of(Setup(app_type=steps.KEYS, step="keys"), app)
    assert (pasting.steps, pasting.furthest) == (steps.BY_PASTING, 2)
    gone = steps.way_of(Setup(app_type=steps.KEYS, step="scopes"), None)
    assert gone.furthest == 0
