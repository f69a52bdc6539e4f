"""Renewing single-use refresh tokens: once, whatever happens around it."""

import os
import signal
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections

from yanzhen.activity.models import Event
from yanzhen.channels import actions
from yanzhen.channels.actions import NotConnected, authority, keys
from yanzhen.channels.models import Account, Credential
from yanzhen.channels.ports import PlatformError
from yanzhen.channels.running import run_waiting
from yanzhen.channels.states import AccountState, ErrandState, Problem
from yanzhen.channels.tests.practice import connect, set_app
from yanzhen.kernel.clock import set_to
from yanzhen.people.tests.cast import NOW, make_cast

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
LATER = NOW + timedelta(hours=2)
TOKEN = "/2/oauth2/token"


@pytest.fixture
def account(practice, db):
    admin = make_cast().admin
    set_app(practice, admin, now=NOW)
    return connect(practice, admin, "Ferrow", now=NOW)


def tokens_of(account):
    return keys.open_tokens(account, Credential.objects.get(account=account))[1]


def lost_kinds():
    return Event.objects.filter(kind="channels.account_lost").values_list("data", flat=True)


def test_open_session_renews_when_less_than_five_minutes_are_left(practice, account):
    early = LATER - timedelta(minutes=5, seconds=1)
    assert actions.open_session(account, now=early).generation == 1
    assert not practice.calls(TOKEN)
    late = LATER - timedelta(minutes=4, seconds=59)
    session = actions.open_session(account, now=late)
    assert session.generation == 2
    assert session.me().handle == "Ferrow"
    assert len(practice.calls(TOKEN)) == 1
    credential = Credential.objects.get()
    assert credential.expires_at == late + timedelta(hours=2)
    assert credential.refreshing_until_at is None


def test_open_session_refresh_tokens_rotate_each_time(practice, account):
    seen = {tokens_of(account).refresh}
    for round_ in range(1, 4):
        actions.open_session(account, now=NOW + timedelta(hours=2 * round_))
        seen.add(tokens_of(account).refresh)
    assert len(seen) == 4
    assert [c["status"] for c in practice.calls(TOKEN)] == [200, 200, 200]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_open_session_fifty_at_once_renew_once(practice):
    admin = make_cast().admin
    set_app(practice, admin, now=NOW)
    account = connect(practice, admin, "Ferrow", now=NOW)
    practice.sim.fault("slow", match={"route": TOKEN}, seconds=0.5)
    start = threading.Barrier(50)
    got, wrong = [], []

    def one():
        try:
            mine = Account.objects.get(pk=account.pk)
            connection.close()
            start.wait(30)
            got.append(actions.open_session(mine, now=LATER).generation)
        except Exception as error:  # noqa: BLE001 -- shown by the assertion below
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert got == [2] * 50
    assert len(practice.calls(TOKEN)) == 1
    account.refresh_from_db()
    assert account.state == AccountState.CONNECTED


class Killed(BaseException):
    """Stands for kill -9: nothing after it runs."""


def test_open_session_killed_after_the_answer_ends_in_reconnect_that_says_why(
    practice, account, monkeypatch
):
    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(authority, "_keep", die)
        with pytest.raises(Killed):
            actions.open_session(account, now=LATER)
    assert len(practice.calls(TOKEN)) == 1
    account.refresh_from_db()
    assert account.state == AccountState.CONNECTED

    soon = LATER + timedelta(seconds=61)
    with pytest.raises(NotConnected) as gone:
        actions.open_session(account, now=soon)
    assert gone.value.problem == Problem.ANSWER_LOST
    account.refresh_from_db()
    assert (account.state, account.problem) == (AccountState.RECONNECT, Problem.ANSWER_LOST)
    assert list(lost_kinds()) == [{"problem": "answer_lost"}]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_worker_killed_outright_between_answer_and_commit_ends_in_reconnect(practice):
    """The same with a real process and a real SIGKILL, at every look from then on."""
    admin = make_cast().admin
    set_app(practice, admin, now=NOW)
    account = connect(practice, admin, "Ferrow", now=NOW)
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        authority._keep = lambda *args, **kwargs: os.kill(os.getpid(), signal.SIGKILL)
        actions.open_session(Account.objects.get(pk=account.pk), now=LATER)
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL
    assert [c["status"] for c in practice.calls(TOKEN)] == [200]
    assert Credential.objects.get().refreshing_until_at is not None
    for _look in range(2):
        with pytest.raises(NotConnected):
            actions.open_session(account, now=LATER + timedelta(seconds=61))
    account.refresh_from_db()
    assert (account.state, account.problem) == (AccountState.RECONNECT, Problem.ANSWER_LOST)
    assert list(lost_kinds()) == [{"problem": "answer_lost"}]


