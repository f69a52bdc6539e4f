"""Posting to the push service that a browser named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from yanzhen.adapters.tools.push.encryption import (
    BadKeys,
    BrowserKeys,
    authorization,
    encrypt,
)
from yanzhen.kernel import clock
from yanzhen.kernel.http import CallFailed, Limits, client
from yanzhen.notify.ports import Card, Gone, Refused, Target

LIMITS = Limits(connect_seconds=5, read_seconds=8, total_seconds=10, answer_bytes=64 * 1024)
#: How long a push service keeps a message for a browser that is away.
KEPT_SECONDS = 24 * 3600
MOST_TEXT = 600
_OK, _MULTIPLE, _SERVER_FAULT = 200, 300, 500
_GONE = frozenset({404, 410})
_PASSING = frozenset({408, 409, 425, 429})


def payload_of(card: Card) -> bytes:
    """Return what the service worker shows. ``tag`` lets a repeated message replace the first."""
    text = card.text if len(card.text) <= MOST_TEXT else card.text[: MOST_TEXT - 1] + "…"
    title = " · ".join(filter(None, [card.workspace[:80], card.urgent_label]))
    told = {"title": title, "body": text, "url": card.url, "tag": card.key}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class PushMessenger:
    """Posts to addresses that browsers gave: public ones only, unless the installation allows it.

    ``subject`` is whom a push service writes to when something is wrong: mailto: or https:.
    """

    subject: str
    public_only: bool = True

    def post(self, card: Card, to: Target) -> Mapping[str, str]:
        """Post a card to one browser; its secrets are p256dh, auth and our private key.

        Raises Gone when the browser takes no more.
        """
        p256dh, auth, pem = to.secrets
        try:
            body = encrypt(payload_of(card), BrowserKeys.read(p256dh, auth))
        except BadKeys:
            raise Gone("the browser's keys are none") from None
        headers = {
            "authorization": authorization(
                pem, endpoint=to.address, subject=self.subject, now=clock.now()
            ),
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(KEPT_SECONDS),
            "urgency": "high" if card.urgent_label else "normal",
        }
        try:
            with client(limits=LIMITS, public_only=self.public_only) as caller:
                answer = caller.post(to.address, content=body, headers=headers)
        except CallFailed as failed:
            raise Refused(str(failed), permanent=failed.reason == "address") from None
        _check(answer.status_code, answer.headers.get("retry-after", ""))
        return {}


def _check(status: int, wait: str) -> None:
    """Raise Gone or Refused unless the answer is a yes."""
    if _OK <= status < _MULTIPLE:
        return
    if status in _GONE:
        raise Gone(f"HTTP {status}")
    raise Refused(
        f"HTTP {status}",
        permanent=status < _SERVER_FAULT and status not in _PASSING,
        after_seconds=float(wait) if wait.isdigit() else None,
    )
