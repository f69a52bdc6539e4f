"""Posting news as JSON, signed so that the receiver knows who sent it and when.

The headers and the signature are those of Standard Webhooks: ``webhook-id`` stays the same however
often a message is tried, ``webhook-timestamp`` is of this try, and ``webhook-signature`` holds one
``v1,`` signature for each secret in use. Receivers should refuse times more than five minutes off
and ids they have seen.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from yanzhen.kernel import clock
from yanzhen.kernel.http import CallFailed, Limits, client
from yanzhen.notify.ports import Card, Refused, Target

PREFIX = "whsec_"
LIMITS = Limits(connect_seconds=5, read_seconds=8, total_seconds=10, answer_bytes=64 * 1024)
_OK, _MULTIPLE = 200, 300
#: Answers that another try may change, though they say that the request was at fault.
_PASSING = frozenset({408, 409, 425, 429})
_SERVER_FAULT = 500


def sign(secret: str, *, key: str, at: int, body: bytes) -> str:
    """Return one signature: Base64 of HMAC-SHA256 over id, time (Unix seconds) and body."""
    raw = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{key}.{at}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(raw, signed, hashlib.sha256).digest()).decode()


def body_of(card: Card) -> bytes:
    """Return the JSON of a card, in UTF-8."""
    told = {
        "type": card.kind,
        "timestamp": card.at,
        "data": {
            "workspace": card.workspace,
            "text": card.text,
            "detail": card.detail,
            "urgent": bool(card.urgent_label),
            "url": card.url,
            **({"event": card.data} if card.data else {}),
        },
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class WebhookMessenger:
    """Posts to addresses that people typed: public ones only, unless the installation allows it."""

    public_only: bool = True

    def post(self, card: Card, to: Target) -> Mapping[str, str]:
        """Post a signed card; any 2xx is a yes."""
        body, at = body_of(card), int(clock.now().timestamp())
        headers = {
            "content-type": "application/json",
            "webhook-id": card.key,
            "webhook-timestamp": str(at),
            "webhook-signature": " ".join(
                sign(secret, key=card.key, at=at, body=body) for secret in to.secrets
            ),
        }
        send(to.address, body, headers, public_only=self.public_only)
        return {}


def send(address: str, body: bytes, headers: Mapping[str, str], *, public_only: bool) -> None:
    """Post once. Raises Refused with words that say what to do, never with the address."""
    try:
        with client(limits=LIMITS, public_only=public_only) as caller:
            answer = caller.post(address, content=body, headers=dict(headers))
    except CallFailed as failed:
        raise Refused(str(failed), permanent=failed.reason == "address") from None
    except ValueError as error:
        raise Refused(type(error).__name__, permanent=True) from None
    status = answer.status_code
    if _OK <= status < _MULTIPLE:
        return
    permanent = status < _SERVER_FAULT and status not in _PASSING
    raise Refused(
        f"HTTP {status}",
        permanent=permanent,
        after_seconds=_wait(answer.headers.get("retry-after", "")),
    )


def _wait(told: str) -> float | None:
    """Return the seconds of a Retry-After header, in either of its forms."""
    if told.isdigit():
        return float(told)
    try:
        until: datetime = parsedate_to_datetime(told)
        return max((until - clock.now()).total_seconds(), 0)
    except (TypeError, ValueError):
        return None
