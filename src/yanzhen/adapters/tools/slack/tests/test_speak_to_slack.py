"""Cards and forms as Slack takes them, over real HTTP, and what its refusals mean."""

from __future__ import annotations

import pytest
from jsonschema import validate

from yanzhen.adapters.tools.slack.blocks import view_of
from yanzhen.adapters.tools.slack.messenger import SlackMessenger
from yanzhen.adapters.tools.slack.tests.block_kit import VIEW
from yanzhen.adapters.tools.slack.tests.fake import TOKEN, fake_slack
from yanzhen.notify.ports import Button, Card, Choice, Gone, Refused, Sheet, Target

HERE = Target("C0000001", (TOKEN,))


def card(**more):
    values = {
        "key": "letter-1",
        "kind": "review.round_opened",
        "workspace": "Ferrow",
        "text": "Zhou sent <!channel> & *this* to review",
        "at": "2026-03-02T09:00:00+00:00",
        "when": "2 Mar, 10:00 Berlin",
        "url": "https://desk.example.com/notices/1/",
        "open_label": "Open in Yanzhen",
        **more,
    }
    return Card(**values)


PASS = Button("review.pass", "Pass", "1:7", "https://desk.example.com/do/x/", "primary")


@pytest.fixture
def there():
    with fake_slack() as server:
        yield server


def messenger(there):
    return SlackMessenger(api_base=f"{there.url}/api/", timeout_seconds=5)


def test_post_and_rewrite_a_card(there):
    where = messenger(there).post(card(buttons=(PASS,), detail="Geese.", note="And more."), HERE)
    (message,) = there.messages
    assert where == {"channel": "C0000001", "ts": "1.000"}
    assert list(there.buttons(message)) == ["Pass", "Open in Yanzhen"]
    assert there.words(message)[0] == "Zhou sent <!channel> & *this* to review"
    assert message["text"] == "Ferrow: Zhou sent &lt;!channel&gt; &amp; *this* to review"
    messenger(there).rewrite(card(outcome="Lena passed this step."), HERE, where)
    assert there.words(message)[-1] == "Lena passed this step."
    assert list(there.buttons(message)) == ["Open in Yanzhen"]


def test_post_what_is_far_too_long_for_slack(there):
    many = tuple(Button(f"a.{n}", "x" * 200, "v", "https://e.com/", "") for n in range(40))
    long = card(text="x" * 9000, detail="雁" * 9000, note="y" * 9000, buttons=many, workspace="z")
    messenger(there).post(long, HERE)
    assert len(there.messages) == 1


def test_post_to_a_user_is_a_direct_message_that_can_be_rewritten(there):
    to = Target("U0000001", (TOKEN,))
    where = messenger(there).post(card(), to)
    assert where["channel"] == "D0000001"
    messenger(there).rewrite(card(outcome="Done."), to, where)


def test_rewrite_of_a_message_somebody_deleted_says_that_it_is_gone(there):
    where = messenger(there).post(card(buttons=(PASS,)), HERE)
    there.messages.clear()
    with pytest.raises(Gone):
        messenger(there).rewrite(card(outcome="Lena passed this step."), HERE, where)
    assert there.calls == ["chat.postMessage", "chat.update"]


@pytest.mark.parametrize(
    ("answer", "permanent", "after"),
    [
        ((200, (), {"ok": False, "error": "channel_not_found"}), True, None),
        ((200, (), {"ok": False, "error": "internal_error"}), False, None),
        ((429, (("retry-after", "30"),), {"ok": False, "error": "ratelimited"}), False, 30.0),
        ((503, (), {"ok": False, "error": "whatever"}), False, None),
    ],
)
def test_refusals_say_whether_to_try_again_and_hold_no_token(there, answer, permanent, after):
    there.answers.append(answer)
    with pytest.raises(Refused) as refused:
        messenger(there).post(card(), HERE)
    assert (refused.value.permanent, refused.value.after_seconds) == (permanent, after)
    assert TOKEN not in repr(refused.value)
    assert len(there.calls) == 1, "the SDK tries nothing again"


def test_slack_away_is_tried_again():
    with fake_slack() as server:
        away = messenger(server)
    with pytest.raises(Refused) as refused:
        away.post(card(), HERE)
    assert not refused.value.permanent


def test_a_form_is_what_slack_takes():
    fields = (Choice("reason", "Reason", (("tone", "Tone"),)), Choice("comment", "What?"))
    validate(view_of(Sheet("Return", "Return", "Not now", fields, "{}")), VIEW)
    long = tuple(Choice("reason", "x" * 3000, (("a", "y" * 200),)) for _field in range(2))
    validate(view_of(Sheet("x" * 50, "y" * 50, "z" * 50, long, "{}")), VIEW)


def test_boxes_are_grouped_and_what_is_too_long_for_a_box_stands_above_it_whole():
    points = [(str(number), f"{number} {'雁' * number * 9}") for number in range(23)]
    many = Choice("points", "Tick each", points, many=True)
    view = view_of(Sheet("Accept", "Accept", "Not now", (many,), "{}", about="Amber"))
    validate(view, VIEW)
    groups = [block for block in view["blocks"] if block["type"] == "input"]
    assert [len(group["element"]["options"]) for group in groups] == [10, 10, 3]
    whole = [block["text"]["text"] for block in view["blocks"] if block["type"] == "section"]
    assert whole == ["Amber", *[words for _value, words in points if len(words) > 75]]
