"""Signing in with a real browser that has an authenticator of its own."""

from __future__ import annotations

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from yanzhen.people.models import Role
from yanzhen.people.tests.cast import PASSWORD
from yanzhen.signin.tests.house_of_saml import ENTITY, HouseOfSaml, Keys
from yanzhen.signin.tests.phone import Phone

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plain_names(settings):
    """Serve scripts under their plain names: the test server knows no others."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def device(page):
    """A phone with a fingerprint reader, built into the browser."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools


def leave(page):
    """Forget the session, once no answer is under way that could bring its cookies back."""
    page.wait_for_load_state("networkidle")
    page.goto("about:blank")
    page.context.clear_cookies()


def test_forced_second_step_by_app_then_a_passkey_in_place_of_the_password(
    page, device, plain_names, live_server, cast
):
    Role.objects.filter(workspace=cast.workspace, slug="creator").update(second_factor=True)
    page.goto(f"{live_server.url}/team/")
    page.get_by_label("Email").fill(cast.zhou.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("heading", name="Set up your second step")).to_be_visible()
    page.get_by_role("link", name="Set up an app").click()
    expect(page.locator(".qr svg")).to_be_visible()
    page.get_by_text("Cannot scan it?").click()
    phone = Phone(page.locator(".codes__one").inner_text().replace(" ", ""))
    page.get_by_label("Code shown by the app").fill(phone.code())
    page.keyboard.press("Enter")
    assert len(re.findall(r"\d{10}", page.locator("#codes").input_value())) == 10
    page.get_by_role("button", name="I have kept them").click()
    expect(page).to_have_url(f"{live_server.url}/team/")

    page.goto(f"{live_server.url}/me/second-factor/")
    page.get_by_role("link", name="Make a passkey").click()
    page.get_by_label("Name").fill("Phone")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_text("The passkey is ready.")).to_be_visible()
    expect(page.locator(".item__title", has_text="Phone")).to_be_visible()
    assert Authenticator.objects.filter(user=cast.zhou.user, type="webauthn").count() == 1

    leave(page)
    page.goto(f"{live_server.url}/sign-in/?next=/team/roles/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{live_server.url}/team/roles/")

    leave(page)
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_label("Email").fill(cast.zhou.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", name=re.compile("."), level=1).first).to_be_visible()
    expect(page).to_have_url(f"{live_server.url}/")


@pytest.fixture
def house(settings, live_server):
    """A SAML provider on another site."""
    settings.BASE_URL = live_server.url
    made = HouseOfSaml(Keys())
    row = {"id": "ids", "name": "Ferrow", "entity_id": ENTITY, "sign_in": made.sign_in}
    row |= {"certificates": [made.keys.certificate], "trust_email": True}
    settings.SIGN_IN_PROVIDERS = json.dumps({"saml": [{**row, "domains": ["example.com"]}]})
    yield made
    made.close()


def test_browser_goes_to_another_site_and_comes_back_by_a_post(
    live_server, page, cast, house, plain_names
):
    house.subject = cast.zhou.user.email
    assert "127.0.0.1" not in live_server.url, "where the provider is"
    page.goto(f"{live_server.url}/sign-in/?next=/team/")
    page.get_by_role("button", name="Sign in with Ferrow").click()
    page.get_by_role("button", name="It is me").click()
    page.wait_for_url(f"{live_server.url}/team/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
