"""Reading as one account: each call is made exactly once. What writes is in writing.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import httpx2

from yanzhen.adapters.platforms.x import answers, reading
from yanzhen.adapters.platforms.x.oauth1 import SignedBy
from yanzhen.channels.ports import (
    AppKeys,
    PlatformError,
    Profile,
    RemotePost,
    Tokens,
)
from yanzhen.kernel.http import CallFailed

# In this older dialect author_id costs nothing; both dialects are read (see reading).
_FIELDS = (
    "created_at,author_id,conversation_id,referenced_tweets,entities,attachments,public_metrics,"
    "note_tweet,edit_history_tweet_ids"
)
_POLLS = {"expansions": "attachments.poll_ids", "poll.fields": "options"}
MOST_IDS = 100
#: X names in it what OAuth 1.0a tokens may do: read, read-write, read-write-directmessages.
_LEVEL = "x-access-level"


def _may_write(level: str | None) -> bool | None:
    return "write" in level if level else None


class _Bearer(httpx2.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx2.Request) -> Any:
        request.headers["authorization"] = f"Bearer {self._token}"
        yield request


class XSession:
    """Implements channels.ports.Reader. Several threads may share one."""

    def __init__(self, http: httpx2.Client, api_base: str, app: AppKeys, tokens: Tokens) -> None:
        self._http = http
        self._base = api_base
        self._secrets = (tokens.access, tokens.secret, tokens.refresh, app.consumer_secret)
        self._auth: httpx2.Auth = (
            SignedBy(
                consumer_key=app.consumer_key,
                consumer_secret=app.consumer_secret,
                token=tokens.access,
                token_secret=tokens.secret,
            )
            if tokens.kind == "oauth1"
            else _Bearer(tokens.access)
        )

    def me(self) -> Profile:
        """Return whose tokens these are. Raises PlatformError."""
        fields = "name,username,profile_image_url,verified_type,subscription_type"
        answer, parsed = self._answer("GET", "/2/users/me", {"user.fields": fields})
        found = reading.profile(parsed.get("data"))
        if found is None:
            raise PlatformError("unreadable", "X did not say whose tokens these are")
        return replace(found, may_write=_may_write(answer.headers.get(_LEVEL)))

    def own_posts(
        self, account_id: str, *, since_id: str, until_id: str = "", limit: int = 20
    ) -> Sequence[RemotePost]:
        """Return the account's newest posts between the two ids, newest first.

        Raises PlatformError. Only X's own word that there are none counts as none.
        """
        params = {
            "max_results": str(min(max(limit, 5), 100)),
            "tweet.fields": _FIELDS,
            **_POLLS,
        }
        if since_id:
            params["since_id"] = since_id
        if until_id:
            params["until_id"] = until_id
        parsed = self._read(f"/2/users/{account_id}/tweets", params)
        listed = parsed.get("data")
        if not isinstance(listed, list):
            meta = parsed.get("meta")
            if isinstance(meta, dict) and meta.get("result_count") == 0:
                return []
            raise self._unreadable(parsed)
        polls = reading.polls(parsed)
        found = [reading.remote_post(one, polls) for one in listed]
        posts = [post for post in found if post is not None]
        if len(posts) != len(found):
            raise PlatformError("unreadable", "X sent a post without an id")
        posts.sort(key=lambda post: int(post.id), reverse=True)
        return posts[:limit]

    def posts(self, ids: Sequence[str]) -> Mapping[str, RemotePost]:
        """Return those of up to 100 ``ids`` that exist, by id. Raises PlatformError, ValueError."""
        if len(ids) > MOST_IDS:
            raise ValueError(f"X takes {MOST_IDS} ids at once, not {len(ids)}")
        if not ids:
            return {}
        params = {"ids": ",".join(ids), "tweet.fields": _FIELDS, **_POLLS}
        parsed = self._read("/2/tweets", params)
        listed = parsed.get("data")
        trouble = [e for e in answers.errors_of(parsed) if not answers.is_not_found(e)]
        if trouble or (not isinstance(listed, list) and not answers.errors_of(parsed)):
            raise self._unreadable(parsed)
        polls = reading.polls(parsed)
        found = (
            [reading.remote_post(one, polls) for one in listed] if isinstance(listed, list) else []
        )
        return {post.id: post for post in found if post is not None}

    def _read(self, path: str, params: Mapping[str, str]) -> dict[str, Any]:
        return self._call("GET", path, params)

    def _call(
        self, method: str, path: str, params: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        return self._answer(method, path, params)[1]

    def _answer(
        self, method: str, path: str, params: Mapping[str, str] | None = None
    ) -> tuple[httpx2.Response, dict[str, Any]]:
        try:
            answer = self._http.request(method, self._base + path, params=params, auth=self._auth)
        except CallFailed as failed:
            raise answers.wire_error(failed) from None
        if answer.is_success:
            parsed = answers.read_json(answer.content)
            if not parsed:
                raise PlatformError("unreadable", status=answer.status_code)
            return answer, parsed
        raise self._error(answer)

    def _error(self, answer: httpx2.Response) -> PlatformError:
        found = answers.meaning(
            answer.status_code, answer.content, answer.headers, secrets=self._secrets
        )
        return PlatformError(
            found.code,
            found.detail,
            status=answer.status_code,
            retry_at=found.retry_at,
            problem=found.problem,
        )

    def _unreadable(self, parsed: dict[str, Any]) -> PlatformError:
        first = next(iter(answers.errors_of(parsed)), {})
        detail = answers.without(str(first.get("detail", "")), self._secrets)
        return PlatformError("unreadable", detail, status=200)
