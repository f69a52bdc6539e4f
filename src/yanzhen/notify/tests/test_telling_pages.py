"""How one is told, outlets and what did not arrive: the pages over HTTP."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yanzhen.adapters.tools.push.tests.test_encrypt import Browser as Theirs
from yanzhen.adapters.tools.slack.tests.fake import SECRET, TOKEN, fake_slack
from yanzhen.adapters.tools.webhook.tests.receiver import receiver
from yanzhen.channels.tests.accounts import make_account
from yanzhen.kernel import clock
from yanzhen.notify.actions import slack as slack_actions
from yanzhen.notify.actions.outlets import add_outlet, try_outlet
from yanzhen.notify.actions.slack import ask_link, connect_slack, link_token
from yanzhen.notify.loops import keep_letters
from yanzhen.notify.models import (
    Browser,
    Letter,
    Manner,
    Outlet,
    Preference,
    PushKey,
    SlackLink,
    SlackTeam,
)
from yanzhen.notify.news import TOPICS
from yanzhen.notify.posting import post_letters
from yanzhen.notify.states import LetterState, Level, OutletKind
from yanzhen.notify.tests.news import told
from yanzhen.notify.tests.wiring import wire
from yanzhen.people.actions.delegations import delegate
from yanzhen.people.actions.roles import RoleWish, make_role
from yanzhen.people.rights import Decision
from yanzhen.people.tests.cast import NOW


@pytest.fixture
def enter(client):
    def enter(member):
        client.force_login(member.user)
        return client

    return enter


def choices(level="urgent", **more):
    return {f"{topic}-{way}": level for topic in TOPICS for way in ("mail", "push")} | more


def hook(cast, name="Hook"):
    return add_outlet(
        cast.admin,
        kind=OutletKind.WEBHOOK,
        name=name,
        address="https://example.com/x",
        language="en",
        level=Level.ALL,
        topics=[],
        now=NOW,
    )[0]


def test_manner_is_kept_and_shown_again(cast, enter, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    client = enter(cast.lena)
    page = client.get("/me/telling/").content.decode()
    assert "By the clocks in Berlin." in page
    sent = choices(quiet_from="22:00", quiet_until="07:00", digest_at="17:30")
    sent |= {"review-mail": "all", "ideas-mail": "never"}
    assert client.post("/me/telling/", sent).status_code == 302
    manner = Manner.objects.get(member=cast.lena)
    assert (manner.quiet_from, manner.quiet_until) == (time(22), time(7))
    assert dict(Preference.objects.values_list("topic", "level")) == {
        "review": "all",
        "ideas": "never",
    }
    page = client.get("/me/telling/").content.decode()
    assert 'value="22:00"' in page
    assert re.search(r'name="review-mail".*?<option value="all" selected>', page, re.DOTALL)
    assert client.post("/me/telling/", choices()).status_code == 302
    assert not Preference.objects.exists()


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"quiet_from": "22:00"}, "Quiet hours need both times"),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "Choose another time"),
        ({"quiet_from": "25:99"}, "Enter a valid time"),
        ({"review-mail": "loud"}, "Select a valid choice"),
    ],
)
def test_manner_that_cannot_be_is_refused_with_a_reason(cast, enter, settings, sent, says):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    answer = enter(cast.lena).post("/me/telling/", choices() | sent)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Manner.objects.exists()


def test_link_is_for_whoever_asked_once_and_for_half_an_hour(cast, enter, monkeypatch):
    with clock.set_to(NOW):
        connect_slack(cast.admin, bot_token=TOKEN, signing_secret=SECRET, now=NOW)
    token = link_token(ask_link(cast.lena, slack_user="U0LENA0001", now=NOW))
    address = f"/me/telling/slack/{token}/"
    assert enter(cast.lin).get(address).status_code == 410
    assert enter(cast.lin).post(address).status_code == 410
    client = enter(cast.lena)
    assert "U0LENA0001" in client.get(address).content.decode()
    assert not SlackLink.objects.exists(), "looking links nobody"
    assert client.post(address).status_code == 302
    assert SlackLink.objects.get().member == cast.lena
    assert client.post(address).status_code == 410
    assert client.post("/me/telling/slack/unlink/").status_code == 302
    assert not SlackLink.objects.standing().exists()
    assert client.get(address).status_code == 410
    older = link_token(ask_link(cast.lena, slack_user="U0LENA0001", now=NOW))
    monkeypatch.setattr(slack_actions, "LINK_LASTS", timedelta(seconds=-1))
    assert "too old" in client.get(f"/me/telling/slack/{older}/").content.decode()


def test_links_are_not_for_writing_to_strangers_in_slack(cast, enter):
    connect_slack(cast.admin, bot_token=TOKEN, signing_secret=SECRET, now=NOW)
    client = enter(cast.lena)
    for number in range(7):
        client.post("/me/telling/slack/", {"slack": f"U00000000{number}"})
    assert Letter.objects.count() == slack_actions.MOST_LINKS
    assert "The link is on its way." in client.get("/me/telling/").content.decode()
    # Each new one takes the place of the one before, while that has not left.
    assert Letter.objects.filter(state=LetterState.DUE).count() == 1


def test_slack_user_who_is_somebody_else_by_now_moves(cast, enter):
    connect_slack(cast.admin, bot_token=TOKEN, signing_secret=SECRET, now=NOW)
    for member in (cast.lena, cast.lin):
        token = link_token(ask_link(member, slack_user="U0SHARED01", now=NOW))
        assert enter(member).post(f"/me/telling/slack/{token}/").status_code == 302
    assert SlackLink.objects.standing().get().member == cast.lin


def test_slack_secrets_are_kept_apart_and_never_shown(cast, enter):
    client = enter(cast.admin)
    sent = {"bot_token": TOKEN, "signing_secret": SECRET}
    assert client.post("/outlets/slack/", sent).status_code == 302
    team = SlackTeam.objects.get()
    assert TOKEN.encode() not in bytes(team.sealed_token)
    assert SECRET not in team.locked_secret
    page = client.get("/outlets/slack/").content.decode()
    assert f"/slack/{team.key}/" in page
    assert TOKEN not in page
    assert SECRET not in page
    bad = client.post("/outlets/slack/", {"bot_token": "xoxp-1", "signing_secret": "no"})
    assert bad.status_code == 422
    assert "xoxp-1" not in bad.content.decode()


def test_borrowed_right_to_the_settings_plants_no_secret_that_acts_as_others(cast, enter):
    connect_slack(cast.admin, bot_token=TOKEN, signing_secret=SECRET, now=NOW)
    before = SlackTeam.objects.get().locked_secret
    at = clock.now()
    delegate(
        cast.admin,
        receiver=cast.zhou,
        decisions=[Decision.WORKSPACE_EDIT],
        ends_at=at + timedelta(hours=8),
        by=cast.admin,
        now=at,
    )
    client = enter(cast.zhou)
    assert client.get("/outlets/").status_code == 200
    page = client.get("/outlets/slack/").text
    assert "These members can: Sam" in page
    assert "bot_token" not in page, "no form that would be refused"
    sent = {"bot_token": TOKEN, "signing_secret": "0" * 32}
    assert client.post("/outlets/slack/", sent).status_code == 403
    assert SlackTeam.objects.get().locked_secret == before


def test_webhook_shows_its_secret_once(cast, enter):
    client = enter(cast.admin)
    sent = {"name": "Hook", "address": "https://example.com/x", "language": "en", "level": "all"}
    shown = client.post("/outlets/new/webhook/", sent).content.decode()
    outlet = Outlet.objects.get()
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", shown).group()
    assert "whsec_" not in client.get(f"/outlets/{outlet.pk}/").content.decode()
    changed = client.post(f"/outlets/{outlet.pk}/secret/").content.decode()
    assert secret not in changed
    assert "the secret before signs as well" in changed


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("webhook", "http://example.com/"),
        ("webhook", "https://example.com:8443/"),
        ("webhook", "ftp://example.com/"),
        ("webhook", "https://"),
        ("webhook", "https://[::1"),
        ("webhook", "https://me:secret@example.com/"),
        ("teams", "nonsense"),
    ],
)
def test_address_that_may_not_be_called_is_refused(cast, enter, kind, address):
    sent = {"name": "Hook", "address": address, "language": "en", "level": "all"}
    assert enter(cast.admin).post(f"/outlets/new/{kind}/", sent).status_code == 422
    assert not Outlet.objects.exists()


def test_teams_address_is_a_secret(cast, enter):
    client = enter(cast.admin)
    address = "https://prod-1.logic.example/workflows/x?sig=very-secret"
    sent = {"name": "Team", "address": address, "language": "en", "level": "all"}
    assert client.post("/outlets/new/teams/", sent).status_code == 302
    outlet = Outlet.objects.get()
    page = client.get(f"/outlets/{outlet.pk}/").content.decode()
    assert "prod-1.logic.example" in page
    assert "very-secret" not in page
    assert b"very-secret" not in bytes(outlet.sealed)


def test_stale_page_of_an_outlet_overwrites_nothing(cast, enter):
    outlet = hook(cast)
    client = enter(cast.admin)
    sent = {"name": "Other", "language": "en", "level": "urgent", "active": "on", "seen": 0}
    assert client.post(f"/outlets/{outlet.pk}/", sent).status_code == 302
    assert client.post(f"/outlets/{outlet.pk}/", sent | {"name": "Third"}).status_code == 409
    assert Outlet.objects.get().name == "Other"


def test_undelivered_is_listed_with_the_reason_and_tried_again(cast, enter):
    outlet = hook(cast)
    letter = try_outlet(outlet, by=cast.admin, now=NOW)
    Letter.objects.filter(pk=letter.pk).update(
        state=LetterState.DEAD, settled_at=NOW, error="HTTP 404"
    )
    client = enter(cast.lin)
    page = client.get("/letters/").content.decode()
    assert "HTTP 404" in page
    assert client.post(f"/letters/{letter.pk}/again/").status_code == 302
    letter.refresh_from_db()
    assert letter.state == LetterState.DUE
    assert "Everything arrived" in client.get("/letters/").content.decode()


def test_who_resolves_for_one_account_sees_only_their_own_and_the_channels_letters(cast, enter):
    account = make_account(cast.workspace)
    wish = RoleWish(title="Desk", decisions=[Decision.PUBLISH_RESOLVE], accounts=[account.pk])
    cast.zhou.further_roles.add(make_role(cast.workspace, wish=wish, by=cast.admin, now=NOW))
    told(cast, cast.zhou, cast.maya, urgent=True)
    try_outlet(hook(cast, "Hook of all"), by=cast.admin, now=NOW)
    Letter.objects.update(state=LetterState.DEAD, settled_at=NOW, error="HTTP 404")
    page = enter(cast.lin).get("/letters/").text
    assert all(words in page for words in ("Zhou · ", "Maya · ", "Hook of all"))
    client = enter(cast.zhou)
    page = client.get("/letters/").text
    assert "Zhou · " in page
    assert "Hook of all" in page
    assert "Maya · " not in page
    assert "again/" not in page, "no button that would be refused"
    assert client.post("/letters/again/").status_code == 403
    others = Letter.objects.get(member=cast.maya)
    assert client.post(f"/letters/{others.pk}/again/").status_code == 404


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("SMTPRecipientsRefused: {'a@b.c': (550, b'5.1.1 no')}", "member’s address. (SMTP 550)"),
        ("SMTPDataError: (554, b'no')", "did not take the mail. (SMTP 554)"),
        ("ConnectionRefusedError: [Errno 111] Connection refused", "was not reached"),
    ],
)
def test_undelivered_mail_says_why_in_words(cast, enter, error, says):
    letter = try_outlet(hook(cast), by=cast.admin, now=NOW)
    own = {"way": "mail", "outlet": None, "member": cast.lena, "error": error}
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.DEAD, settled_at=NOW, **own)
    page = enter(cast.lin).get("/letters/").text
    assert says in page
    assert error.partition(":")[0] not in page


def test_lists_cost_as_many_queries_for_three_as_for_one(cast, enter):
    client = enter(cast.lin)
    costs = []
    for number in range(3):
        letter = try_outlet(hook(cast, f"Hook {number}"), by=cast.admin, now=NOW)
        Letter.objects.filter(pk=letter.pk).update(state=LetterState.DEAD, settled_at=NOW)
        if number == 1:
            continue
        for address in ("/letters/", "/outlets/"):
            client.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200
            costs.append((address, len(seen)))
    assert costs[0] == costs[2]
    assert costs[1] == costs[3]


def test_test_message_to_slack_arrives_or_says_why(cast, enter, settings, monkeypatch):
    with fake_slack() as slack:
        wire(settings, monkeypatch, slack=slack)
        connect_slack(cast.admin, bot_token="xoxb-0000000000-wrong", signing_secret=SECRET, now=NOW)
        client = enter(cast.admin)
        sent = {"name": "#brand", "address": "C0000001", "language": "en", "level": "all"}
        client.post("/outlets/new/slack/", sent)
        outlet = Outlet.objects.get()
        client.post(f"/outlets/{outlet.pk}/test/")
        post_letters(clock.database_now() + timedelta(seconds=1))
        page = client.get(f"/outlets/{outlet.pk}/").content.decode()
        assert "Slack: invalid_auth" in page
        assert "wrong" not in page
        connect_slack(cast.admin, bot_token=TOKEN, signing_secret=SECRET, now=NOW)
        client.post(f"/outlets/{outlet.pk}/test/")
        post_letters(clock.database_now() + timedelta(seconds=1))
        assert "Arrived" in client.get(f"/outlets/{outlet.pk}/").content.decode()
        assert slack.words(slack.messages[0])[0].startswith("This is a test.")


def test_browser_is_pushed_to_until_it_is_gone(cast, enter, settings, monkeypatch):
    browser, client = Theirs(), enter(cast.lena)
    wire(settings, monkeypatch)
    settings.ENV = replace(settings.ENV, private_webhooks=True)
    keep_letters(NOW)
    assert PushKey.objects.get().public in client.get("/me/telling/").content.decode()
    with receiver() as service:
        p256dh, auth = browser.given
        sent = {"endpoint": service.url, "p256dh": p256dh, "auth": auth}
        assert client.post("/me/telling/browsers/", sent).status_code == 204
        assert client.post("/me/telling/browsers/", sent).status_code == 204
        kept = Browser.objects.get()
        assert service.url.encode() not in bytes(kept.sealed)
        told(cast, cast.lena, cast.lin, urgent=True, name="Ferrow & Co")
        assert post_letters(NOW) == 1
        ((_headers, body),) = service.taken
        news = json.loads(browser.read(body))
        assert "changed the settings of Ferrow" in news["body"]
        assert news["url"].endswith(f"/notices/{cast.lena.notices.get().pk}/")
        service.answers.append((410, {}))
        told(cast, cast.lena, urgent=True)
        assert post_letters(NOW) == 1
    assert not Browser.objects.exists()
    assert not Letter.objects.dead().exists()
    told(cast, cast.lena, urgent=True)
    assert post_letters(NOW) == 0


@pytest.mark.parametrize(
    "wrong",
    [{"endpoint": "http://push.example/x"}, {"p256dh": "nonsense"}, {"auth": ""}],
)
def test_browser_that_gives_nonsense_is_refused(cast, enter, wrong):
    p256dh, auth = Theirs().given
    sent = {"endpoint": "https://push.example/x", "p256dh": p256dh, "auth": auth, **wrong}
    assert enter(cast.lena).post("/me/telling/browsers/", sent).status_code == 422
    assert not Browser.objects.exists()
