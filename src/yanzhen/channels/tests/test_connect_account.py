from datetime import timedelta

import pytest

from yanzhen.activity.models import Event
from yanzhen.channels import actions
from yanzhen.channels.actions import CannotConnect
from yanzhen.channels.actions.confirming import confirm_account, turn_away
from yanzhen.channels.actions.writing import open_writer
from yanzhen.channels.models import Account, Connecting, Credential
from yanzhen.channels.ports import AppKeys, OutgoingPost, PlatformError
from yanzhen.channels.running import run_waiting
from yanzhen.channels.states import AccountState
from yanzhen.channels.tests.practice import CALLBACK, connect, practice_server, set_app
from yanzhen.kernel.clock import now as clock_now
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.rights import NotAllowed
from yanzhen.people.tests.cast import NOW, make_cast

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.django_db]


def through_consent(practice, member, handle, *, account=None, decision="approve", now=NOW):
    url = actions.start_connecting(member, account, redirect_uri=CALLBACK, now=now)
    told = practice.consent(url, handle, decision=decision)
    return told["state"], told.get("code", "")


def kinds():
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("public", [False, True])
def test_connect_through_consent_publishes_as_that_account(settings, monkeypatch, tmp_path, public):
    admin = make_cast().admin
    with practice_server(settings, monkeypatch, tmp_path, public=public) as practice:
        set_app(practice, admin, now=NOW)
        state, code = through_consent(practice, admin, "Ferrow")
        account = actions.finish_connecting(admin, state=state, code=code, now=NOW)
        assert (account.handle, account.state) == ("Ferrow", AccountState.UNCONFIRMED)
        with pytest.raises(actions.NotConnected):
            actions.open_session(account, now=NOW)
        confirm_account(account, by=admin, now=NOW)
        assert account.state == AccountState.CONNECTED
        assert account.remote_id == practice.id_of("Ferrow")
        assert account.premium is True
        assert account.zone == "Europe/Berlin"
        writer = open_writer(account, now=NOW).inner
        sent = writer.send(OutgoingPost("雁 & geese <3"), timeout_seconds=5)
        assert sent.code == "created"
        assert [p["text"] for p in practice.sim.posts("Ferrow")] == ["雁 & geese <3"]
    assert kinds()[-3:] == [
        "channels.developer_app_set",
        "channels.account_offered",
        "channels.account_connected",
    ]


def test_connect_authorize_page_is_asked_with_pkce_and_all_scopes(practice, cast):
    set_app(practice, cast.admin, now=NOW)
    url = actions.start_connecting(cast.admin, None, redirect_uri=CALLBACK, now=NOW)
    assert "code_challenge_method=S256" in url
    assert "scope=tweet.read%20tweet.write%20users.read%20media.write" in url
    assert "offline.access" in url


def test_connect_without_an_app_says_so(practice, cast):
    with pytest.raises(CannotConnect) as refused:
        actions.start_connecting(cast.admin, None, redirect_uri=CALLBACK, now=NOW)
    assert refused.value.code == "no_app"


def test_connect_denied_at_x_connects_nothing(practice, cast):
    set_app(practice, cast.admin, now=NOW)
    state, code = through_consent(practice, cast.admin, "Ferrow", decision="deny")
    with pytest.raises(CannotConnect) as refused:
        actions.finish_connecting(cast.admin, state=state, code=code, now=NOW)
    assert refused.value.code == "denied"
    assert not Account.objects.exists()


def test_connect_same_answer_twice_works_once(practice, cast):
    set_app(practice, cast.admin, now=NOW)
    state, code = through_consent(practice, cast.admin, "Ferrow")
    actions.finish_connecting(cast.admin, state=state, code=code, now=NOW)
    with pytest.raises(CannotConnect) as refused:
        actions.finish_connecting(cast.admin, state=state, code=code, now=NOW)
    assert refused.value.code == "not_waiting"
    assert Account.objects.count() == 1


@pytest.mark.parametrize("who", ["wu", "lena"])
def test_connect_answer_for_somebody_else_is_refused(practice, cast, who):
    set_app(practice, cast.admin, now=NOW)
    state, code = through_consent(practice, cast.admin, "Ferrow")
    with pytest.raises((CannotConnect, NotAllowed)):
        actions.finish_connecting(getattr(cast, who), state=state, code=code, now=NOW)
    assert not Account.objects.exists()


