"""Messages in Slack follow what is decided elsewhere: who did it, and no buttons any more."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.core import signing
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from yanzhen.activity.feed import events
from yanzhen.adapters.tools.slack.tests.fake import USER
from yanzhen.kernel import clock
from yanzhen.notify.actions.retrying import retry_letters
from yanzhen.notify.actions.settling import CLAIM, MOST_TRIES, wait_after
from yanzhen.notify.models import Letter, Outlet, Preference, SlackLink
from yanzhen.notify.posting import post_letters
from yanzhen.notify.states import LetterState, Level, OutletKind, Unsaid, Way
from yanzhen.notify.tests.slack_channel import slack_channel
from yanzhen.people.tests.cast import NOW
from yanzhen.planning.actions.embargoing import Terms, set_embargo
from yanzhen.planning.actions.timing import revise_post
from yanzhen.review.actions.rounds import pass_step, return_step, withdraw_round
from yanzhen.review.models import RoundStep
from yanzhen.review.tests.rounds import submitted, waiting_step

pytestmark = pytest.mark.django_db(transaction=True)
LIN = "U0LIN00001"
OPEN = ["Open in Yanzhen"]


@pytest.fixture
def slack(settings, monkeypatch, live_server, cast):
    """A channel in English, and Lin, who reads all news of review in Chinese."""
    cast.lin.user.language = "zh-hans"
    cast.lin.user.save(update_fields=["language"])
    told = {"name": "#brand", "topics": ["review"], "people": [(cast.lena, USER), (cast.lin, LIN)]}
    with slack_channel(settings, monkeypatch, live_server, cast, **told) as server:
        Preference.objects.create(member=cast.lin, topic="review", way=Way.SLACK, level=Level.ALL)
        Letter.objects.all().delete()
        yield server


def soon():
    return clock.database_now() + timedelta(seconds=1)


def send():
    """Do what the worker does."""
    post_letters(soon())


def asked(slack, account, author, *texts):
    """Send a post to review, and tell it."""
    round_ = submitted(account, author, *texts)
    send()
    return round_


def found(slack, kind="C"):
    """Give the messages of the channel (C), or Lin's own (D)."""
    return [message for message in slack.messages if message["channel"].startswith(kind)]


def buttons(slack, message):
    return list(slack.buttons(message))


def said(slack, message):
    return slack.words(message)[-1]


def test_passed_on_the_page_every_message_says_who_without_buttons(slack, cast, account):
    round_ = asked(slack, account, cast.zhou)
    (channel,), (own,) = found(slack), found(slack, "D")
    assert buttons(slack, channel) == ["Pass", "Return", *OPEN]
    assert buttons(slack, own)[:2] == ["通过", "退回"]
    calls = len(slack.calls)
    pass_step(waiting_step(round_), by=cast.lin, now=clock.now())
    assert len(slack.calls) == calls, "nothing is sent by whoever decides"
    send()
    assert (said(slack, channel), buttons(slack, channel)) == ("Lin passed this step.", OPEN)
    assert said(slack, own) == "Lin已通过这一步。"
    assert len(buttons(slack, own)) == 1
    # The next step asks in a message of its own.
    assert buttons(slack, found(slack)[1])[:2] == ["Pass", "Return"]
    calls = len(slack.calls)
    send()
    assert len(slack.calls) == calls


def test_first_message_keeps_what_became_of_its_own_step(slack, cast, account):
    round_ = asked(slack, account, cast.zhou)
    pass_step(waiting_step(round_), by=cast.lin, now=clock.now())
    send()
    step = waiting_step(round_)
    pass_step(step, by=cast.lena, now=clock.now())
    send()
    send()
    first, second = found(slack)[:2]
    assert said(slack, first) == "Lin passed this step."
    assert (said(slack, second), buttons(slack, second)) == ("Lena passed this step.", OPEN)
    assert slack.calls.count("chat.update") == 3, "the first two once more would say the same"
    assert not Letter.objects.filter(state=LetterState.DUE, way=Way.OUTLET).exists()


def withdraw(round_, cast):
    withdraw_round(round_, by=cast.zhou, now=clock.now())


def give_back(round_, cast):
    step = waiting_step(round_)
    return_step(step, by=cast.lin, reason="tone", comment="Warmer, please.", now=clock.now())


