"""A JSON schema of the Block Kit we use, with the lengths and counts that Slack publishes."""

from __future__ import annotations


def _text(most, *, least=1):
    return {
        "type": "object",
        "required": ["type", "text"],
        "additionalProperties": False,
        "properties": {
            "type": {"const": "plain_text"},
            "text": {"type": "string", "minLength": least, "maxLength": most},
            "emoji": {"type": "boolean"},
        },
    }


BUTTON = {
    "type": "object",
    "required": ["type", "text", "action_id"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "button"},
        "text": _text(75),
        "action_id": {"type": "string", "minLength": 1, "maxLength": 255},
        "url": {"type": "string", "pattern": "^https?://", "maxLength": 3000},
        "value": {"type": "string", "maxLength": 2000},
        "style": {"enum": ["primary", "danger"]},
    },
}
SECTION = {
    "type": "object",
    "required": ["type", "text"],
    "additionalProperties": False,
    "properties": {"type": {"const": "section"}, "text": _text(3000)},
}
CONTEXT = {
    "type": "object",
    "required": ["type", "elements"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "context"},
        "elements": {"type": "array", "minItems": 1, "maxItems": 10, "items": _text(3000)},
    },
}
ACTIONS = {
    "type": "object",
    "required": ["type", "elements"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "actions"},
        "elements": {"type": "array", "minItems": 1, "maxItems": 25, "items": BUTTON},
    },
}
MESSAGE_BLOCKS = {
    "type": "array",
    "minItems": 1,
    "maxItems": 50,
    "items": {"oneOf": [SECTION, CONTEXT, ACTIONS]},
}
MESSAGE = {
    "type": "object",
    "required": ["channel", "text"],
    "properties": {
        "channel": {"type": "string", "pattern": "^[CGUWD][A-Z0-9]{5,}$"},
        "text": {"type": "string", "minLength": 1, "maxLength": 4000},
        "blocks": MESSAGE_BLOCKS,
    },
}
UPDATE = {
    **MESSAGE,
    "required": [*MESSAGE["required"], "ts"],
    "properties": {
        **MESSAGE["properties"],
        # A message is written anew where it lies: no user's id stands for that.
        "channel": {"type": "string", "pattern": "^[CGD][A-Z0-9]{5,}$"},
        "ts": {"type": "string", "pattern": "^[0-9]+[.][0-9]+$"},
    },
}
_OPTION = {
    "type": "object",
    "required": ["text", "value"],
    "additionalProperties": False,
    "properties": {"text": _text(75), "value": {"type": "string", "maxLength": 150}},
}
_SELECT = {
    "type": "object",
    "required": ["type", "action_id", "options"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "static_select"},
        "action_id": {"type": "string", "minLength": 1, "maxLength": 255},
        "options": {"type": "array", "minItems": 1, "maxItems": 100, "items": _OPTION},
    },
}
_BOXES = {
    "type": "object",
    "required": ["type", "action_id", "options"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "checkboxes"},
        "action_id": {"type": "string", "minLength": 1, "maxLength": 255},
        "options": {"type": "array", "minItems": 1, "maxItems": 10, "items": _OPTION},
    },
}
_TYPED = {
    "type": "object",
    "required": ["type", "action_id"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "plain_text_input"},
        "action_id": {"type": "string", "minLength": 1, "maxLength": 255},
        "multiline": {"type": "boolean"},
        "max_length": {"type": "integer", "minimum": 1, "maximum": 3000},
    },
}
INPUT = {
    "type": "object",
    "required": ["type", "label", "element"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "input"},
        "block_id": {"type": "string", "maxLength": 255},
        "label": _text(2000),
        "element": {"oneOf": [_SELECT, _TYPED, _BOXES]},
        "optional": {"type": "boolean"},
        "dispatch_action": {"type": "boolean"},
    },
}
VIEW = {
    "type": "object",
    "required": ["type", "title", "blocks", "submit"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "modal"},
        "title": _text(24),
        "submit": _text(24),
        "close": _text(24),
        "private_metadata": {"type": "string", "maxLength": 3000},
        "blocks": {
            "type": "array",
            "minItems": 1,
            "maxItems": 100,
            "items": {"oneOf": [SECTION, INPUT]},
        },
    },
}