def test_connect_answer_after_ten_minutes_is_refused(practice, cast):
    set_app(practice, cast.admin, now=NOW)
    state, code = through_consent(practice, cast.admin, "Ferrow")
    with pytest.raises(CannotConnect) as refused:
        actions.finish_connecting(
            cast.admin, state=state, code=code, now=NOW + timedelta(minutes=11)
        )
    assert refused.value.code == "not_waiting"


def test_connect_code_older_than_30_seconds_at_x_is_told(practice, cast):
    set_app(practice, cast.admin, now=NOW)
    state, code = through_consent(practice, cast.admin, "Ferrow")
    practice.sim.advance(31)
    with pytest.raises(CannotConnect) as refused:
        actions.finish_connecting(cast.admin, state=state, code=code, now=NOW)
    assert refused.value.code == "code_refused"


def test_connect_with_a_wrong_client_secret_blames_the_app(practice, cast):
    actions.set_developer_app(
        cast.admin,
        client_id=practice.app.client_id,
        client_secret="wrong",
        confidential=True,
        now=NOW,
    )
    state, code = through_consent(practice, cast.admin, "Ferrow")
    with pytest.raises(CannotConnect) as refused:
        actions.finish_connecting(cast.admin, state=state, code=code, now=NOW)
    assert refused.value.code == "app_refused"


def test_connect_without_refresh_scope_is_refused(practice, cast, monkeypatch):
    monkeypatch.setattr(
        "yanzhen.adapters.platforms.x.oauth2.SCOPES", ("tweet.read", "tweet.write", "users.read")
    )
    set_app(practice, cast.admin, now=NOW)
    state, code = through_consent(practice, cast.admin, "Ferrow")
    with pytest.raises(CannotConnect) as refused:
        actions.finish_connecting(cast.admin, state=state, code=code, now=NOW)
    assert (refused.value.code, refused.value.words) == (
        "scopes_missing",
        {"scopes": "offline.access"},
    )


def test_connect_again_with_another_account_is_refused_and_its_tokens_are_voided(practice, cast):
    set_app(practice, cast.admin, now=NOW)
    account = connect(practice, cast.admin, "Ferrow", now=NOW)
    before = bytes(Credential.objects.get().sealed)
    state, code = through_consent(practice, cast.admin, "FerrowDE", account=account)
    with pytest.raises(CannotConnect) as refused:
        actions.finish_connecting(cast.admin, state=state, code=code, now=NOW)
    assert refused.value.code == "wrong_account"
    assert refused.value.words == {"expected": "Ferrow", "found": "FerrowDE"}
    assert bytes(Credential.objects.get().sealed) == before
    assert len(practice.calls("/2/oauth2/revoke")) == 2
    assert Account.objects.get().handle == "Ferrow"


def test_confirm_twice_or_without_the_right_is_refused(practice, cast):
    set_app(practice, cast.admin, now=NOW)
    state, code = through_consent(practice, cast.admin, "Ferrow")
    account = actions.finish_connecting(cast.admin, state=state, code=code, now=NOW)
    other = Account.objects.get()
    with pytest.raises(NotAllowed):
        confirm_account(account, by=cast.zhou, now=NOW)
    with pytest.raises(NotAllowed):
        turn_away(account, by=cast.zhou, now=NOW)
    confirm_account(account, by=cast.admin, now=NOW)
    with pytest.raises(MoveRefused):
        confirm_account(other, by=cast.admin, now=NOW)
    with pytest.raises(MoveRefused):
        turn_away(other, by=cast.admin, now=NOW)
    assert Credential.objects.count() == 1


def test_turn_away_voids_the_keys_and_hides_the_account_until_it_comes_again(practice, cast):
    set_app(practice, cast.admin, now=NOW)
    state, code = through_consent(practice, cast.admin, "Ferrow")
    account = actions.finish_connecting(cast.admin, state=state, code=code, now=NOW)
    tokens = actions.keys.open_tokens(account, Credential.objects.get())[1]
    turn_away(account, by=cast.admin, now=NOW)
    assert run_waiting(NOW) == 1
    with pytest.raises(PlatformError):
        practice.platform.session(practice.keys, tokens).me()
    assert not Credential.objects.exists()
    assert not Account.objects.visible_to(cast.admin).exists()
    assert kinds()[-2:] == ["channels.account_disconnected", "channels.account_turned_away"]
    again = connect(practice, cast.admin, "Ferrow", now=NOW)
    assert (again.pk, again.turned_away, again.is_connected) == (account.pk, False, True)


