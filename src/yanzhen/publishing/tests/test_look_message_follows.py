"""The message that asks for a last look follows the look, wherever it is given or ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from yanzhen.notify.models import Letter
from yanzhen.notify.posting import post_letters
from yanzhen.notify.tests.slack_channel import slack_channel
from yanzhen.people.models import Role
from yanzhen.publishing.actions.clearing import call_for_looks, clear, take_back
from yanzhen.publishing.actions.scheduling import call_off, hold_post
from yanzhen.publishing.engine import outcome
from yanzhen.publishing.models import Delivery
from yanzhen.publishing.states import HoldReason
from yanzhen.publishing.tests.test_last_look import let_lead
from yanzhen.review.actions.flows import LookWish, StepWish, change_flow
from yanzhen.review.models import Flow

pytestmark = pytest.mark.django_db(transaction=True)
OPEN = ["Open in Yanzhen"]
ASKED = ["Let it go out", "Hold it"]


@pytest.fixture
def slack(settings, monkeypatch, live_server, open_desk):
    """A channel told of publishing; Lin leads."""
    desk, cast = open_desk, open_desk.cast
    Flow.objects.filter(workspace=cast.workspace).update(look_minutes=120)
    lead = let_lead(desk, cast.lin)
    told = {"name": "#brand", "topics": ["publishing"], "people": []}
    with slack_channel(settings, monkeypatch, live_server, cast, **told) as server:
        server.desk, server.cast, server.lead = desk, cast, lead
        yield server


def send(slack, *, after=1):
    post_letters(slack.desk.now + timedelta(seconds=after))


def called(slack):
    """Let the lead be called for a post, and return its delivery."""
    desk = slack.desk
    post = desk.timed(desk.passed("Geese take turns at the lead."), minutes=10)
    Letter.objects.all().delete()
    assert call_for_looks(desk.now) == 1
    send(slack)
    assert shown(slack)[1][:2] == ASKED
    return Delivery.objects.get(post=post, position=0)


def shown(slack):
    """Give the last words of the message that asks, and its buttons."""
    message = slack.messages[0]
    return slack.words(message)[-1], list(slack.buttons(message))


def hold(delivery, slack):
    hold_post(delivery.post, by=slack.cast.lena, reason="A storm.", now=slack.desk.now)


def drop(delivery, slack):
    with transaction.atomic():
        call_off(delivery.post_id, move="drop", by=slack.cast.lena.ref, now=slack.desk.now)


def let_go(delivery, slack):
    clear(delivery, seen=delivery.digest, by=slack.lead, now=slack.desk.now)


def miss(delivery, slack):
    outcome.miss(delivery, now=slack.desk.now)


def stop(delivery, slack):
    outcome.hold(delivery, HoldReason.EXPIRED, now=slack.desk.now)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (let_go, "Lin has let it go: it goes out at its time."),
        (hold, "Lena holds it: A storm."),
        (drop, "Lena called it off."),
        (miss, "It missed its time and did not go out."),
        (stop, "It is held: One of its files may not be used then."),
    ],
)
def test_message_says_what_became_of_it_without_buttons(slack, how, words):
    delivery = called(slack)
    how(delivery, slack)
    send(slack)
    assert shown(slack) == (words, OPEN)
    assert not Letter.objects.dead().exists()


def test_look_that_is_taken_back_is_offered_again(slack):
    delivery = called(slack)
    let_go(delivery, slack)
    send(slack)
    assert shown(slack)[1] == OPEN
    take_back(delivery, by=slack.lead, now=slack.desk.now)
    send(slack)
    words, buttons = shown(slack)
    assert "has let it go" not in words
    assert buttons == [*ASKED, "Acknowledge", *OPEN]


def test_newer_version_never_overtakes_one_that_is_tried_again(slack):
    delivery = called(slack)
    let_go(delivery, slack)
    slack.answers = [(503, (), {"ok": False, "error": "internal_error"})]
    send(slack)
    hold(delivery, slack)
    calls = len(slack.calls)
    send(slack, after=2)
    assert len(slack.calls) == calls, "the newer one waits for the older"
    for minutes in (1, 2):
        send(slack, after=60 * minutes)
    assert shown(slack) == ("Lena holds it: A storm.", OPEN)
    assert slack.calls.count("chat.update") == 2, "one that failed, and one that says it all"


def test_flow_that_asks_no_more_leaves_nothing_to_press(slack):
    called(slack)
    cast = slack.cast
    flow = Flow.objects.get(workspace=cast.workspace, active=True)
    lead = Role.objects.get(workspace=cast.workspace, slug="team_lead")
    steps, look = [StepWish("lead", "", lead.pk, 1, 6)], LookWish(None, False)
    change_flow(flow, by=cast.lena, steps=steps, points=[], look=look, now=slack.desk.now)
    send(slack)
    assert shown(slack) == ("It no longer waits for a look.", OPEN)
