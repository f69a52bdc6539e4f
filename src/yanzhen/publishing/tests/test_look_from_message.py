"""The last look from the message that asks for it: the page's rules, in Slack and by a link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError

from yanzhen.adapters.tools.slack.tests.fake import USER
from yanzhen.notify.composing import card_of
from yanzhen.notify.models import Letter, Outlet
from yanzhen.notify.posting import post_letters
from yanzhen.notify.tests.slack_channel import slack_channel
from yanzhen.publishing.actions.clearing import call_for_looks, clear
from yanzhen.publishing.actions.scheduling import hold_post
from yanzhen.publishing.models import Clearance, Delivery
from yanzhen.publishing.states import DeliveryState as S
from yanzhen.publishing.tests.test_last_look import let_lead
from yanzhen.review.models import Flow

pytestmark = pytest.mark.django_db(transaction=True)
LIN, LENA = USER, "U0LENA0002"
TEXT = "Geese take turns at the lead."
LET_GO = "Lin has let it go: it goes out at its time."


@pytest.fixture
def slack(settings, monkeypatch, live_server, open_desk):
    """A channel told of publishing, in which Lin, who leads, and Lena are linked."""
    cast, desk = open_desk.cast, open_desk
    Flow.objects.filter(workspace=cast.workspace).update(look_minutes=120)
    lead = let_lead(desk, cast.lin)
    people = [(cast.lin, LIN), (cast.lena, LENA)]
    told = {"name": "#brand", "topics": ["publishing"], "people": people}
    with slack_channel(settings, monkeypatch, live_server, cast, **told) as server:
        Letter.objects.all().delete()
        server.desk, server.cast, server.lead = desk, cast, lead
        yield server


def told(slack):
    """Send what is owed."""
    post_letters(slack.desk.now + timedelta(seconds=1))
    assert not Letter.objects.dead().exists(), Letter.objects.dead().values("kind", "error")


def called(slack, *texts):
    """Let the lead be called for a post, and return its delivery."""
    desk = slack.desk
    post = desk.timed(desk.passed(*(texts or (TEXT,))), minutes=10)
    Letter.objects.all().delete()
    assert call_for_looks(desk.now) == 1
    told(slack)
    return Delivery.objects.get(post=post, position=0)


def place(slack, channel="C"):
    """Give the place of the message in the channel (C), or of the lead's own (D)."""
    found = enumerate(slack.messages)
    return next(at for at, message in found if message["channel"].startswith(channel))


def in_channel(slack):
    return slack.messages[place(slack)]


def test_lead_lets_it_go_from_the_message_that_shows_all_of_it(slack):
    delivery = called(slack)
    for channel in "CD":
        message = slack.messages[place(slack, channel)]
        assert list(slack.buttons(message))[:2] == ["Let it go out", "Hold it"]
        words = "\n".join(slack.words(message))
        assert f"@{delivery.account.handle}\n{TEXT}" in words
        assert "Goes out " in words
    Outlet.objects.update(language="zh-hans")
    assert slack.press(place(slack, "D"), "Let it go out", user=LIN, again=2)[0] == 200
    clearance = Clearance.objects.standing().get()
    assert (clearance.by, clearance.digest) == (slack.cast.lin, delivery.digest)
    told(slack)
    own = slack.messages[place(slack, "D")]
    assert slack.words(own)[-1] == LET_GO
    assert slack.words(in_channel(slack))[-1] == "Lin 已放行，会按时间发布。"
    assert "Let it go out" not in slack.buttons(own)
    assert slack.asides == []


def test_only_who_has_the_lead_lets_it_go(slack):
    called(slack)
    assert slack.press(place(slack), "Let it go out", user=LENA)[0] == 200
    assert not Clearance.objects.exists()
    told(slack)
    ((_channel, reader, words),) = slack.asides
    assert (reader, "Only who has the lead" in words) == (LENA, True)
    assert "Let it go out" in slack.buttons(in_channel(slack)), "it is not over"


def test_held_from_the_message_with_a_reason(slack):
    delivery = called(slack)
    slack.press(place(slack), "Hold it", user=LIN)
    told(slack)
    (view,) = slack.views
    blank = slack.fill(view, user=LIN, comment="  ")
    assert b"Say why it is held" in blank[1]
    assert slack.fill(view, user=LIN, comment="Not in  this hour.") == (200, b"")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.hold_note) == (S.HELD, "Not in this hour.")
    told(slack)
    assert slack.words(in_channel(slack))[-1] == "Lin holds it: Not in this hour."


@pytest.mark.parametrize("way", ["let go", "held"])
@pytest.mark.parametrize("label", ["Let it go out", "Hold it"])
def test_look_decided_already_says_who_decided(slack, way, label):
    delivery, now = called(slack), slack.desk.now
    if way == "held":
        hold_post(delivery.post, by=slack.cast.lena, reason="A storm.", now=now)
        said = "Lena holds it: A storm."
    else:
        clear(delivery, seen=delivery.digest, by=slack.lead, now=now)
        said = LET_GO
    assert slack.press(place(slack), label, user=LIN)[0] == 200
    told(slack)
    assert slack.views == []
    assert slack.asides[0][2] == said
    assert slack.words(in_channel(slack))[-1] == said
    assert label not in slack.buttons(in_channel(slack))


def test_text_that_is_not_whole_is_let_go_on_the_page_alone(slack):
    called(slack, *["雁" * 130] * 25)
    message = in_channel(slack)
    assert "Let it go out" not in slack.buttons(message)
    assert "Hold it" in slack.buttons(message)
    assert any("to let it go" in words for words in slack.words(message))


def address(label="Let it go out"):
    """Give where a card in Teams, which cannot be answered, leads for a deed."""
    letter = Letter.objects.get(outlet__isnull=False, rewrites=None)
    button = next(each for each in card_of(letter).buttons if each.label == label)
    return "/do/" + button.url.partition("/do/")[2]


def test_link_from_a_card_lets_go_and_says_who_did(slack, client):
    called(slack)
    link = address()
    client.force_login(slack.cast.lena.user)
    page = client.get(link).text
    assert "Only who has the lead" in page
    assert '<form method="post" class="form' not in page
    assert client.post(link).status_code == 409
    client.force_login(slack.cast.lin.user)
    assert TEXT in client.get(link).text
    assert client.post(link).status_code == 302
    assert Clearance.objects.standing().get().by == slack.cast.lin
    assert LET_GO in client.get(link).text
    again = client.post(link)
    assert (again.status_code, LET_GO in again.text) == (409, True)


def test_what_is_done_and_its_message_are_one(slack, client, monkeypatch):
    """A server that dies in between leaves no message that offers what is done."""
    called(slack)
    link = address()

    def die(*args, **options):
        raise DatabaseError("gone")

    monkeypatch.setattr(Letter.objects, "bulk_create", die)
    client.force_login(slack.cast.lin.user)
    client.raise_request_exception = False
    assert client.post(link).status_code == 500
    assert not Clearance.objects.exists()
