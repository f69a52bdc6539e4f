"""Adaptive Cards for a Teams workflow: within the schema and the size, over real HTTP."""

from __future__ import annotations

import json

import pytest
from jsonschema import validate

from yanzhen.adapters.tools.slack.tests.test_speak_to_slack import PASS, card
from yanzhen.adapters.tools.teams.messenger import TeamsMessenger
from yanzhen.adapters.tools.webhook.tests.receiver import receiver
from yanzhen.notify.ports import Refused, Target

#: The part of the Adaptive Card schema, version 1.4, that we use, and what Teams takes of it.
_TEXT = {
    "type": "object",
    "required": ["type", "text"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "TextBlock"},
        "text": {"type": "string", "minLength": 1},
        "wrap": {"type": "boolean"},
        "weight": {"enum": ["Default", "Lighter", "Bolder"]},
        "size": {"enum": ["Default", "Small", "Medium", "Large", "ExtraLarge"]},
        "spacing": {"enum": ["None", "Small", "Default", "Medium", "Large", "ExtraLarge"]},
        "color": {"enum": ["Default", "Dark", "Light", "Accent", "Good", "Warning", "Attention"]},
        "isSubtle": {"type": "boolean"},
    },
}
_OPENS = {
    "type": "object",
    "required": ["type", "title", "url"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "Action.OpenUrl"},
        "title": {"type": "string", "minLength": 1},
        "url": {"type": "string", "pattern": "^https?://"},
        "style": {"enum": ["default", "positive", "destructive"]},
    },
}
CARD = {
    "type": "object",
    "required": ["type", "version", "body"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"const": "http://adaptivecards.io/schemas/adaptive-card.json"},
        "type": {"const": "AdaptiveCard"},
        "version": {"enum": ["1.0", "1.1", "1.2", "1.3", "1.4"]},
        "fallbackText": {"type": "string"},
        "body": {"type": "array", "minItems": 1, "items": _TEXT},
        "actions": {"type": "array", "maxItems": 6, "items": _OPENS},
    },
}
MESSAGE = {
    "type": "object",
    "required": ["type", "attachments"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "message"},
        "attachments": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "object",
                "required": ["contentType", "content"],
                "additionalProperties": False,
                "properties": {
                    "contentType": {"const": "application/vnd.microsoft.card.adaptive"},
                    "contentUrl": {"type": "null"},
                    "content": CARD,
                },
            },
        },
    },
}
MOST_BYTES = 28 * 1024


def test_card_is_what_teams_takes_and_its_buttons_lead_to_us():
    told = card(buttons=(PASS,), detail="Geese.\nAll of them.", urgent_label="Urgent", note="More")
    with receiver() as server:
        TeamsMessenger(public_only=False).post(told, Target(server.url))
    ((headers, body),) = server.taken
    message = json.loads(body)
    validate(message, MESSAGE)
    content = message["attachments"][0]["content"]
    assert [(each["title"], each["url"]) for each in content["actions"]] == [
        ("Pass", PASS.url),
        ("Open in Yanzhen", told.url),
    ]
    # What people wrote is no layout.
    assert content["body"][1]["text"] == "Zhou sent <!channel> & \\*this\\* to review"
    assert headers["content-type"] == "application/json"


def test_card_that_is_far_too_long_is_cut():
    many = tuple(PASS for _button in range(40))
    told = card(text="*" * 9000, detail="雁" * 9000, buttons=many)
    with receiver() as server:
        TeamsMessenger(public_only=False).post(told, Target(server.url))
    body = server.taken[0][1]
    validate(json.loads(body), MESSAGE)
    assert len(body) < MOST_BYTES


@pytest.mark.parametrize(("status", "permanent"), [(502, False), (429, False), (401, True)])
def test_card_that_is_refused_says_whether_to_try_again(status, permanent):
    with receiver() as server:
        server.answers.append((status, {}))
        with pytest.raises(Refused) as refused:
            TeamsMessenger(public_only=False).post(card(), Target(server.url))
    assert refused.value.permanent is permanent
    assert server.url not in refused.value.words


def test_card_to_a_private_place_is_refused():
    with pytest.raises(Refused) as refused:
        TeamsMessenger().post(card(), Target("http://127.0.0.1/"))
    assert refused.value.permanent