def test_open_session_killed_before_x_heard_of_it_heals_by_itself(practice, account, monkeypatch):
    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(practice.platform, "refresh", die)
        with pytest.raises(Killed):
            actions.open_session(account, now=LATER)
    assert actions.open_session(account, now=LATER + timedelta(seconds=61)).generation == 2


@pytest.mark.parametrize(
    "fault", ["accept_then_hang", "accept_then_reset", "accept_then_503", "accept_then_garbage"]
)
def test_open_session_lost_answer_is_noticed_and_told(practice, account, fault):
    more = {"garbage": "html"} if fault == "accept_then_garbage" else {}
    practice.sim.fault(fault, match={"route": TOKEN}, **more)
    with pytest.raises(PlatformError):
        actions.open_session(account, now=LATER)
    account.refresh_from_db()
    assert (account.state, account.problem) == (AccountState.CONNECTED, Problem.UNREACHABLE)
    with pytest.raises(NotConnected):
        actions.open_session(account, now=LATER + timedelta(seconds=61))
    account.refresh_from_db()
    assert account.problem == Problem.ANSWER_LOST


@pytest.mark.parametrize("fault", ["reject_503", "reject_reset", "429"])
def test_open_session_failed_renewal_heals_when_x_is_back(practice, account, fault):
    practice.sim.fault(fault, match={"route": TOKEN})
    with pytest.raises(PlatformError):
        actions.open_session(account, now=LATER)
    assert actions.open_session(account, now=LATER + timedelta(seconds=61)).generation == 2
    account.refresh_from_db()
    assert (account.state, account.problem) == (AccountState.CONNECTED, "")


def test_open_session_failed_renewal_keeps_using_tokens_that_still_hold(practice, account):
    practice.sim.fault("reject_503", match={"route": TOKEN})
    session = actions.open_session(account, now=LATER - timedelta(minutes=3))
    assert session.generation == 1
    assert session.me().handle == "Ferrow"


def test_open_session_reused_refresh_token_means_reconnect(practice, account):
    practice.platform.refresh(practice.keys, tokens_of(account), now=NOW)
    with pytest.raises(NotConnected) as gone:
        actions.open_session(account, now=LATER)
    assert gone.value.problem == Problem.REFUSED
    account.refresh_from_db()
    assert account.state == AccountState.RECONNECT
    assert account.problem_detail == "Value passed for the token was invalid."


def test_open_session_refused_app_keeps_the_connection_and_says_so(practice, account):
    actions.set_developer_app(
        account.connected_by,
        client_id=practice.app.client_id,
        client_secret="wrong",
        confidential=True,
        now=NOW,
    )
    with pytest.raises(PlatformError):
        actions.open_session(account, now=LATER)
    account.refresh_from_db()
    assert (account.state, account.problem) == (AccountState.CONNECTED, Problem.APP_REFUSED)
    set_app(practice, account.connected_by, now=NOW)
    assert actions.open_session(account, now=LATER).generation == 2


def test_set_developer_app_of_another_id_asks_for_reconnecting(practice, account):
    actions.set_developer_app(
        account.connected_by, client_id="other", client_secret="", confidential=False, now=NOW
    )
    account.refresh_from_db()
    assert (account.state, account.problem) == (AccountState.RECONNECT, Problem.APP_CHANGED)


def test_disconnect_during_a_renewal_stays_disconnected(practice, account, monkeypatch):
    real = practice.platform.refresh

    def meanwhile(app, tokens, *, now):
        fresh = real(app, tokens, now=now)
        other = Account.objects.get(pk=account.pk)
        actions.disconnect_account(other, by=other.connected_by, now=now)
        monkeypatch.setattr(practice.platform, "refresh", real)
        meanwhile.fresh = fresh
        return fresh

    monkeypatch.setattr(practice.platform, "refresh", meanwhile)
    with pytest.raises(NotConnected):
        actions.open_session(account, now=LATER)
    account.refresh_from_db()
    assert account.state == AccountState.DISCONNECTED
    assert not Credential.objects.exists()
    with pytest.raises(PlatformError) as refused:
        practice.platform.session(practice.keys, meanwhile.fresh).me()
    assert refused.value.code == "unauthorised"


