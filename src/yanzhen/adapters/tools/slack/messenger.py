"""Posting to Slack, writing messages anew, whispering and opening forms."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from yanzhen.adapters.tools.slack.blocks import blocks_of, fallback, unmarked, view_of
from yanzhen.notify.ports import Card, Gone, Refused, Sheet, Target

TIMEOUT_SECONDS: Final = 10
#: What Slack says when another try may be answered otherwise; anything else is for good.
_PASSING: Final = frozenset(
    {
        *("fatal_error", "internal_error", "request_timeout", "service_unavailable", "ratelimited"),
        *("rate_limited", "accesslimited", "team_added_to_org", "message_limit_exceeded"),
    }
)
_SERVER_FAULT: Final = 500
#: The SDK writes what it sends at debug, tokens not among it; even so it has nothing to add.
_QUIET: Final = logging.getLogger("yanzhen.adapters.slack.sdk")
_QUIET.setLevel(logging.WARNING)


@dataclass(frozen=True)
class SlackMessenger:
    """Slack's Web API at ``api_base``. Each call is made once: trying again is not its business."""

    api_base: str = "https://slack.com/api/"
    timeout_seconds: int = TIMEOUT_SECONDS

    def post(self, card: Card, to: Target) -> Mapping[str, str]:
        """Post a card to a channel or, for a user's id, as a direct message."""
        told = self._call(
            to,
            lambda client: client.chat_postMessage(
                channel=to.address,
                text=fallback(card),
                blocks=blocks_of(card),
                unfurl_links=False,
                unfurl_media=False,
            ),
        )
        return {"channel": str(told["channel"]), "ts": str(told["ts"])}

    def rewrite(self, card: Card, to: Target, where: Mapping[str, str]) -> None:
        """Write a posted card anew. Raises Gone when somebody deleted the message."""
        self._call(
            to,
            lambda client: client.chat_update(
                channel=where["channel"],
                ts=where["ts"],
                text=fallback(card),
                blocks=blocks_of(card),
            ),
        )

    def aside(self, words: str, to: Target, *, reader: str) -> None:
        """Say something to one reader in a channel; without a reader, to whom ``to`` names."""

        text = unmarked(words)

        def say(client: WebClient) -> SlackResponse:
            if reader and reader != to.address:
                return client.chat_postEphemeral(channel=to.address, user=reader, text=text)
            return client.chat_postMessage(channel=to.address, text=text, unfurl_links=False)

        self._call(to, say)

    def open_sheet(self, sheet: Sheet, to: Target, *, trigger: str) -> None:
        """Open a form for whoever pressed."""
        self._call(to, lambda client: client.views_open(trigger_id=trigger, view=view_of(sheet)))

    def _call(self, to: Target, ask: Callable[[WebClient], SlackResponse]) -> Mapping[str, Any]:
        """Make one call and return Slack's answer. Raises Refused, never with the token in it."""
        client = WebClient(
            token=to.secrets[0],
            base_url=self.api_base,
            timeout=self.timeout_seconds,
            logger=_QUIET,
            retry_handlers=[],
        )
        try:
            told = ask(client)
        except SlackApiError as error:
            raise _refused(error) from None
        except (SlackClientError, OSError, HTTPException, ValueError) as error:
            raise Refused(f"Slack: {type(error).__name__}") from None
        answer = told.data
        return answer if isinstance(answer, Mapping) else {}


def _refused(error: SlackApiError) -> Refused:
    answer = error.response
    status = int(getattr(answer, "status_code", 0) or 0)
    data = getattr(answer, "data", {})
    code = str(data.get("error", "")) if isinstance(data, Mapping) else ""
    if code == "message_not_found":
        return Gone(f"Slack: {code}")
    headers = {str(k).lower(): v for k, v in (getattr(answer, "headers", {}) or {}).items()}
    wait = str(headers.get("retry-after", ""))
    return Refused(
        f"Slack: {code or status}",
        permanent=bool(code) and code not in _PASSING and status < _SERVER_FAULT,
        after_seconds=float(wait) if wait.isdigit() else None,
    )
