"""What the composer sends: texts, what hangs on them, and the terms of the whole post.

The page's script sends JSON, the plain form fields with the segment's number (from 1) at their end:
``media-2`` and ``alt-2`` for each file in order, ``poll-2`` with ``option-2`` for each choice and
``days-2``, ``hours-2``, ``minutes-2``. A form without ``parts`` speaks of texts alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from yanzhen.kernel.ids import parse_id
from yanzhen.planning.content import REPLY_SETTINGS, Json, Terms

_LARGEST = 2**31 - 1
_MOST_MINUTES = 99_999
_MOST_OPTIONS = 8
_HOUR, _DAY = 60, 1440
_POST_ID = re.compile(r"[0-9]{1,19}")
_POST_LINK = re.compile(
    r"(?:https?://)?(?:[a-z0-9-]+\.)*[a-z0-9-]+(?::\d+)?/(?:i/(?:web/)?|\w{1,20}/)"
    r"status(?:es)?/(\d{1,19})(?:[/?#].*)?",
    re.IGNORECASE,
)


class NotReadable(ValueError):
    """What was sent is not what this address takes."""


class NoPost(ValueError):
    """What was pasted names no post on X; ``str()`` says so in the reader's language."""


@dataclass(frozen=True, slots=True)
class Writing:
    """A thread as somebody sent it, and the ``revision`` it started from.

    ``extras`` is as Draft.extras, without digests; None when the sender said nothing of it, as
    ``terms`` is.
    """

    texts: list[str]
    revision: int
    extras: list[Json] | None = None
    terms: Terms | None = None


def read_writing(request: HttpRequest) -> Writing:
    """Read a thread from JSON {"texts", "extras", "terms", "revision"} or from a form.

    Raises NotReadable and NoPost.
    """
    if request.content_type == "application/json":
        return _from_json(request.body)
    sent = request.POST
    texts = sent.getlist("text")
    whole = "parts" in sent
    return Writing(
        texts=texts,
        revision=_revision(sent.get("revision")),
        extras=_form_extras(sent, len(texts)) if whole else None,
        terms=_form_terms(sent) if whole else None,
    )


def salvage(request: HttpRequest) -> Writing:
    """Return what can be read of a form that was refused, so that nothing typed is lost."""
    sent = request.POST
    texts = sent.getlist("text")
    try:
        extras = _form_extras(sent, len(texts)) if "parts" in sent else None
    except NotReadable:
        extras = None
    return Writing(texts=texts, revision=0, extras=extras)


def _from_json(body: bytes) -> Writing:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise NotReadable("not JSON") from None
    if not isinstance(sent, dict):
        raise NotReadable("not an object")
    texts = sent.get("texts")
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise NotReadable("no list of texts")
    return Writing(
        texts=texts,
        revision=_revision(sent.get("revision")),
        extras=read_extras(sent["extras"]) if "extras" in sent else None,
        terms=read_terms(sent["terms"]) if "terms" in sent else None,
    )


def _revision(sent: object) -> int:
    if (
        isinstance(sent, str)
        and sent.isascii()
        and sent.isdigit()
        and len(sent) <= len("2147483647")
    ):
        sent = int(sent)
    if not isinstance(sent, int) or isinstance(sent, bool) or not 0 <= sent <= _LARGEST:
        raise NotReadable("no revision")
    return sent


def read_extras(sent: Any) -> list[Json]:
    """Read [{"media": [{"media": 3, "alt": ""}], "poll": {"options": [], "minutes": 60}}].

    Raises NotReadable.
    """
    if not isinstance(sent, list):
        raise NotReadable("no list of extras")
    return [_extra(each) for each in sent]


def _extra(sent: Any) -> Json:
    if not isinstance(sent, dict):
        raise NotReadable("an extra is no object")
    found: Json = {}
    media = sent.get("media") or []
    if not isinstance(media, list):
        raise NotReadable("media is no list")
    if media:
        found["media"] = [_use(each) for each in media]
    if sent.get("poll") is not None:
        found["poll"] = _poll(sent["poll"])
    return found


