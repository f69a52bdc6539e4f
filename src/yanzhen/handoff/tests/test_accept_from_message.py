"""Taking the lead from the message: the same rules as on the page, in Slack and by a link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from jsonschema import validate

from yanzhen.adapters.tools.slack.tests.fake import USER
from yanzhen.adapters.tools.teams.messenger import card_of as teams_card
from yanzhen.adapters.tools.teams.tests.test_post_card import CARD
from yanzhen.handoff.actions.filling import Point, add_item
from yanzhen.handoff.models import Handover
from yanzhen.handoff.tests.shifts import again, kinds, lead_with, leader, points, section, sent
from yanzhen.kernel import clock
from yanzhen.notify.composing import card_of
from yanzhen.notify.models import Letter
from yanzhen.notify.posting import post_letters
from yanzhen.notify.tests.slack_channel import slack_channel
from yanzhen.people.tests.cast import make_cast

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "about the heat " * 12 + "too"
ZHOU, MAYA, LENA = USER, "U0MAYA0001", "U0LENA0002"


@pytest.fixture
def slack(settings, monkeypatch, live_server):
    """A channel that is told of handoffs, in which Zhou, Maya and Lena are linked; Lena leads."""
    cast = make_cast()
    lead_with(cast, cast.lena)
    people = ((cast.zhou, ZHOU), (cast.maya, MAYA), (cast.lena, LENA))
    told = {"name": "#duty", "topics": ["handoff"], "people": people}
    with slack_channel(settings, monkeypatch, live_server, cast, **told) as server:
        server.cast = cast
        Letter.objects.all().delete()
        yield server


def told(slack):
    """Send what is owed."""
    post_letters(clock.database_now() + timedelta(seconds=1))
    assert not Letter.objects.dead().exists(), Letter.objects.dead().values("kind", "error")


def channel(slack):
    """Give the place of the channel's message that a handoff was sent."""
    return next(
        number
        for number, message in enumerate(slack.messages)
        if message["channel"] == "C0000001" and "Accept the lead" in slack.buttons(message)
    )


def pressed(slack, label="Accept the lead", user=ZHOU):
    """Press the button and return the form that opens."""
    before = len(slack.views)
    assert slack.press(channel(slack), label, user=user)[0] == 200
    told(slack)
    return slack.views[-1] if len(slack.views) > before else None


def test_receiver_ticks_reads_back_and_leads(slack):
    cast = slack.cast
    handover = sent(cast, "Call the press", f"Watch the thread {LONG}")
    told(slack)
    view = pressed(slack)
    first, second = (str(item.pk) for item in points(handover))
    words = str(view["blocks"])
    assert "To do: Call the press" in words
    assert LONG in words  # too long for a box, so it stands above it, whole
    assert f"/handoffs/{handover.pk}/" in words
    some = slack.fill(view, user=ZHOU, ticks=[first], comment="Press, then the thread")
    assert (some[0], b"1 point is not ticked." in some[1]) == (200, True)
    blank = slack.fill(view, user=ZHOU, ticks=[first, second], comment=" ")
    assert b"Read it back in a line." in blank[1]
    assert leader(cast) == cast.lena
    both = {"ticks": [first, second], "comment": "Press, then the thread"}
    assert slack.fill(view, user=ZHOU, **both) == (200, b"")
    assert leader(cast) == cast.zhou
    assert Handover.objects.get(pk=handover.pk).read_back == "Press, then the thread"
    place = channel(slack)
    told(slack)
    message = slack.messages[place]
    assert "Zhou accepted and has the lead: Press, then the thread" in slack.words(message)
    assert "Accept the lead" not in slack.buttons(message)


def test_log_that_changed_is_not_accepted_as_it_was(slack):
    cast = slack.cast
    handover = sent(cast)
    told(slack)
    view, [item] = pressed(slack), points(handover)
    add_item(handover, section(cast, "watch"), point=Point("One more"), by=again(cast.lena))
    stale = slack.fill(view, user=ZHOU, ticks=[str(item.pk)], comment="Press")
    assert b"The log changed meanwhile." in stale[1]
    assert leader(cast) == cast.lena
    fresh = pressed(slack)
    ticks = [str(item.pk) for item in points(handover)]
    assert len(ticks) == 2
    assert slack.fill(fresh, user=ZHOU, ticks=ticks, comment="Press and one") == (200, b"")
    assert leader(cast) == cast.zhou


@pytest.mark.parametrize(
    ("user", "words"),
    [(MAYA, "This waits for Zhou, who can accept it."), (LENA, "You hand over yourself")],
)
def test_form_opens_for_nobody_it_is_not_for_and_answers_from_them_do_nothing(slack, user, words):
    cast = slack.cast
    handover = sent(cast)
    told(slack)
    assert pressed(slack, user=user) is None
    (_channel, reader, said), *_rest = slack.asides
    assert (reader, words in said) == (user, True)
    view = pressed(slack)
    ticks = [str(item.pk) for item in points(handover)]
    answer = slack.fill(view, user=user, ticks=ticks, comment="Mine")
    assert words.encode() in answer[1]
    assert leader(cast) == cast.lena


def test_refusal_wants_a_reason_and_leaves_the_lead(slack):
    cast = slack.cast
    sent(cast)
    told(slack)
    view = pressed(slack, "Refuse it")
    assert b"Say what is missing." in slack.fill(view, user=ZHOU, comment="  ")[1]
    assert slack.fill(view, user=ZHOU, comment="Which press?") == (200, b"")
    assert leader(cast) == cast.lena
    assert "refused" in kinds(cast)
    place = channel(slack)
    assert slack.press(place, "Accept the lead", user=ZHOU)[0] == 200
    told(slack)
    assert "Somebody was faster" in slack.asides[-1][2]
    assert "Accept the lead" not in slack.buttons(slack.messages[place])


def test_card_in_teams_leads_to_a_page_with_the_same_rules(slack, client):
    cast = slack.cast
    handover = sent(cast)
    letter = Letter.objects.filter(kind="handoff.sent", outlet__isnull=False).first()
    card = card_of(letter)
    validate(teams_card(card), CARD)
    accept, _refuse, *_more = card.buttons
    where = accept.url.removeprefix(slack.calls_to.partition("/slack/")[0])
    client.force_login(cast.maya.user)
    page = client.get(where)
    assert "This waits for Zhou" in page.text
    assert "<textarea" not in page.text
    client.force_login(cast.zhou.user)
    page = client.get(where)
    assert "To do: Call the press" in page.text
    [item] = points(handover)
    filled = {"comment": "Press", "seen": handover.revision}
    missed = client.post(where, filled)
    assert (missed.status_code, "1 point is not ticked." in missed.text) == (409, True)
    assert "Press</textarea>" in missed.text
    add_item(handover, section(cast, "watch"), point=Point("One more"), by=again(cast.lena))
    stale = client.post(where, {**filled, "ticks": [item.pk]})
    assert (stale.status_code, "The log changed meanwhile." in stale.text) == (409, True)
    assert leader(cast) == cast.lena
    seen = Handover.objects.get(pk=handover.pk).revision
    ticks = [item.pk for item in points(handover)]
    assert client.post(where, {**filled, "ticks": ticks, "seen": seen}).status_code == 302
    assert leader(cast) == cast.zhou
