"""Posting Adaptive Cards to a Teams workflow.

A workflow has no bot, so its cards cannot be answered: their buttons lead to pages of ours, where
the member signs in and confirms.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yanzhen.kernel.http import CallFailed, Limits, client
from yanzhen.notify.ports import Card, Refused, Target

LIMITS = Limits(connect_seconds=5, read_seconds=12, total_seconds=15, answer_bytes=64 * 1024)
#: What Teams draws everywhere, phones too.
VERSION = "1.4"
#: Teams takes about 28 KB for a message; a card this long would be cut by its reader anyway.
MOST_DETAIL, MOST_TEXT, MOST_ACTIONS = 6000, 2000, 6
_OK, _MULTIPLE, _SERVER_FAULT = 200, 300, 500
_PASSING = frozenset({408, 409, 425, 429})
_STYLES = {"primary": "positive", "danger": "destructive"}
#: Signs that a text block of Teams would read as layout.
_MARKS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]#|~"})


def _plain(text: str, most: int) -> str:
    """Return people's words so that nothing in them becomes layout or a link."""
    shown = text if len(text) <= most else text[: most - 1] + "…"
    return shown.translate(_MARKS).replace("\n", "\n\n")


def card_of(card: Card) -> dict[str, Any]:
    """Return the Adaptive Card."""
    about = " · ".join(filter(None, [card.workspace, card.when, card.note]))
    body: list[dict[str, Any]] = []
    if card.urgent_label:
        body.append(_text(card.urgent_label, weight="Bolder", color="Attention", size="Small"))
    body.append(_text(_plain(card.text, MOST_TEXT), weight="Bolder"))
    if card.detail:
        body.append(_text(_plain(card.detail, MOST_DETAIL)))
    body.append(_text(_plain(about, MOST_TEXT), isSubtle=True, size="Small", spacing="Small"))
    actions = [
        {
            "type": "Action.OpenUrl",
            "title": button.label,
            "url": button.url,
            **({"style": _STYLES[button.style]} if button.style in _STYLES else {}),
        }
        for button in card.buttons[: MOST_ACTIONS - 1]
    ]
    actions.append({"type": "Action.OpenUrl", "title": card.open_label, "url": card.url})
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": VERSION,
        "fallbackText": card.text[:MOST_TEXT],
        "body": body,
        "actions": actions,
    }


def _text(text: str, **looks: Any) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, "wrap": True, **looks}


@dataclass(frozen=True)
class TeamsMessenger:
    """Posts to workflows: public addresses only, unless the installation allows others."""

    public_only: bool = True

    def post(self, card: Card, to: Target) -> Mapping[str, str]:
        """Post a card; any 2xx is a yes. Where it is in Teams is not told."""
        message = {
            "type": "message",
            "attachments": [
                {
                    "contentType": "application/vnd.microsoft.card.adaptive",
                    "contentUrl": None,
                    "content": card_of(card),
                }
            ],
        }
        try:
            with client(limits=LIMITS, public_only=self.public_only) as caller:
                answer = caller.post(
                    to.address,
                    content=json.dumps(message, ensure_ascii=False).encode(),
                    headers={"content-type": "application/json"},
                )
        except CallFailed as failed:
            raise Refused(str(failed), permanent=failed.reason == "address") from None
        except ValueError as error:
            raise Refused(type(error).__name__, permanent=True) from None
        _check(answer.status_code, answer.headers.get("retry-after", ""))
        return {}


def _check(status: int, wait: str) -> None:
    """Raise Refused unless the answer is a yes."""
    if _OK <= status < _MULTIPLE:
        return
    raise Refused(
        f"Teams: HTTP {status}",
        permanent=status < _SERVER_FAULT and status not in _PASSING,
        after_seconds=float(wait) if wait.isdigit() else None,
    )
