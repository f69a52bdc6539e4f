"""The health of connections: what holds, what ends, what X said, and what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yanzhen.channels import actions
from yanzhen.channels.health import facts_of, granted, health_of
from yanzhen.channels.models import Account, Credential
from yanzhen.channels.states import AccountState, Problem
from yanzhen.channels.tests.accounts import make_account
from yanzhen.channels.tests.practice import connect, set_app
from yanzhen.channels.tests.site import as_
from yanzhen.jobs.models import Lease
from yanzhen.kernel.clock import database_now
from yanzhen.kernel.clock import now as clock_now
from yanzhen.people.tests.cast import NOW

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.django_db]
WHERE = "/accounts/health/"


def read(account):
    return Account.objects.select_related("credential").get(pk=account.pk)


def test_page_tells_of_each_connection_what_matters(practice, cast):
    set_app(practice, cast.admin, now=clock_now())
    account = connect(practice, cast.admin, "Ferrow", now=clock_now())
    actions.open_session(account, now=clock_now())
    Lease.objects.create(name="channels.errands", ok_at=database_now())
    page = as_(cast.zhou).get(WHERE).content.decode()
    for words in ("@Ferrow", "OAuth 2.0", "all well", "Nothing to do.", "tweet.write"):
        assert words in page
    assert page.count("chip--moss") == 7
    assert practice.app.client_id[:15] in page
    assert "Check now" not in page
    assert "No worker answers" not in page
    assert "Check now" in as_(cast.admin).get(WHERE).content.decode()


def test_page_check_now_leads_back_here(practice, cast):
    set_app(practice, cast.admin, now=clock_now())
    account = connect(practice, cast.admin, "Ferrow", now=clock_now())
    client = as_(cast.admin)
    told = client.settled(client.post(f"/accounts/{account.pk}/check/", {"from": "health"}))
    assert told.redirect_chain[-1][0] == WHERE
    practice.sim.fault("402", match={"route": "/2/users/me"})
    told = client.settled(client.post(f"/accounts/{account.pk}/check/", {"from": "health"}))
    assert "no credits left" in told.content.decode()
    page = client.get(WHERE).content.decode()
    assert '<code translate="no">no_credits 402</code>' in page
    assert "credits depleted" in page


@pytest.mark.parametrize("where", ["/accounts/", WHERE, "/accounts/revoke-all/"])
def test_open_pages_fetch_only_their_rows_again(practice, cast, where):
    make_account(cast.workspace)
    answer = as_(cast.admin).get(where, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()


def test_page_without_a_worker_and_without_accounts(practice, cast):
    page = as_(cast.admin).get(WHERE).content.decode()
    assert "No worker answers" in page
    assert "Nothing to publish to yet" in page


def test_page_asks_as_often_for_one_as_for_three(practice, cast):
    def cost():
        with CaptureQueriesContext(connection) as seen:
            client.get(WHERE)
        return len(seen.captured_queries)

    set_app(practice, cast.admin, now=clock_now())
    connect(practice, cast.admin, "Ferrow", now=clock_now())
    client = as_(cast.admin)
    client.get(WHERE)
    one = cost()
    for name in ("FerrowDE", "Ferrow_ZH"):
        connect(practice, cast.admin, name, now=clock_now())
    assert cost() == one


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Nothing to do."),
        ({"expires_at": NOW + timedelta(minutes=4)}, "should have been renewed"),
        ({"checked_at": NOW - timedelta(hours=13)}, "not asked for half a day"),
        ({"scopes": "tweet.read users.read offline.access"}, "allows too little"),
        ({"may_write": False}, "may only read"),
    ],
)
def test_one_sentence_says_what_to_do(practice, cast, changes, words):
    set_app(practice, cast.admin, now=NOW)
    account = connect(practice, cast.admin, "Ferrow", now=NOW)
    Credential.objects.update(**changes)
    assert words in health_of(read(account), now=NOW).todo


@pytest.mark.parametrize(
    ("stands", "words", "tone"),
    [
        ((AccountState.UNCONFIRMED, ""), "right account", "ochre"),
        ((AccountState.RECONNECT, Problem.REFUSED), "Connect the account again", "ochre"),
        ((AccountState.DISCONNECTED, ""), "when it is needed", "line"),
    ],
)
def test_states_without_authority_say_so(practice, cast, stands, words, tone):
    state, problem = stands
    account = make_account(cast.workspace, state=state, problem=problem)
    found = health_of(account, now=NOW)
    assert (words in found.todo, found.tone, found.scopes) == (True, tone, ())


def test_facts_tell_what_x_has_not_allowed(practice, cast):
    set_app(practice, cast.admin, now=NOW)
    connect(
        practice,
        cast.admin,
        "Ferrow",
        now=NOW,
        scope="tweet.read tweet.write users.read offline.access",
    )
    facts = {fact.title: fact.ok for fact in facts_of(Credential.objects.get())}
    assert facts["Pictures and videos"] is False
    assert facts["Publishing"] is True
    missing = [scope.slug for scope in granted(Credential.objects.get()) if not scope.given]
    assert missing == ["media.write", "tweet.moderate.write"]


def test_renewals_and_uses_are_noted(practice, cast):
    set_app(practice, cast.admin, now=NOW)
    account = connect(practice, cast.admin, "Ferrow", now=NOW)
    assert Credential.objects.get().used_at is None
    actions.check_account(account, now=NOW)
    assert Credential.objects.get().used_at is None
    actions.open_session(account, now=NOW)
    actions.open_session(account, now=NOW + timedelta(seconds=59))
    assert Credential.objects.get().used_at == NOW
    later = NOW + timedelta(hours=2)
    actions.open_session(account, now=later)
    row = Credential.objects.get()
    assert (row.used_at, row.renewed_at, row.generation) == (later, later, 2)
