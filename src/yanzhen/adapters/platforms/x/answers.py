"""What X's answers mean, in the few words that channels.ports knows.

X tells many things apart only by the wording of ``detail``, so these words are matched loosely.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from yanzhen.channels.ports import PlatformError, RateWindow
from yanzhen.kernel.http import CallFailed, Reason

LONGEST_DETAIL = 500
#: The code that X's version 1.1 put into 429 bodies, and still does now and then.
_RATE_LIMIT_CODE = 88
_PLAIN = {
    HTTPStatus.UNAUTHORIZED: "unauthorised",
    HTTPStatus.PAYMENT_REQUIRED: "no_credits",
    HTTPStatus.NOT_FOUND: "not_found",
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an answer that is not a success says. ``retry_at`` is aware UTC when X named a time.

    ``problem`` is X's own slug for it, from ``type`` or ``title``, such as
    client-forbidden or spend-cap.
    """

    code: str
    detail: str = ""
    retry_at: datetime | None = None
    problem: str = ""


def read_json(body: bytes) -> dict[str, Any]:
    """Return the JSON object in ``body``, or {} when it holds anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def without(text: str, secrets: Iterable[str]) -> str:
    """Return ``text`` on one line, cut, with every one of ``secrets`` blanked out."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "…")
    return " ".join(text.replace("\x00", "").split())[:LONGEST_DETAIL]


_BUCKETS = {
    "window": "x-rate-limit",
    "user_day": "x-user-limit-24hour",
    "app_day": "x-app-limit-24hour",
}


def rate_windows(headers: Mapping[str, str]) -> tuple[RateWindow, ...]:
    """Read every limit X's headers tell of; those it does not mention are left out."""
    windows = [_window(headers, bucket, prefix) for bucket, prefix in _BUCKETS.items()]
    return tuple(w for w in windows if w.remaining is not None or w.resets_at is not None)


def ends_at(windows: Iterable[RateWindow]) -> datetime | None:
    """Return when a used-up limit ends: the latest of those with nothing left; None if untold."""
    windows = list(windows)
    used_up = [w.resets_at for w in windows if w.remaining == 0 and w.resets_at is not None]
    told = used_up or [w.resets_at for w in windows if w.resets_at is not None]
    return max(told, default=None)


def _window(headers: Mapping[str, str], bucket: str, prefix: str) -> RateWindow:
    limit, remaining, reset = (
        _whole(headers.get(f"{prefix}-{part}")) for part in ("limit", "remaining", "reset")
    )
    try:
        resets_at = None if reset is None else datetime.fromtimestamp(reset, UTC)
    except (ValueError, OverflowError, OSError):
        resets_at = None
    return RateWindow(bucket, limit, remaining, resets_at)


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def meaning(
    status: int, body: bytes, headers: Mapping[str, str], *, secrets: Iterable[str] = ()
) -> Meaning:
    """Tell what an answer with ``status`` outside 2xx, or a 2xx that says no, means."""
    parsed = read_json(body)
    detail = without(_detail(parsed), secrets)
    if status == HTTPStatus.FORBIDDEN:
        found = _forbidden(parsed, detail)
    elif status == HTTPStatus.TOO_MANY_REQUESTS or _says_rate_limit(parsed):
        found = Meaning("rate_limited", detail, ends_at(rate_windows(headers)))
    elif status in _PLAIN:
        found = Meaning(_PLAIN[HTTPStatus(status)], detail)
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        found = Meaning("server_error", detail)
    elif status >= HTTPStatus.BAD_REQUEST:
        found = Meaning("refused", detail)
    else:
        found = Meaning("unreadable", detail)
    return replace(found, problem=_problem(parsed))


def _problem(parsed: dict[str, Any]) -> str:
    """Return X's slug for what is wrong; of old numbered errors "code-135"."""
    kind = _text(parsed, "type").rpartition("/")[2]
    if kind and kind != "about:blank":
        title = _text(parsed, "title").lower()
        return "spend-cap" if "spendcap" in title else kind[:60]
    numbers = [error.get("code") for error in errors_of(parsed)]
    if numbers and isinstance(numbers[0], int):
        return f"code-{numbers[0]}"
    return _text(parsed, "error")[:60]


def _forbidden(parsed: dict[str, Any], detail: str) -> Meaning:
    words = " ".join((detail, _text(parsed, "title"), _text(parsed, "type"))).lower()
    if "spendcap" in words or "/problems/credits" in words or "credits depleted" in words:
        code = "spend_cap" if "spendcap" in words else "no_credits"
        return Meaning(code, detail, _reset_date(parsed))
    return Meaning(_gate(words), detail)


def _gate(words: str) -> str:
    if "duplicate" in words:
        return "duplicate"
    if "quoting this post" in words or "quote this post" in words:
        return "quote_gate"
    if "repl" in words and "mentioned" in words:
        return "reply_gate"
    if "daily status update limit" in words:
        return "day_limit"
    return "suspended" if "suspended" in words else "forbidden"


def _reset_date(parsed: dict[str, Any]) -> datetime | None:
    try:
        at = datetime.fromisoformat(_text(parsed, "reset_date"))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _text(parsed: dict[str, Any], name: str) -> str:
    value = parsed.get(name)
    return value if isinstance(value, str) else ""


def errors_of(parsed: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the objects in X's ``errors`` list; partial errors come with status 200."""
    listed = parsed.get("errors")
    return [e for e in listed if isinstance(e, dict)] if isinstance(listed, list) else []


def is_not_found(error: dict[str, Any]) -> bool:
    """Tell whether one entry of ``errors`` says that the thing asked for is not there."""
    words = (_text(error, "type") + " " + _text(error, "title")).lower()
    return "not-found" in words or "not found" in words


def _says_rate_limit(parsed: dict[str, Any]) -> bool:
    return any(error.get("code") == _RATE_LIMIT_CODE for error in errors_of(parsed))


def _detail(parsed: dict[str, Any]) -> str:
    for name in ("detail", "error_description"):
        if text := _text(parsed, name):
            return _with_first_error(text, parsed)
    for error in errors_of(parsed):
        if text := _text(error, "detail") or _text(error, "message"):
            return text
    return _text(parsed, "title") or _text(parsed, "error")


def _with_first_error(text: str, parsed: dict[str, Any]) -> str:
    # "One or more parameters to your request was invalid." alone helps nobody.
    first = next((_text(e, "message") for e in errors_of(parsed)), "")
    return f"{text} {first}" if first and first not in text else text


def wire_code(failed: CallFailed) -> str:
    """Return the word for a call that has no whole answer."""
    if not failed.may_have_left:
        return "unsent"
    words = {
        Reason.TIMEOUT: "timeout",
        Reason.TOO_LARGE: "unreadable",
        Reason.UNREADABLE: "unreadable",
    }
    return words.get(failed.reason, "broken")


def wire_error(failed: CallFailed) -> PlatformError:
    """Return the error that a call other than a send raises when the wire failed it."""
    return PlatformError(
        wire_code(failed), str(failed), status=failed.status, reason=failed.reason.value
    )
