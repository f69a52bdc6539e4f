"""Everything disconnected and voided at once, from a page and from the command line."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from yanzhen.activity.models import Event
from yanzhen.channels import actions
from yanzhen.channels.actions.leaving import REVOKE, revoke_all
from yanzhen.channels.actions.starting import answer_connecting
from yanzhen.channels.models import Account, Connecting, Credential, Errand
from yanzhen.channels.ports import AppKeys, PlatformError
from yanzhen.channels.running import run_waiting
from yanzhen.channels.states import AccountState, ErrandState
from yanzhen.channels.tests.practice import CALLBACK, connect, set_app
from yanzhen.channels.tests.site import as_
from yanzhen.channels.voiding import report_of
from yanzhen.kernel.clock import database_now
from yanzhen.kernel.clock import now as clock_now
from yanzhen.people.rights import NotAllowed

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.django_db]


@pytest.fixture
def three(practice, cast):
    """Two accounts that agreed at X and one with pasted keys."""
    set_app(practice, cast.admin, now=clock_now())
    found = [
        connect(practice, cast.admin, name, now=clock_now()) for name in ("Ferrow", "FerrowDE")
    ]
    token, secret = practice.sim.oauth1_keys(practice.app, "Ferrow_ZH")
    app = AppKeys(
        consumer_key=practice.app.consumer_key, consumer_secret=practice.app.consumer_secret
    )
    pasted = actions.paste_keys(
        cast.admin, None, app=app, access_token=token, access_secret=secret, now=clock_now()
    )
    return [*found, pasted]


def tokens_of(account):
    return actions.keys.open_tokens(account, Credential.objects.get(account=account))[1]


def dead(practice, tokens):
    with pytest.raises(PlatformError):
        practice.platform.session(practice.keys, tokens).me()
    return True


def test_revoke_all_disconnects_voids_and_reports_each(practice, cast, three):
    held = [tokens_of(account) for account in three[:2]]
    errands = revoke_all(cast.workspace, by=cast.admin, now=database_now())
    assert not Credential.objects.exists()
    assert set(Account.objects.values_list("state", flat=True)) == {AccountState.DISCONNECTED}
    run_waiting(database_now())
    assert all(dead(practice, tokens) for tokens in held)
    for errand in errands:
        errand.refresh_from_db()
    assert [report_of(errand).safe for errand in errands] == [True, True, False]
    assert "Keys and tokens" in report_of(errands[2]).steps[0]
    told = Event.objects.filter(kind="channels.account_disconnected")
    assert [event.actor_id for event in told] == [str(cast.admin.pk)] * 3


def test_revoke_all_needs_the_right_and_leaves_others_alone(practice, cast, three):
    with pytest.raises(NotAllowed):
        revoke_all(cast.workspace, by=cast.zhou, now=database_now())
    assert revoke_all(cast.wu.workspace, by=cast.wu, now=database_now()) == []
    assert Credential.objects.count() == 3


def test_revoke_all_stops_connections_being_made(practice, cast, three):
    starts = []
    for handle in ("FerrowCare", "Ferrow"):
        url = actions.start_connecting(cast.admin, None, redirect_uri=CALLBACK, now=clock_now())
        starts.append(practice.consent(url, handle))
    answer_connecting(cast.admin, state=starts[0]["state"], code=starts[0]["code"], now=clock_now())
    revoke_all(cast.workspace, by=cast.admin, now=clock_now())
    assert not Connecting.objects.filter(used_at=None).exists()
    run_waiting(database_now())
    assert not Credential.objects.exists()
    with pytest.raises(actions.CannotConnect):
        answer_connecting(
            cast.admin, state=starts[1]["state"], code=starts[1]["code"], now=clock_now()
        )


def test_revoke_all_page_asks_does_it_and_shows_what_became_of_each(practice, cast, three):
    client = as_(cast.admin)
    where = "/accounts/revoke-all/"
    assert "3 accounts are connected" in client.get(where).content.decode()
    told = client.post(where, follow=True).content.decode()
    assert told.count("X is being asked") == 3
    assert 'hx-trigger="load delay:1s"' in told
    run_waiting(database_now())
    told = client.get(where).content.decode()
    assert (told.count("X has voided the keys"), told.count("only by hand")) == (2, 1)
    assert "hx-trigger" not in told.split('id="voided"')[1].split(">")[0]
    assert "are connected" not in told
    page = client.get(f"/accounts/{three[2].pk}/").content.decode()
    assert "X voids pasted keys only by hand" in page


def test_revoke_that_x_refuses_for_good_says_where_to_do_it(practice, cast, three):
    actions.set_developer_app(
        cast.admin, client_id="another", client_secret="x", confidential=True, now=clock_now()
    )
    errand = revoke_all(cast.workspace, by=cast.admin, now=database_now())[0]
    run_waiting(database_now())
    errand.refresh_from_db()
    assert (errand.state, errand.code) == (ErrandState.FAILED, "app_changed")
    report = report_of(errand)
    assert (report.safe, "Connected apps" in report.steps[-1]) == (False, True)


def test_command_revokes_reports_and_says_what_is_left(practice, cast, three):
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 3 accounts need a hand"):
        call_command("revoke_all", "--workspace", "ferrow", "--yes", stdout=out)
    told = out.getvalue()
    assert "3 accounts of ferrow are disconnected" in told
    assert told.count("X has voided the keys") == 2
    assert "Regenerating the API key" in told
    actor = Event.objects.filter(kind="channels.account_disconnected").first()
    assert actor.actor_type == "system"
    out = StringIO()
    call_command("revoke_all", "--yes", stdout=out)
    assert "0 accounts of ferrow, other" in out.getvalue()


def test_command_asks_first_and_knows_its_workspaces(practice, cast, three, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: "no")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("revoke_all", stdout=StringIO())
    with pytest.raises(CommandError, match="Known: ferrow, other"):
        call_command("revoke_all", "--workspace", "ferow", "--yes")
    assert Errand.objects.filter(kind=REVOKE).count() == 0
    assert Credential.objects.count() == 3
