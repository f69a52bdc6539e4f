"""New keys for stored secrets under traffic: nothing fails, and the old key is useless."""

from __future__ import annotations

import json
import os
import threading
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections
from django.db.models import BinaryField

from yanzhen.channels import actions, rotation
from yanzhen.channels.actions import keys
from yanzhen.channels.actions.asking import ask_errand
from yanzhen.channels.loops import reseal_secrets
from yanzhen.channels.models import Connecting, Credential, DeveloperApp, Errand
from yanzhen.channels.opening import Opener, opener
from yanzhen.channels.ports import AppKeys, Tokens
from yanzhen.channels.runs import PAIR
from yanzhen.channels.tests.accounts import make_account
from yanzhen.channels.tests.practice import CALLBACK, connect, set_app
from yanzhen.channels.vault import VaultClosed, sealed_with, vault
from yanzhen.people.rights import Decision
from yanzhen.people.tests.cast import NOW, make_cast

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.django_db]


def age_the_key(seconds=120):
    path = opener().folder / "vault.current"
    os.utime(path, (time.time() - seconds, time.time() - seconds))


def one_of_everything(practice, cast):
    """Leave a value in every sealed column."""
    set_app(practice, cast.admin, now=NOW)
    account = connect(practice, cast.admin, "Ferrow", now=NOW)
    other = connect(practice, cast.admin, "FerrowDE", now=NOW)
    actions.start_connecting(cast.admin, None, redirect_uri=CALLBACK, now=NOW)
    ask_errand(
        PAIR,
        by=cast.admin,
        decision=Decision.ACCOUNT_CONNECT,
        secret={"client_secret": "s"},
        params={"client_id": "c", "confidential": True},
        now=NOW,
    )
    actions.disconnect_account(other, by=cast.admin, now=NOW)
    return account


def test_reseal_moves_every_column_and_everything_opens_as_before(practice, cast):
    account = one_of_everything(practice, cast)
    before = keys.open_tokens(account, Credential.objects.get())
    old = opener().current_id()
    assert sum(column.count_with(old) for column in rotation.COLUMNS) == 5
    assert rotation.reseal() == 0
    new = opener().rotate()
    assert reseal_secrets(NOW) == 5
    assert rotation.left_with(old) == 0
    assert rotation.left_with(new) == 5
    assert keys.open_tokens(account, Credential.objects.get()) == before
    assert keys.open_app(DeveloperApp.objects.get()).client_secret == practice.app.client_secret
    waiting = Connecting.objects.get()
    assert opener().open(waiting.sealed_verifier, waiting.verifier_place)
    for errand in Errand.objects.all():
        assert opener().open(errand.sealed, errand.place)
    assert rotation.reseal() == 0


def test_every_sealed_column_is_known_to_rotation():
    known = {(column.model, column.field) for column in rotation.COLUMNS}
    sealed = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, BinaryField) and field.name.startswith("sealed")
    }
    assert sealed == known


def test_commands_rotate_and_finish_only_when_nothing_needs_the_old_key(practice, cast):
    account = one_of_everything(practice, cast)
    old = opener().current_id()
    kept = (opener().private / f"vault-{old}.key").read_bytes()
    sealed = bytes(Credential.objects.get().sealed)
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    assert "5 stored values are resealed." in out.getvalue()
    with pytest.raises(CommandError, match="Run this again in"):
        call_command("rotate_keys", "--finish", stdout=out)
    age_the_key()
    Credential.objects.update(sealed=sealed)  # a page that was about to store what it had sealed
    with pytest.raises(CommandError, match="1 stored values are still sealed with"):
        call_command("rotate_keys", "--finish", stdout=out)
    assert opener().ids() == sorted([old, opener().current_id()])
    reseal_secrets(NOW)
    call_command("rotate_keys", "--finish", stdout=out)
    assert f"Key {old} is deleted." in out.getvalue()
    assert opener().ids() == [opener().current_id()]
    with pytest.raises(VaultClosed):
        opener().open(sealed, account.tokens_place)
    # Whoever has kept a copy of the old key opens nothing that is stored now.
    thief = opener().private.parent / "thief"
    thief.mkdir()
    (thief / f"vault-{old}.key").write_bytes(kept)
    with pytest.raises(VaultClosed):
        Opener(thief, thief).open(Credential.objects.get().sealed, account.tokens_place)
    assert actions.open_session(account, now=NOW).me().handle == "Ferrow"
    call_command("rotate_keys", "--finish", stdout=out)
    assert "There is one key" in out.getvalue()