def test_connect_again_during_a_renewal_keeps_the_newer_tokens(practice, account, monkeypatch):
    real = practice.platform.refresh

    def meanwhile(app, tokens, *, now):
        fresh = real(app, tokens, now=now)
        monkeypatch.setattr(practice.platform, "refresh", real)
        connect(practice, account.connected_by, "Ferrow", now=now)
        meanwhile.newer = tokens_of(account).access
        return fresh

    monkeypatch.setattr(practice.platform, "refresh", meanwhile)
    session = actions.open_session(account, now=LATER)
    assert session.generation == 2
    assert tokens_of(account).access == meanwhile.newer


def test_disconnect_voids_the_tokens_at_x(practice, account):
    tokens = tokens_of(account)
    actions.disconnect_account(account, by=account.connected_by, now=NOW)
    assert account.state == AccountState.DISCONNECTED
    assert run_waiting(NOW) == 1
    with pytest.raises(PlatformError):
        practice.platform.session(practice.keys, tokens).me()
    with pytest.raises(NotConnected):
        actions.open_session(account, now=NOW)


def test_disconnect_works_while_x_is_away(practice, account):
    practice.sim.fault("reject_503", times=0)
    tokens = tokens_of(account)
    errand = actions.disconnect_account(account, by=account.connected_by, now=NOW)
    assert not Credential.objects.exists()
    with set_to(NOW):
        assert run_waiting(NOW) == 1
    errand.refresh_from_db()
    assert (errand.state, errand.due_at) == (ErrandState.ASKED, NOW + timedelta(seconds=10))
    assert run_waiting(NOW) == 0
    practice.sim.clear_faults()
    assert practice.platform.session(practice.keys, tokens).me().handle == "Ferrow"
    assert run_waiting(NOW + timedelta(seconds=10)) == 1
    errand.refresh_from_db()
    assert (errand.state, errand.code, bytes(errand.sealed)) == (ErrandState.DONE, "done", b"")
    with pytest.raises(PlatformError):
        practice.platform.session(practice.keys, tokens).me()


def test_lost_authority_renews_after_a_401(practice, account):
    session = actions.open_session(account, now=NOW)
    soon = NOW + timedelta(minutes=30)
    assert actions.lost_authority(account, generation=session.generation, now=soon) is True
    assert actions.open_session(account, now=soon).generation == 2


def test_lost_authority_of_an_older_generation_only_says_open_again(practice, account):
    actions.open_session(account, now=LATER)
    calls = len(practice.calls(TOKEN))
    assert actions.lost_authority(account, generation=1, now=LATER) is True
    assert len(practice.calls(TOKEN)) == calls


def test_lost_authority_revoked_at_x_means_reconnect(practice, account):
    practice.platform.revoke(practice.keys, tokens_of(account))
    soon = NOW + timedelta(minutes=30)
    assert actions.lost_authority(account, generation=1, now=soon) is False
    account.refresh_from_db()
    assert (account.state, account.problem) == (AccountState.RECONNECT, Problem.REFUSED)


def test_lost_authority_one_stray_401_to_new_tokens_is_asked_about_first(practice, account):
    assert actions.lost_authority(account, generation=1, now=NOW) is True
    assert not practice.calls(TOKEN)
    practice.platform.revoke(practice.keys, tokens_of(account))
    assert actions.lost_authority(account, generation=1, now=NOW) is False


def test_lost_authority_while_x_is_away_decides_nothing(practice, account):
    practice.sim.fault("reject_503", times=0)
    with pytest.raises(PlatformError):
        actions.lost_authority(account, generation=1, now=LATER)
    account.refresh_from_db()
    assert account.state == AccountState.CONNECTED


def test_open_session_never_opens_a_seal_of_another_account(practice, account):
    other = connect(practice, account.connected_by, "FerrowDE", now=NOW)
    Credential.objects.filter(account=account).update(
        sealed=Credential.objects.get(account=other).sealed
    )
    with pytest.raises(NotConnected) as gone:
        actions.open_session(account, now=NOW)
    assert gone.value.problem == Problem.SEALED
    account.refresh_from_db()
    assert account.state == AccountState.RECONNECT


def test_open_session_without_the_key_files_says_so_and_loses_nothing(
    practice, account, settings, tmp_path
):
    kept = tmp_path / "kept"
    (tmp_path / "keys").rename(kept)
    (tmp_path / "keys").mkdir()
    with pytest.raises(NotConnected) as gone:
        actions.open_session(account, now=NOW)
    assert gone.value.problem == Problem.SEALED
    account.refresh_from_db()
    assert account.state == AccountState.CONNECTED
    for path in kept.iterdir():
        path.replace(tmp_path / "keys" / path.name)
    assert actions.open_session(account, now=NOW).generation == 1
