from datetime import timedelta

import pytest

from yanzhen.activity.models import Event
from yanzhen.channels import actions
from yanzhen.channels.loops import keep_accounts
from yanzhen.channels.models import Account, Credential
from yanzhen.channels.states import AccountState, Problem
from yanzhen.channels.tests.practice import connect, set_app
from yanzhen.people.tests.cast import NOW, make_cast

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.django_db]
DUE = NOW + timedelta(hours=4)
ME = "/2/users/me"


@pytest.fixture
def account(practice):
    admin = make_cast().admin
    set_app(practice, admin, now=NOW)
    return connect(practice, admin, "Ferrow", now=NOW)


def test_keep_accounts_idle_does_nothing(practice, account):
    before = len(practice.calls(ME, "GET"))
    assert keep_accounts(NOW + timedelta(minutes=30)) == 0
    assert len(practice.calls(ME, "GET")) == before


def test_keep_accounts_renews_a_quarter_of_an_hour_ahead(practice, account):
    assert keep_accounts(NOW + timedelta(minutes=104)) == 0
    assert keep_accounts(NOW + timedelta(minutes=106)) == 1
    assert Credential.objects.get().generation == 2


def test_keep_accounts_checks_every_four_hours(practice, account):
    Account.objects.update(handle="Old", name="Old", premium=False, problem="unreachable")
    keep_accounts(DUE)
    account.refresh_from_db()
    assert (account.handle, account.name, account.premium, account.problem) == (
        "Ferrow",
        "Ferrow",
        True,
        "",
    )
    credential = Credential.objects.get()
    assert (credential.checked_at, credential.check_due_at) == (DUE, DUE + timedelta(hours=4))
    renamed = Event.objects.get(kind="channels.account_renamed")
    assert renamed.data == {"before": "Old", "after": "Ferrow"}
    assert keep_accounts(DUE + timedelta(minutes=1)) == 0


def test_keep_accounts_leaves_an_overridden_premium_alone(practice, account):
    actions.change_account(
        account,
        by=account.connected_by,
        zone="UTC",
        language="",
        colour="main",
        premium=False,
        now=NOW,
    )
    keep_accounts(DUE)
    account.refresh_from_db()
    assert (account.premium, account.text_limit) == (False, 280)


def test_keep_accounts_revoked_at_x_means_reconnect(practice, account):
    _, tokens = actions.keys.open_tokens(account, Credential.objects.get())
    practice.platform.revoke(practice.keys, tokens)
    keep_accounts(DUE)
    account.refresh_from_db()
    assert (account.state, account.problem) == (AccountState.RECONNECT, Problem.REFUSED)
    assert keep_accounts(DUE + timedelta(hours=9)) == 0


def test_keep_accounts_tokens_of_another_user_mean_reconnect(practice, account):
    Account.objects.update(remote_id="1")
    keep_accounts(DUE)
    account.refresh_from_db()
    assert (account.state, account.problem, account.problem_detail) == (
        AccountState.RECONNECT,
        Problem.WRONG_ACCOUNT,
        "@Ferrow",
    )


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ("402", Problem.NO_CREDITS),
        ("spend_cap", Problem.NO_CREDITS),
        ("403_not_permitted", Problem.FORBIDDEN),
        ("429", Problem.RATE_LIMITED),
        ("reject_503", Problem.UNREACHABLE),
        ("reject_reset", Problem.UNREACHABLE),
    ],
)
def test_keep_accounts_notes_trouble_and_looks_again_in_ten_minutes(
    practice, account, fault, problem
):
    practice.sim.fault(fault, match={"route": ME})
    keep_accounts(DUE)
    account.refresh_from_db()
    assert (account.state, account.problem) == (AccountState.CONNECTED, problem)
    assert Credential.objects.get().check_due_at >= DUE + timedelta(minutes=10)


def test_keep_accounts_one_stray_401_is_survived(practice, account):
    practice.sim.fault("401", match={"route": ME})
    keep_accounts(DUE)
    account.refresh_from_db()
    assert (account.state, account.problem) == (AccountState.CONNECTED, "")


def test_keep_accounts_of_another_server_are_left_alone(practice, account):
    Account.objects.update(origin="x.com")
    assert keep_accounts(DUE) == 0