def test_connect_an_account_in_use_through_the_wizard_needs_no_new_word(practice, cast):
    set_app(practice, cast.admin, now=NOW)
    account = connect(practice, cast.admin, "Ferrow", now=NOW)
    state, code = through_consent(practice, cast.admin, "Ferrow")
    again = actions.finish_connecting(cast.admin, state=state, code=code, now=NOW)
    assert (again.pk, again.state) == (account.pk, AccountState.CONNECTED)
    actions.disconnect_account(again, by=cast.admin, now=NOW)
    state, code = through_consent(practice, cast.admin, "Ferrow")
    again = actions.finish_connecting(cast.admin, state=state, code=code, now=NOW)
    assert again.state == AccountState.UNCONFIRMED


def test_connect_same_account_again_keeps_one_row_and_raises_the_generation(practice, cast):
    set_app(practice, cast.admin, now=NOW)
    first = connect(practice, cast.admin, "Ferrow", now=NOW)
    second = connect(practice, cast.admin, "Ferrow", now=NOW)
    assert first.pk == second.pk
    assert Credential.objects.get().generation == 2


def test_connect_follows_a_renamed_handle_by_id(practice, cast):
    set_app(practice, cast.admin, now=NOW)
    account = connect(practice, cast.admin, "Ferrow", now=NOW)
    Account.objects.filter(pk=account.pk).update(handle="OldName")
    again = connect(practice, cast.admin, "Ferrow", now=NOW)
    assert (again.pk, again.handle) == (account.pk, "Ferrow")


def test_connect_without_the_right_is_refused_before_anything_leaves(practice, cast):
    with pytest.raises(NotAllowed):
        actions.start_connecting(cast.zhou, None, redirect_uri=CALLBACK, now=NOW)
    with pytest.raises(NotAllowed):
        connect(practice, cast.zhou, now=NOW)
    assert not practice.calls("/2/users/me", "GET")


def test_paste_keys_are_checked_live_and_sign_posts(practice, cast):
    token, secret = practice.sim.oauth1_keys(practice.app, "FerrowDE")
    app = AppKeys(
        consumer_key=practice.app.consumer_key, consumer_secret=practice.app.consumer_secret
    )
    account = actions.paste_keys(
        cast.admin, None, app=app, access_token=token, access_secret=secret, now=clock_now()
    )
    assert (account.handle, account.state) == ("FerrowDE", AccountState.UNCONFIRMED)
    confirm_account(account, by=cast.admin, now=clock_now())
    writer = open_writer(account, now=clock_now()).inner
    assert writer.send(OutgoingPost("Grüße & 雁"), timeout_seconds=5).code == "created"
    assert [p["text"] for p in practice.sim.posts("FerrowDE")] == ["Grüße & 雁"]


def test_paste_keys_that_are_wrong_connect_nothing(practice, cast):
    token, _ = practice.sim.oauth1_keys(practice.app, "FerrowDE")
    app = AppKeys(
        consumer_key=practice.app.consumer_key, consumer_secret=practice.app.consumer_secret
    )
    with pytest.raises(CannotConnect) as refused:
        actions.paste_keys(
            cast.admin, None, app=app, access_token=token, access_secret="no", now=clock_now()
        )
    assert refused.value.code == "keys_refused"
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("fault", "code"),
    [("402", "no_credits"), ("429", "rate_limited"), ("reject_503", "x_down")],
)
def test_connect_tells_what_x_says_against_it(practice, cast, fault, code):
    practice.sim.fault(fault, match={"route": "/2/users/me"})
    with pytest.raises(CannotConnect) as refused:
        connect(practice, cast.admin, now=NOW)
    assert refused.value.code == code


def test_connect_tokens_of_another_server_never_mix(practice, cast):
    set_app(practice, cast.admin, now=NOW)
    account = connect(practice, cast.admin, "Ferrow", now=NOW)
    Account.objects.filter(pk=account.pk).update(origin="x.com")
    account.refresh_from_db()
    with pytest.raises(CannotConnect) as refused:
        actions.start_connecting(cast.admin, account, redirect_uri=CALLBACK, now=NOW)
    assert refused.value.code == "elsewhere"
    with pytest.raises(actions.NotConnected):
        actions.open_session(account, now=NOW)


def test_forget_abandoned_deletes_old_starts_only(practice, cast):
    set_app(practice, cast.admin, now=NOW)
    for _ in range(2):
        actions.start_connecting(cast.admin, None, redirect_uri=CALLBACK, now=NOW)
    Connecting.objects.filter(pk=Connecting.objects.first().pk).update(
        expires_at=NOW - timedelta(days=2)
    )
    assert actions.forget_abandoned(now=NOW) == 1
    assert Connecting.objects.count() == 1
