"""The message that offers the lead follows the handover, wherever it is decided."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yanzhen.handoff.actions.deciding import refuse_handover
from yanzhen.handoff.actions.sending import overtake_handover, withdraw_handover
from yanzhen.handoff.tests.shifts import accepted, again, lead_with, sent
from yanzhen.kernel import clock
from yanzhen.notify.models import Letter, Outlet
from yanzhen.notify.posting import post_letters
from yanzhen.notify.tests.slack_channel import slack_channel
from yanzhen.people.tests.cast import make_cast

pytestmark = pytest.mark.django_db(transaction=True)
OPEN = ["Open in Yanzhen"]


@pytest.fixture
def slack(settings, monkeypatch, live_server):
    """A channel that is told of handoffs; Lena leads."""
    cast = make_cast()
    lead_with(cast, cast.lena)
    told = {"name": "#duty", "topics": ["handoff"], "people": []}
    with slack_channel(settings, monkeypatch, live_server, cast, **told) as server:
        server.cast = cast
        Letter.objects.all().delete()
        yield server


def send():
    post_letters(clock.database_now() + timedelta(seconds=1))


def shown(slack):
    """Give the last words of the message that offers the lead, and its buttons."""
    message = slack.messages[0]
    return slack.words(message)[-1], list(slack.buttons(message))


def accept(handover, cast):
    accepted(handover, cast.zhou)


def refuse(handover, cast):
    refuse_handover(handover, reason="Which press?", by=again(cast.zhou), now=clock.now())


def withdraw(handover, cast):
    withdraw_handover(handover, by=again(cast.lena), now=clock.now())


def overtake(handover, cast):
    overtake_handover(handover, now=clock.now())


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (accept, "Zhou 已接班："),
        (refuse, "Zhou 拒绝接班：Which press? 值班不变。"),
        (withdraw, "Lena 已撤回交接，值班不变。"),
        (overtake, "值班另有去向。"),
    ],
)
def test_message_says_in_its_language_what_became_of_it(slack, how, words):
    Outlet.objects.update(language="zh-hans")
    handover = sent(slack.cast, "Call the press")
    send()
    assert shown(slack)[1][:2] == ["接班", "拒绝"]
    how(handover, slack.cast)
    send()
    said, buttons = shown(slack)
    assert said.startswith(words)
    assert len(buttons) == 1
    assert not Letter.objects.dead().exists()


def test_offer_that_is_accepted_before_it_goes_out_offers_nothing(slack):
    accept(sent(slack.cast, "Call the press"), slack.cast)
    send()
    said, buttons = shown(slack)
    assert said.startswith("Zhou accepted and has the lead:")
    assert buttons == OPEN
