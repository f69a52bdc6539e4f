"""Writing as one account: each call is made exactly once and told without interpretation."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx2

from yanzhen.adapters.platforms.x import answers, reading
from yanzhen.adapters.platforms.x.uploading import Uploading
from yanzhen.channels.ports import OutgoingPost, SendResult, Sent
from yanzhen.kernel.http import CallFailed

OnPoint = Callable[[str], None] | None
_JSON = {"content-type": "application/json"}


def body_of(post: OutgoingPost) -> dict[str, Any]:
    """Return the body of POST /2/tweets; what is X's default is left out."""
    body: dict[str, Any] = {"text": post.text} if post.text else {}
    if post.reply_to_id:
        body["reply"] = {"in_reply_to_tweet_id": post.reply_to_id}
    if post.media_ids:
        body["media"] = {"media_ids": list(post.media_ids)}
    if post.poll is not None:
        body["poll"] = {
            "options": list(post.poll.options),
            "duration_minutes": post.poll.minutes,
        }
    if post.edits_id:
        body["edit_options"] = {"previous_post_id": post.edits_id}
    words = {"quote_tweet_id": post.quote_id, "reply_settings": post.reply_settings}
    flags = {"made_with_ai": post.made_with_ai, "paid_partnership": post.paid_partnership}
    return body | {name: value for name, value in (words | flags).items() if value}


class XWriter(Uploading):
    """Implements channels.ports.Writer. Several threads may share one."""

    def send(
        self, post: OutgoingPost, *, timeout_seconds: float, on_point: OnPoint = None
    ) -> SendResult:
        """Try once to create ``post`` and tell what is known afterwards; never raises for the wire.

        The deadline is checked between opening the connection and writing to it, so that a paused
        process gives up instead of sending late.
        """
        answer = self._once("POST", "/2/tweets", body_of(post), timeout_seconds, on_point)
        if isinstance(answer, SendResult) or not answer.is_success:
            return answer if isinstance(answer, SendResult) else self._refused(answer)
        data = answers.read_json(answer.content).get("data")
        post_id = reading.text_id(data.get("id")) if isinstance(data, dict) else ""
        return self._created(answer, post_id) if post_id else self._refused(answer)

    def repost(
        self,
        account_id: str,
        post_id: str,
        *,
        timeout_seconds: float,
        on_point: OnPoint = None,
    ) -> SendResult:
        """Try once to show ``post_id`` again on ``account_id``."""
        path = f"/2/users/{account_id}/retweets"
        answer = self._once("POST", path, {"tweet_id": post_id}, timeout_seconds, on_point)
        if isinstance(answer, SendResult) or not answer.is_success:
            return answer if isinstance(answer, SendResult) else self._refused(answer)
        data = answers.read_json(answer.content).get("data")
        done = isinstance(data, dict) and (data.get("retweeted") is True or data.get("reposted"))
        return self._created(answer, post_id) if done else self._refused(answer)

    def delete(self, post_id: str, *, timeout_seconds: float) -> SendResult:
        """Try once to delete an own post; one that is gone already counts as done."""
        answer = self._once("DELETE", f"/2/tweets/{post_id}", None, timeout_seconds, None)
        if isinstance(answer, SendResult):
            return answer
        parsed = answers.read_json(answer.content)
        data = parsed.get("data")
        gone = any(answers.is_not_found(e) for e in answers.errors_of(parsed))
        deleted = isinstance(data, dict) and data.get("deleted") is True
        if answer.status_code == httpx2.codes.NOT_FOUND or (
            answer.is_success and (deleted or gone)
        ):
            return self._created(answer, post_id)
        return self._refused(answer)

    def take_back(self, account_id: str, post_id: str, *, timeout_seconds: float) -> SendResult:
        """Try once to undo a repost of ``post_id`` on ``account_id``; none there is done as well.

        X answers ``retweeted: false`` whether there was one or not.
        """
        path = f"/2/users/{account_id}/retweets/{post_id}"
        answer = self._once("DELETE", path, None, timeout_seconds, None)
        if isinstance(answer, SendResult):
            return answer
        data = answers.read_json(answer.content).get("data")
        undone = isinstance(data, dict) and (
            data.get("retweeted") is False or data.get("reposted") is False
        )
        if answer.status_code == httpx2.codes.NOT_FOUND or (answer.is_success and undone):
            return self._created(answer, post_id)
        return self._refused(answer)

    def _once(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        timeout_seconds: float,
        on_point: OnPoint,
    ) -> httpx2.Response | SendResult:
        """Make one call; a SendResult when the wire failed it."""
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        try:
            return self._http.request(
                method,
                self._base + path,
                content=content,
                headers=_JSON if content is not None else None,
                auth=self._auth,
                extensions={"total_seconds": timeout_seconds, "on_point": on_point},
            )
        except CallFailed as failed:
            sent = Sent.UNKNOWN if failed.may_have_left else Sent.UNSENT
            detail = answers.without(str(failed), self._secrets)
            return SendResult(sent, answers.wire_code(failed), failed.status, detail=detail)

    def _created(self, answer: httpx2.Response, post_id: str) -> SendResult:
        rates = answers.rate_windows(answer.headers)
        return SendResult(Sent.CREATED, "created", answer.status_code, post_id, rates=rates)

    def _refused(self, answer: httpx2.Response) -> SendResult:
        """Tell of an answer that is no clear yes, a 2xx that cannot be read among them."""
        found = answers.meaning(
            answer.status_code, answer.content, answer.headers, secrets=self._secrets
        )
        code = "unreadable" if answer.is_success else found.code
        return SendResult(
            Sent.UNKNOWN,
            "refused" if code == "not_found" else code,
            answer.status_code,
            detail=found.detail,
            rates=answers.rate_windows(answer.headers),
            retry_at=found.retry_at,
        )