def _use(sent: Any) -> Json:
    number = sent.get("media") if isinstance(sent, dict) else None
    alt = sent.get("alt", "") if isinstance(sent, dict) else None
    if not isinstance(number, int) or isinstance(number, bool) or not isinstance(alt, str):
        raise NotReadable("a file is {media, alt}")
    if not 0 < number <= _LARGEST:
        raise NotReadable("no such number")
    return {"media": number, "sha256": "", "alt": alt}


def _poll(sent: Any) -> Json:
    options = sent.get("options") if isinstance(sent, dict) else None
    minutes = sent.get("minutes") if isinstance(sent, dict) else None
    if not isinstance(options, list) or not all(isinstance(each, str) for each in options):
        raise NotReadable("a poll is {options, minutes}")
    if not isinstance(minutes, int) or isinstance(minutes, bool):
        raise NotReadable("no minutes")
    return _whole_poll(options, minutes)


def _whole_poll(options: Sequence[str], minutes: int) -> Json:
    """Leave out choices nobody wrote yet."""
    said = [option for option in options if option.strip()]
    if len(said) > _MOST_OPTIONS or not 0 <= minutes <= _MOST_MINUTES:
        raise NotReadable("a poll beyond all bounds")
    return {"options": said, "minutes": minutes}


def read_terms(sent: Any) -> Terms:
    """Read {"reply_settings", "reply_to", "quote", "made_with_ai", "paid_partnership"}.

    Links to posts become their ids. Raises NotReadable and NoPost.
    """
    if not isinstance(sent, Mapping):
        raise NotReadable("terms are no object")
    settings = sent.get("reply_settings") or ""
    if settings not in REPLY_SETTINGS:
        raise NotReadable("unknown reply settings")
    return Terms(
        reply_settings=settings,
        reply_to=read_post_id(sent.get("reply_to") or ""),
        quote=read_post_id(sent.get("quote") or ""),
        made_with_ai=bool(sent.get("made_with_ai")),
        paid_partnership=bool(sent.get("paid_partnership")),
    )


def read_post_id(sent: Any) -> str:
    """Return the id of the post that a pasted link or number names, "" for nothing.

    Raises NotReadable for what is no text, NoPost for what names no post.
    """
    if not isinstance(sent, str):
        raise NotReadable("a post is named by text")
    said = sent.strip()
    if not said or _POST_ID.fullmatch(said):
        return said
    found = _POST_LINK.fullmatch(said)
    if found is None:
        raise NoPost(
            _("“%(said)s” names no post on X. Paste its link, which ends in /status/ and a number.")
            % {"said": said[:60]}
        )
    return found[1]


def _form_extras(sent: QueryDict, count: int) -> list[Json]:
    return [_form_extra(sent, number) for number in range(1, count + 1)]


def _form_extra(sent: QueryDict, number: int) -> Json:
    found: Json = {}
    alts = sent.getlist(f"alt-{number}")
    media = [parse_id(raw) for raw in sent.getlist(f"media-{number}")]
    if media:
        alts += [""] * len(media)
        found["media"] = [
            _use({"media": pk, "alt": alt}) for pk, alt in zip(media, alts, strict=False)
        ]
    if sent.get(f"poll-{number}"):
        minutes = (
            _counted(sent, f"days-{number}") * _DAY
            + _counted(sent, f"hours-{number}") * _HOUR
            + _counted(sent, f"minutes-{number}")
        )
        found["poll"] = _whole_poll(sent.getlist(f"option-{number}"), minutes)
    return found


def _counted(sent: QueryDict, name: str) -> int:
    raw = sent.get(name) or "0"
    number = 0 if raw == "0" else parse_id(raw)
    if number is None or number > _MOST_MINUTES:
        raise NotReadable(f"{name} is no number")
    return number


def _form_terms(sent: QueryDict) -> Terms:
    names = ("reply_settings", "reply_to", "quote", "made_with_ai", "paid_partnership")
    return read_terms({name: sent.get(name, "") for name in names})