def revise(round_, cast):
    revise_post(round_.post, by=cast.zhou, now=clock.now())


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (give_back, "Lin returned it to Zhou: Warmer, please."),
        (withdraw, "Zhou took it back from review."),
        (revise, "Zhou changed it, so there is nothing to decide here."),
    ],
)
def test_whatever_ends_the_round_is_said(slack, cast, account, how, words):
    round_ = asked(slack, account, cast.zhou)
    how(round_, cast)
    send()
    (channel,) = found(slack)[:1]
    assert (said(slack, channel), buttons(slack, channel)) == (words, OPEN)


def test_decided_by_a_link_from_teams(slack, cast, account, client):
    step = waiting_step(asked(slack, account, cast.zhou))
    event = events().objects.get(kind="review.round_opened")
    told = {"w": cast.workspace.pk, "e": event.pk, "d": "review.pass", "t": str(step.pk)}
    client.force_login(cast.lin.user)
    token = signing.dumps(told, salt="yanzhen.notify.deed", compress=True)
    assert client.post(f"/do/{token}/").status_code == 302
    send()
    channel = found(slack)[0]
    assert (said(slack, channel), buttons(slack, channel)) == ("Lin passed this step.", OPEN)
    assert slack.calls.count("chat.update") == 2, "once for the channel, once for Lin"


def test_what_goes_out_after_the_decision_says_it_and_offers_nothing(slack, cast, account):
    round_ = submitted(account, cast.zhou)
    give_back(round_, cast)
    for _turn in range(3):
        send()
    channel = found(slack)[0]
    assert said(slack, channel) == "Lin returned it to Zhou: Warmer, please."
    assert buttons(slack, channel) == OPEN
    assert "chat.update" not in slack.calls
    assert not Letter.objects.filter(rewrites__isnull=False).exists()


def test_decision_while_the_message_is_on_its_way_follows_it(slack, cast, account):
    round_ = submitted(account, cast.zhou)
    slack.wait.clear()

    def work():
        try:
            post_letters(soon())
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    while not Letter.objects.filter(tries=1).exists():
        pass
    give_back(round_, cast)
    # Another worker: the new version waits for its message.
    assert "chat.update" not in slack.calls
    due = Letter.objects.due(Way.SLACK, Way.OUTLET, now=soon())
    assert due.filter(rewrites__isnull=False).exists()
    assert not due.in_turn().filter(rewrites__isnull=False).exists()
    slack.wait.set()
    worker.join(30)
    for _turn in range(2):
        send()
    for message in slack.messages:
        assert len(buttons(slack, message)) == 1
    assert said(slack, found(slack)[0]) == "Lin returned it to Zhou: Warmer, please."


def test_new_version_is_tried_again_and_given_up_where_people_see_it(slack, cast, account):
    SlackLink.objects.all().delete()
    round_ = asked(slack, account, cast.zhou)
    withdraw(round_, cast)
    slack.answers = [(503, (), {"ok": False, "error": "internal_error"})] * MOST_TRIES
    now = soon()
    for tries in range(1, MOST_TRIES + 1):
        assert post_letters(now) == 1
        now += wait_after(tries) * 1.2
    anew = Letter.objects.get(rewrites__isnull=False)
    assert (anew.state, anew.error) == (LetterState.DEAD, "Slack: internal_error")
    assert "Pass" in slack.buttons(slack.messages[0])
    assert retry_letters(Letter.objects.all(), by=cast.lin, now=now) == 1
    post_letters(now)
    assert buttons(slack, slack.messages[0]) == OPEN


def test_worker_that_dies_after_the_answer_writes_the_same_again(slack, cast, account):
    SlackLink.objects.all().delete()
    round_ = asked(slack, account, cast.zhou)
    withdraw(round_, cast)
    send()
    anew = Letter.objects.filter(rewrites__isnull=False)
    before = slack.words(slack.messages[0])
    anew.update(state=LetterState.DUE, due_at=NOW + CLAIM)
    Letter.objects.filter(rewrites=None).update(mark="")
    send()
    assert slack.words(slack.messages[0]) == before
    assert len(slack.messages) == 1
    assert anew.get().state == LetterState.SENT


