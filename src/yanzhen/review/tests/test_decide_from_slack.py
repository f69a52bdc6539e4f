"""Deciding from a message in Slack: as the linked member, once, with the rights of the desk."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core import signing
from django.utils import timezone

from yanzhen.activity.feed import events
from yanzhen.adapters.tools.slack.tests.fake import USER
from yanzhen.kernel import clock
from yanzhen.notify.actions.slack import unlink_slack
from yanzhen.notify.composing import card_of
from yanzhen.notify.models import Letter, Notice
from yanzhen.notify.posting import post_letters
from yanzhen.notify.tests.news import told as news
from yanzhen.notify.tests.slack_channel import link_slack_user, slack_channel
from yanzhen.people.actions.members import deactivate_member
from yanzhen.people.models import Workspace
from yanzhen.people.tests.cast import NOW, PASSWORD
from yanzhen.planning.actions.embargoing import Terms, set_embargo
from yanzhen.review.actions.rounds import pass_step, submit_post
from yanzhen.review.models import Verdict
from yanzhen.review.states import RoundState
from yanzhen.review.tests.rounds import all_ticked, make_post, submitted, waiting_step
from yanzhen.signin.tests.phone import Phone

pytestmark = pytest.mark.django_db(transaction=True)
LIN = "U0LIN00001"


@pytest.fixture
def slack(settings, monkeypatch, live_server, cast):
    """A Slack with a channel of ours, in which Lena and Lin are linked."""
    told = {"name": "#brand", "topics": ["review"], "people": [(cast.lena, USER), (cast.lin, LIN)]}
    with slack_channel(settings, monkeypatch, live_server, cast, **told) as server:
        yield server


def told(slack):
    """Send what is owed, and return the last message."""
    post_letters(clock.database_now() + timedelta(seconds=1))
    return slack.messages[-1] if slack.messages else None


def refused_for_good():
    return list(Letter.objects.dead().values_list("kind", "error"))


def test_pass_from_slack_is_the_desks_pass_and_the_message_says_who(slack, cast, account):
    submitted(account, cast.zhou, "Geese take turns.")
    message = told(slack)
    assert refused_for_good() == []
    assert list(slack.buttons(message)) == ["Pass", "Return", "Open in Yanzhen"]
    assert f"@{account.handle}\nGeese take turns." in slack.words(message)
    assert slack.press(0, "Pass", user=LIN)[0] == 200
    verdict = Verdict.objects.get(step__kind="role")
    assert (verdict.member, verdict.kind) == (cast.lin, "pass")
    assert events().objects.filter(kind="review.step_passed").get().actor_label == "Lin"
    told(slack)
    assert slack.words(slack.messages[0])[-1] == "Lin passed this step."
    assert "Pass" not in slack.buttons(slack.messages[0])
    # The next step has a message of its own, for somebody else.
    assert "Pass" in slack.buttons(slack.messages[1])


def test_last_levels_are_not_passed_from_a_message_which_leads_to_where_they_are(
    slack, cast, account
):
    round_ = submitted(account, cast.zhou)
    pass_step(waiting_step(round_), by=cast.lin, now=clock.now())
    last = waiting_step(round_)
    told(slack)
    assert slack.press(1, "Pass", user=USER)[0] == 200
    told(slack)
    ((_channel, reader, words),) = slack.asides
    assert reader == USER
    assert "asks for a fresh sign-in" in words
    assert f"/review/{last.pk}/" in words
    assert not Verdict.objects.filter(member=cast.lena).exists()
    assert "Pass" in slack.buttons(slack.messages[1]), "it is not over"
    slack.press(1, "Return", user=USER)
    told(slack)
    slack.fill(slack.views[-1], user=USER, comment="Warmer, please.")
    round_.refresh_from_db()
    assert round_.state == RoundState.RETURNED, "returning opens nothing and asks nothing"


def test_who_must_have_a_second_step_sets_it_up_before_any_deed(slack, cast, account):
    cast.lin.primary_role.second_factor = True
    cast.lin.primary_role.save(update_fields=["second_factor"])
    submitted(account, cast.zhou)
    told(slack)
    slack.press(0, "Pass", user=LIN)
    told(slack)
    assert "/me/second-factor/" in slack.asides[0][2]
    assert not Verdict.objects.filter(step__kind="role").exists()


def test_press_that_comes_again_does_nothing_more(slack, cast, account):
    submitted(account, cast.zhou)
    told(slack)
    assert slack.press(0, "Pass", user=LIN, again=3)[0] == 200
    assert Verdict.objects.filter(step__kind="role").count() == 1
    told(slack)
    assert slack.asides == []


def test_return_asks_why_in_a_form(slack, cast, account):
    round_ = submitted(account, cast.zhou)
    told(slack)
    slack.press(0, "Return", user=LIN)
    told(slack)
    assert refused_for_good() == []
    (view,) = slack.views
    status, answer = slack.fill(view, user=LIN, comment="   ")
    assert (status, b"Say what should change." in answer) == (200, True)
    status, answer = slack.fill(view, user=LIN, comment="Warmer\x07")
    assert (status, b"response_action" in answer) == (200, True), "no letter can be kept like that"
    assert slack.fill(view, user=LIN, comment="Warmer, please.") == (200, b"")
    round_.refresh_from_db()
    assert round_.state == RoundState.RETURNED
    told(slack)
    assert "Lin returned it to Zhou: Warmer, please." in slack.words(slack.messages[0])


def test_slack_gives_nobody_more_than_their_rights(slack, cast, account):
    submitted(account, cast.zhou)
    told(slack)
    # Lena is brand manager: the first step is the team lead's.
    assert slack.press(0, "Pass", user=USER)[0] == 200
    assert not Verdict.objects.filter(step__kind="role").exists()
    told(slack)
    ((channel, reader, words),) = slack.asides
    assert (channel, reader) == ("C0000001", USER)
    assert "This is for: Team lead." in words
    assert "Pass" in slack.buttons(slack.messages[0])


def test_own_work_and_what_is_settled_are_refused(slack, cast, account):
    submitted(account, cast.lin)
    told(slack)
    slack.press(0, "Pass", user=LIN)
    told(slack)
    assert "somebody else decides" in slack.asides[0][2]
    step = waiting_step(submitted(account, cast.zhou, "Another text."))
    told(slack)
    pass_step(step, by=cast.lin, now=clock.now())
    slack.press(1, "Pass", user=LIN)
    told(slack)
    assert "Somebody was faster" in slack.asides[1][2]
    assert "Pass" not in slack.buttons(slack.messages[1])


@pytest.mark.parametrize("who", ["stranger", "unlinked", "left"])
def test_who_is_not_a_linked_member_does_nothing_and_is_told_how(slack, cast, account, who):
    user = LIN
    submitted(account, cast.zhou)
    told(slack)
    if who == "stranger":
        user = "U0NOBODY01"
    elif who == "unlinked":
        unlink_slack(cast.lin, now=NOW)
    else:
        deactivate_member(cast.lin, seen=0, by=cast.admin, now=NOW)
    assert slack.press(0, "Pass", user=user)[0] == 200
    assert not Verdict.objects.filter(step__kind="role").exists()
    told(slack)
    assert f"/me/telling/?slack={user}#slack" in slack.asides[0][2]


def test_who_must_set_up_a_second_step_decides_nothing_from_slack_before(slack, cast, account):
    submitted(account, cast.zhou)
    told(slack)
    Workspace.objects.filter(pk=cast.workspace.pk).update(second_factor=True)
    assert slack.press(0, "Pass", user=LIN)[0] == 200
    assert not Verdict.objects.filter(step__kind="role").exists()
    told(slack)
    assert slack.asides[0][2].endswith("/me/second-factor/")
    Phone().set_up(cast.lin.user)
    # The link was made by the password alone, so it ended with the first step beyond it.
    assert slack.press(0, "Pass", user=LIN)[0] == 200
    told(slack)
    assert "/me/telling/" in slack.asides[1][2]
    assert not Verdict.objects.filter(step__kind="role").exists()
    link_slack_user(cast.lin, LIN)
    assert slack.press(0, "Pass", user=LIN)[0] == 200
    assert Verdict.objects.filter(step__kind="role").get().member == cast.lin


@pytest.mark.parametrize(
    "wrong",
    [
        {"spoil": True},
        {"secret": "0" * 32},
        {"signature": "v0=" + "0" * 64},
        {"signature": ""},
        {"signature": "v0=\u00e9".encode().decode("latin-1")},
        {"at": 0},
        {"at": 4_000_000_000},
    ],
)
def test_what_slack_did_not_sign_now_is_refused(slack, cast, account, wrong):
    submitted(account, cast.zhou)
    told(slack)
    assert slack.press(0, "Pass", user=LIN, **wrong)[0] == 401
    assert not Verdict.objects.filter(step__kind="role").exists()


def test_old_press_is_refused_even_with_its_true_signature(slack, cast, account):
    submitted(account, cast.zhou)
    told(slack)
    moment = slack.clock()
    assert slack.press(0, "Pass", user=LIN, at=moment - 301)[0] == 401
    assert slack.press(0, "Pass", user=LIN, at=moment - 290)[0] == 200


def test_what_is_no_press_of_ours_is_not_understood(slack, cast):
    for payload in ({}, {"type": "shortcut"}, {"type": "block_actions"}, [], 7):
        assert slack.send(payload)[0] == 400
    slack.calls_to = slack.calls_to.replace("/slack/", "/slack/x")
    assert slack.send({})[0] == 404


def test_text_that_is_not_whole_cannot_be_passed_from_a_message(slack, cast, account):
    submitted(account, cast.zhou, *["雁" * 130] * 25)
    message = told(slack)
    assert refused_for_good() == []
    assert list(slack.buttons(message)) == ["Return", "Open in Yanzhen"]
    assert any("There is more to it" in words for words in slack.words(message))


def test_urgent_news_is_acknowledged_from_a_direct_message(slack, cast):
    news(cast, cast.lena, urgent=True)
    message = told(slack)
    assert message["channel"].startswith("D")
    assert list(slack.buttons(message)) == ["Acknowledge", "Open in Yanzhen"]
    slack.press(0, "Acknowledge", user=USER)
    assert Notice.objects.get(member=cast.lena).seen_at is not None
    assert events().objects.get(kind="notify.acknowledged").actor_label == "Lena"
    told(slack)
    assert slack.words(message)[-1] == "Acknowledged by Lena."
    assert list(slack.buttons(message)) == ["Open in Yanzhen"]


def test_post_under_embargo_is_not_told_to_a_channel(slack, cast, account):
    post = make_post(account, cast.zhou, "Secret words.", title="Secret title")
    wall = datetime.fromisoformat("2099-03-05T10:00")
    terms = Terms(wall=wall, zone="UTC", readers=[cast.lin, cast.lena], reason="Prices.")
    set_embargo(post, by=cast.zhou, terms=terms, now=NOW)
    submit_post(post, by=cast.zhou, ticks=all_ticked(post), now=NOW)
    told(slack)
    assert slack.messages == []
    assert set(Letter.objects.values_list("outlet__name", "state")) == {("#brand", "dropped")}
    # Nor is urgent news, not even without words: whoever reads there would know that there is some.
    Letter.objects.update(state="due", urgent=True, tries=0, due_at=NOW, settled_at=None)
    told(slack)
    assert slack.messages == []
    assert set(Letter.objects.values_list("state", flat=True)) == {"dropped"}
    # A member hears that something is stuck, and nothing of what others said of it.
    letter = Letter.objects.first()
    letter.outlet, letter.member, letter.way = None, cast.maya, "slack"
    letter.extra = {"outcome": "Lin returned it to Zhou: Secret words."}
    card = card_of(letter)
    assert card.text == "An embargoed post needs somebody on its list."
    assert "Secret" not in str(card)


def test_link_from_a_message_without_answers_asks_who_is_signed_in(slack, cast, account, client):
    step = waiting_step(submitted(account, cast.zhou))
    event = events().objects.get(kind="review.round_opened")
    token = signing.dumps(
        {"w": cast.workspace.pk, "e": event.pk, "d": "review.pass", "t": str(step.pk)},
        salt="yanzhen.notify.deed",
        compress=True,
    )
    address = f"/do/{token}/"
    assert client.get(address).status_code == 302
    client.force_login(cast.lin.user)
    assert "Geese take turns at the lead." in client.get(address).content.decode()
    assert client.get(address.replace("/do/", "/do/x")).status_code == 404
    client.force_login(cast.wu.user)
    assert client.get(address).status_code == 404
    client.force_login(cast.zhou.user)
    answer = client.post(address)
    assert answer.status_code == 409
    client.force_login(cast.lin.user)
    assert client.post(address).status_code == 302
    assert Verdict.objects.get(step__kind="role").member == cast.lin
    assert "It is settled already." in client.get(address).content.decode()
    assert Notice.objects.filter(member=cast.lin).exists()


def test_link_to_a_last_level_asks_for_a_fresh_proof(slack, cast, account, client):
    round_ = submitted(account, cast.zhou)
    pass_step(waiting_step(round_), by=cast.lin, now=clock.now())
    last = waiting_step(round_)
    event = events().objects.get(kind="review.step_passed")
    token = signing.dumps(
        {"w": cast.workspace.pk, "e": event.pk, "d": "review.pass", "t": str(last.pk)},
        salt="yanzhen.notify.deed",
        compress=True,
    )
    client.force_login(cast.lena.user)
    assert client.get(f"/do/{token}/").status_code == 200
    sessions = UserSession.objects.filter(user=cast.lena.user)
    sessions.update(created_at=timezone.now() - timedelta(hours=1))
    page = client.post(f"/do/{token}/")
    assert (page.status_code, "Is it still you?" in page.text) == (403, True)
    assert not Verdict.objects.filter(member=cast.lena).exists()
    assert client.post(f"/do/{token}/", {"proof_password": PASSWORD}).status_code == 302
    assert Verdict.objects.get(member=cast.lena).kind == "pass"
