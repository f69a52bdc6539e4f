"""Canaries: after connecting, sending, failing and leaving, no secret stands anywhere in plain."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from yanzhen.channels import actions
from yanzhen.channels.actions.asking import ask_errand
from yanzhen.channels.actions.writing import open_writer
from yanzhen.channels.models import Account, Credential, Errand
from yanzhen.channels.ports import OutgoingPost
from yanzhen.channels.running import run_waiting
from yanzhen.channels.runs import PAIR
from yanzhen.channels.states import ErrandState
from yanzhen.channels.tests.practice import connect, set_app
from yanzhen.channels.tests.site import as_
from yanzhen.channels.vault import Place, WrongSeal
from yanzhen.kernel.clock import now as clock_now
from yanzhen.people.rights import Decision
from yanzhen.people.tests.cast import NOW

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.django_db]


def everything_stored():
    """Return every value of every table as bytes, whatever the database."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 -- names of our own tables
            for row in cursor.fetchall():
                for value in row:
                    if isinstance(value, (bytes, memoryview)):
                        yield table, bytes(value)
                    else:
                        yield table, str(value).encode()


def test_no_table_log_or_page_holds_a_secret_in_plain(practice, cast, settings, caplog):
    caplog.set_level(logging.DEBUG)
    settings.BASE_URL = "http://testserver"
    client, canaries = as_(cast.admin), {"wrong-secret-canary"}
    pages = []

    def visit(response):
        pages.append(b"".join(response).decode())
        return response

    pair = {"client_id": practice.app.client_id, "confidential": "yes"}
    for secret in ("wrong-secret-canary", practice.app.client_secret):
        sent = client.post(reverse("accounts-app"), {**pair, "client_secret": secret})
        visit(client.settled(sent))
        canaries.add(secret)
    told = practice.consent(client.post(reverse("accounts-start"))["Location"], "Ferrow")
    canaries.add(told["code"])
    visit(client.settled(client.get(reverse("accounts-connected"), told)))
    account = Account.objects.get()
    visit(client.post(f"/accounts/{account.pk}/confirm/", {"verdict": "right"}, follow=True))
    token, secret = practice.sim.oauth1_keys(practice.app, "FerrowDE")
    keys = {
        "consumer_key": practice.app.consumer_key,
        "consumer_secret": practice.app.consumer_secret,
        "access_token": token,
    }
    for each in (secret, "wrong-access-canary"):
        canaries |= {each, token, practice.app.consumer_secret}
        sent = client.post(reverse("accounts-keys"), {**keys, "access_secret": each})
        visit(client.settled(sent))
    for fault in ("402", "401", "reject_503", "accept_then_hang"):
        practice.sim.fault(fault)
        _app, held = actions.keys.open_tokens(account, Credential.objects.get(account=account))
        canaries |= {held.access, held.refresh}
        writer = open_writer(account, now=clock_now()).inner
        writer.send(OutgoingPost(f"Post {fault}"), timeout_seconds=1)
        visit(client.settled(client.post(f"/accounts/{account.pk}/check/")))
    for path in ("/accounts/", "/accounts/health/", f"/accounts/{account.pk}/", "/activity/"):
        visit(client.get(path))
    visit(client.get("/activity.csv"))
    visit(client.post("/accounts/revoke-all/", follow=True))
    run_waiting(clock_now())
    visit(client.get("/accounts/revoke-all/"))
    assert len(canaries) >= 8
    coded = {canary.encode() for canary in canaries if canary}
    hits = {table for table, value in everything_stored() for each in coded if each in value}
    assert hits == set()
    shown = "".join(pages)
    logged = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    for canary in canaries:
        assert canary not in shown
        # The names of loggers that are kept quiet in settings are not heard here either.
        assert canary not in logged
    assert not Errand.objects.filter(sealed__gt=b"").exclude(state=ErrandState.ASKED).exists()


def test_practice_can_never_hold_what_is_for_x(practice, cast, settings, monkeypatch):
    set_app(practice, cast.admin, now=NOW)
    account = connect(practice, cast.admin, "Ferrow", now=NOW)
    credential = Credential.objects.get()
    real = replace(account.tokens_place, origin="x.com")
    with pytest.raises(WrongSeal):
        actions.keys.opener().open(credential.sealed, real)
    errand = ask_errand(
        PAIR,
        by=cast.admin,
        decision=Decision.ACCOUNT_CONNECT,
        secret={"client_secret": "real-secret"},
        params={"client_id": "real", "confidential": True},
        now=NOW,
    )
    calls = len(practice.calls("/2/oauth2/token"))
    # The same row, as if it had been asked for while the real X was set.
    sealed = actions.keys.opener().seal(
        b'{"client_secret": "real-secret"}',
        Place(cast.workspace.pk, errand.key, "errand", "x.com"),
    )
    Errand.objects.filter(pk=errand.pk).update(origin="x.com", sealed=sealed)
    run_waiting(NOW)
    errand.refresh_from_db()
    assert (errand.state, errand.code) == (ErrandState.FAILED, "elsewhere")
    assert len(practice.calls("/2/oauth2/token")) == calls
    Account.objects.update(origin="x.com")
    with pytest.raises(actions.NotConnected):
        actions.open_session(account, now=NOW)
    account.refresh_from_db()
    with pytest.raises(WrongSeal):
        actions.keys.open_tokens(account, credential)


def test_pages_of_the_test_client_really_run_closed(practice, cast, monkeypatch):
    """The guard that every page test of this room stands behind."""
    account = connect(practice, cast.admin, "Ferrow", now=NOW)
    seen = []

    def peek(*args, **kwargs):
        try:
            actions.keys.open_tokens(account, Credential.objects.get())
        except Exception as error:  # noqa: BLE001 -- told below
            seen.append(type(error).__name__)
        return []

    monkeypatch.setattr("yanzhen.channels.views.health.lately_voided", peek)
    as_(cast.admin).get("/accounts/revoke-all/")
    assert seen == ["VaultClosed"]
    client = Client()
    client.force_login(
        cast.admin.user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    client.get("/accounts/revoke-all/")
    assert seen == ["VaultClosed"]  # an open process opens, which is what the guard is for