def test_message_somebody_deleted_is_let_go(slack, cast, account):
    SlackLink.objects.all().delete()
    round_ = asked(slack, account, cast.zhou)
    slack.messages.clear()
    withdraw(round_, cast)
    send()
    anew = Letter.objects.get(rewrites__isnull=False)
    assert (anew.state, anew.error) == (LetterState.DROPPED, Unsaid.DELETED)


def test_channel_hears_nothing_of_what_is_under_embargo_by_now(slack, cast, account):
    round_ = asked(slack, account, cast.zhou)
    wall = datetime.fromisoformat("2099-03-05T10:00")
    terms = Terms(wall=wall, zone="UTC", readers=[cast.lin, cast.lena], reason="Prices.")
    set_embargo(round_.post, by=cast.zhou, terms=terms, now=NOW)
    give_back(round_, cast)
    send()
    (channel,), (own,) = found(slack), found(slack, "D")
    assert "edited" not in channel
    assert said(slack, own).startswith("Lin已退回给 Zhou")
    dropped = Letter.objects.get(outlet__isnull=False, rewrites__isnull=False)
    assert (dropped.state, dropped.error) == (LetterState.DROPPED, Unsaid.VEILED)


def test_message_to_a_slack_user_who_is_somebody_else_by_now_is_left_alone(slack, cast, account):
    round_ = asked(slack, account, cast.zhou)
    link = SlackLink.objects.standing().get(member=cast.lin)
    SlackLink.objects.filter(pk=link.pk).update(ended_at=soon())
    SlackLink.objects.create(
        workspace=cast.workspace,
        member=cast.lin,
        slack_user="U0LIN00002",
        nonce="two",
        linked_at=soon() + timedelta(minutes=1),
    )
    give_back(round_, cast)
    send()
    assert "edited" not in found(slack, "D")[0]
    assert "edited" in found(slack)[0]


def test_acknowledged_is_not_decided(slack, cast, account):
    """Who takes notice leaves the decision open; who decides closes all of it."""
    round_ = asked(slack, account, cast.zhou)
    Letter.objects.all().delete()
    slack.messages.clear()
    # What urgent news of review offers besides.
    event = events().objects.get(kind="review.round_opened")
    Letter.objects.create(
        workspace=cast.workspace,
        way=Way.OUTLET,
        outlet=Outlet.objects.get(),
        event=event.pk,
        kind=event.kind,
        urgent=True,
        owed_at=NOW,
        due_at=NOW,
        matter=f"review.round:{round_.pk}",
    )
    send()
    (message,) = slack.messages
    assert buttons(slack, message) == ["Pass", "Return", "Acknowledge", *OPEN]
    slack.press(0, "Acknowledge", user=USER)
    send()
    assert buttons(slack, message) == ["Pass", "Return", *OPEN]
    assert said(slack, message) == "Acknowledged by Lena."
    pass_step(waiting_step(round_), by=cast.lin, now=clock.now())
    send()
    assert (said(slack, message), buttons(slack, message)) == ("Lin passed this step.", OPEN)


def test_step_for_two_stays_open_after_the_first_pass(slack, cast, account):
    round_ = asked(slack, account, cast.zhou)
    RoundStep.objects.filter(round=round_, state="now").update(quorum=2)
    slack.press(slack.messages.index(found(slack)[0]), "Pass", user=LIN)
    send()
    message = found(slack)[0]
    assert said(slack, message) == "Lin passed this step."
    assert buttons(slack, message) == ["Pass", "Return", *OPEN]
    assert waiting_step(round_).verdicts.count() == 1


def test_number_of_queries_does_not_grow_with_the_messages(slack, cast, account):
    counts = []
    for channels in (1, 4):
        while Outlet.objects.count() < channels:
            number = Outlet.objects.count()
            Outlet.objects.create(
                workspace=cast.workspace,
                key=f"more-{number}",
                kind=OutletKind.SLACK,
                name=f"#more-{number}",
                address=f"C000001{number}",
                created_at=NOW,
            )
        round_ = asked(slack, account, cast.zhou, f"Text {channels}.")
        with CaptureQueriesContext(connection) as queries:
            withdraw(round_, cast)
        counts.append(len(queries))
    assert counts[0] == counts[1]