def test_reseal_of_what_cannot_be_opened_goes_on_with_the_rest(practice, cast, caplog):
    account = one_of_everything(practice, cast)
    bent = bytearray(Credential.objects.get().sealed)
    bent[-1] ^= 1
    Credential.objects.update(sealed=bytes(bent))
    old = opener().current_id()
    opener().rotate()
    assert rotation.reseal() == 4
    assert rotation.left_with(old) == 1
    assert f"channels.Credential {account.credential.pk} not resealed" in caplog.text


def test_reseal_never_overwrites_what_was_written_meanwhile(practice, cast, monkeypatch):
    account = one_of_everything(practice, cast)
    opener().rotate()
    real = Opener.reseal

    def meanwhile(self, sealed, place):
        monkeypatch.setattr(Opener, "reseal", real)
        connect(practice, cast.admin, "Ferrow", now=NOW + timedelta(minutes=1))
        meanwhile.newer = keys.open_tokens(account, Credential.objects.get())[1].access
        return real(self, sealed, place)

    monkeypatch.setattr(Opener, "reseal", meanwhile)
    rotation.reseal()
    assert keys.open_tokens(account, Credential.objects.get())[1].access == meanwhile.newer


def test_losing_the_secret_key_loses_sessions_only(practice, cast, settings):
    account = one_of_everything(practice, cast)
    settings.SECRET_KEY = "another one after the old was lost"
    assert actions.open_session(account, now=NOW).me().handle == "Ferrow"


class Traffic:
    """Threads that open and seal the secrets of ``accounts`` until told to stop."""

    def __init__(self, accounts):
        self.accounts = accounts
        self.stop = threading.Event()
        self.opened, self.wrong, self.lock = 0, [], threading.Lock()
        work = [(self.look, n * 700) for n in range(4)] + [(self.write, n * 900) for n in range(2)]
        self.threads = [threading.Thread(target=self.guarded, args=each) for each in work]

    def guarded(self, work, at):
        try:
            while not self.stop.is_set():
                work(self.accounts[at % len(self.accounts)])
                at += 61
        except Exception as error:  # noqa: BLE001 -- shown by the assertion below
            self.wrong.append(repr(error))
        finally:
            connections.close_all()

    def look(self, account):
        _app, tokens = keys.open_tokens(account, Credential.objects.get(account=account))
        assert tokens.access == f"canary-{account.pk}"
        with self.lock:
            self.opened += 1

    def write(self, account):
        told = {"access": f"canary-{account.pk}", "secret": "", "refresh": ""}
        fresh = vault().seal(json.dumps(told).encode(), account.tokens_place)
        Credential.objects.filter(account=account).update(sealed=fresh)
        time.sleep(0.01)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *args):
        time.sleep(0.2)
        self.stop.set()
        for thread in self.threads:
            thread.join(60)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_rotation_under_traffic_fails_nothing(practice):
    """2,000 secrets (10,000 to prove it), threads that open and seal, and two changes of keys."""
    cast = make_cast()
    count = 10_000 if os.environ.get("PROVE") else 2000
    accounts = [make_account(cast.workspace, f"A{n}") for n in range(count)]
    box = opener()
    first = box.current_id()
    Credential.objects.bulk_create(
        Credential(
            account=account,
            kind="oauth1",
            sealed=keys.seal_tokens(
                account, AppKeys(), Tokens("oauth1", f"canary-{account.pk}", secret="s")
            ),
            check_due_at=NOW,
            changed_at=NOW,
        )
        for account in accounts
    )
    with Traffic(accounts) as traffic:
        for _change in range(2):
            box.rotate()
            while rotation.reseal(seconds=2):
                pass
    while rotation.reseal():
        pass
    assert traffic.wrong == []
    assert traffic.opened > 50
    assert rotation.left_with(first) == 0
    age_the_key()
    assert len(rotation.drop_old_keys()) == 2
    ids = {sealed_with(row.sealed) for row in Credential.objects.only("sealed")}
    assert ids == {box.current_id()}
    for row in Credential.objects.select_related("account"):
        assert keys.open_tokens(row.account, row)[1].access == f"canary-{row.account_id}"
