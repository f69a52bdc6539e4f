"""A practice account for one press: made at the practice server, connected as any other is."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest
from django.urls import reverse

from yanzhen.channels import actions
from yanzhen.channels.actions.practising import handle_for
from yanzhen.channels.actions.starting import NoPractice, ask_for_practice
from yanzhen.channels.models import Account, Credential, DeveloperApp, Errand
from yanzhen.channels.running import run_waiting
from yanzhen.channels.states import AccountState
from yanzhen.channels.tests.practice import connect, set_app
from yanzhen.channels.tests.site import as_
from yanzhen.kernel.clock import now as clock_now
from yanzhen.people.models import Workspace
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.django_db]
ADDRESS = "/accounts/connect/practice/"


@pytest.fixture(autouse=True)
def _base_url(settings):
    settings.BASE_URL = "http://testserver"


@pytest.fixture
def named(cast):
    cast.workspace.name, cast.workspace.slug = "Nordlicht", "nord"
    cast.workspace.save()
    return cast


def test_one_press_connects_an_account_named_after_the_brand(practice, named):
    client = as_(named.admin)
    assert "Get a practice account" in client.get(reverse("accounts-connect")).content.decode()
    page = client.settled(client.post(ADDRESS)).content.decode()
    account = Account.objects.get()
    assert (account.handle, account.name, account.origin) == ("Nordlicht", "Nordlicht", "practice")
    assert (account.state, account.connected_by) == (AccountState.CONNECTED, named.admin)
    assert account.remote_id == practice.id_of("Nordlicht")
    assert "@Nordlicht is connected, for practice" in page
    assert ">Practice</span>" in page
    assert ">Practice</span>" in client.get("/accounts/").content.decode()
    app = DeveloperApp.objects.get()
    assert app.checked_at is not None
    assert Credential.objects.get().client_id == app.client_id


def test_account_posts_is_renewed_and_leaves_as_any_other(practice, named):
    client = as_(named.admin)
    client.settled(client.post(ADDRESS))
    account = Account.objects.get()
    first = Credential.objects.get()
    actions.renew_ahead(Account.objects.get(), now=clock_now(), within=timedelta(hours=3))
    assert Credential.objects.get().generation > first.generation
    assert actions.check_account(Account.objects.get(), now=clock_now())
    client.post(reverse("account-disconnect", args=[account.pk]))
    run_waiting(clock_now())
    account.refresh_from_db()
    assert account.state == AccountState.DISCONNECTED
    assert len(practice.calls("/2/oauth2/revoke")) == 2
    assert not Credential.objects.exists()


def test_second_account_goes_through_the_app_that_is_there(practice, named):
    set_app(practice, named.admin, now=NOW)
    first = connect(practice, named.admin, "Ferrow", now=clock_now())
    client = as_(named.admin)
    client.settled(client.post(ADDRESS))
    client.settled(client.post(ADDRESS))
    handles = set(Account.objects.values_list("handle", flat=True))
    assert handles == {"Ferrow", "Nordlicht", "Nordlicht2"}
    assert DeveloperApp.objects.get().client_id == practice.app.client_id
    assert practice.sim.add_app(client_id=practice.app.client_id).name == "Desk"
    first.refresh_from_db()
    assert first.state == AccountState.CONNECTED


def test_press_that_waits_is_not_asked_twice(practice, named):
    client = as_(named.admin)
    assert client.post(ADDRESS)["Location"] == client.post(ADDRESS)["Location"]
    run_waiting(clock_now())
    assert Account.objects.count() == 1


def test_closed_practice_server_says_so_and_changes_nothing(practice, named, monkeypatch):
    def closed(*_given, **_named):
        return httpx2.Response(403, json={"error": "the control API answers on loopback only"})

    monkeypatch.setattr("httpx2.Client.request", closed)
    client = as_(named.admin)
    page = client.settled(client.post(ADDRESS)).content.decode()
    assert "The fake X makes no account" in page
    assert "answers on loopback only" in page
    assert not Account.objects.exists()
    assert not DeveloperApp.objects.exists()


def test_beside_the_real_x_there_is_no_button_and_the_address_refuses(named, settings):
    assert settings.YANZHEN_ADAPTERS == "yanzhen.config.adapters"
    client = as_(named.admin)
    assert "Get a practice account" not in client.get(reverse("accounts-connect")).content.decode()
    assert client.post(ADDRESS).status_code == 404
    with pytest.raises(NoPractice):
        ask_for_practice(named.admin, now=NOW)
    assert not Errand.objects.exists()


def test_without_the_right_nothing_is_asked(practice, named):
    assert as_(named.zhou).post(ADDRESS).status_code == 403
    with pytest.raises(NotAllowed):
        ask_for_practice(named.zhou, now=NOW)
    assert not Errand.objects.exists()


def test_not_offered_where_an_account_is_to_be_connected_again(practice, named):
    client = as_(named.admin)
    client.settled(client.post(ADDRESS))
    query = {"account": Account.objects.get().pk}
    page = client.get(reverse("accounts-connect"), query).content.decode()
    assert "Get a practice account" not in page


@pytest.mark.parametrize(
    ("name", "slug", "handle"),
    [
        ("Nordlicht", "nord", "Nordlicht"),
        ("Köln & Söhne", "koeln", "KolnSohne"),
        ("A very long name of a brand", "long", "Averylongnameof"),
        ("雁阵咖啡", "yanzhen-cafe", "yanzhen_cafe"),
        ("雁", "yz", "yz_brand"),
        ("X", "i", "i_brand"),
    ],
)
def test_handle_is_made_of_the_name_or_of_the_slug(name, slug, handle):
    assert handle_for(Workspace(name=name, slug=slug)) == handle
