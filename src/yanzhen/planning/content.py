"""What a post consists of, as values: texts, media, poll and terms, and the digest over all of it.

Rows keep the JSON forms (``as_json``), approvals keep the digest. A part that is empty is left out
of both, so that a post of plain text has the same digest it has always had.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class PostKind(StrEnum):
    """What a post does on X. Values are stored."""

    POST = "post"
    """Says something new: one post, or a thread."""
    EDIT = "edit"
    """Replaces the text of one that is out, within X's window."""
    REPOST = "repost"
    """Shows another account's post again, without words of its own."""


class BadContent(ValueError):
    """A stored or sent part has the wrong shape; the message names it."""


@dataclass(frozen=True, slots=True)
class MediaUse:
    """One media file in one segment, as it is approved.

    ``media`` is library.MediaFile's number; ``sha256`` its bytes (hex), so that an approval is for
    the picture and not for a row. ``kind`` is "image", "gif" or "video". ``subtitles`` maps a
    language to the SHA-256 of its SRT text.
    """

    media: int
    sha256: str
    kind: str = "image"
    alt: str = ""
    subtitles: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> Json:
        """Return the form that is stored and digested."""
        full: Json = {
            "media": self.media,
            "sha256": self.sha256,
            "kind": self.kind,
            "alt": self.alt,
            "subtitles": dict(self.subtitles),
        }
        return {name: value for name, value in full.items() if value}

    @staticmethod
    def read(stored: Any) -> MediaUse:
        """Read the stored form. Raises BadContent."""
        try:
            return MediaUse(
                media=int(stored["media"]),
                sha256=str(stored["sha256"]),
                kind=str(stored.get("kind", "image")),
                alt=str(stored.get("alt", "")),
                subtitles={str(k): str(v) for k, v in stored.get("subtitles", {}).items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadContent(f"media: {error}") from None


@dataclass(frozen=True, slots=True)
class Poll:
    """Two to four choices and how long they can be voted on."""

    options: tuple[str, ...]
    minutes: int

    def as_json(self) -> Json:
        """Return the form that is stored and digested."""
        return {"options": list(self.options), "minutes": self.minutes}

    @staticmethod
    def read(stored: Any) -> Poll:
        """Read the stored form. Raises BadContent."""
        try:
            return Poll(tuple(str(o) for o in stored["options"]), int(stored["minutes"]))
        except (KeyError, TypeError, ValueError) as error:
            raise BadContent(f"poll: {error}") from None


@dataclass(frozen=True, slots=True)
class SegmentContent:
    """What one X post of a thread shows."""

    text: str
    media: tuple[MediaUse, ...] = ()
    poll: Poll | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it that could go out."""
        return not self.text.strip() and not self.media and self.poll is None

    def extras(self) -> Json:
        """Return everything but the text, in its stored form; {} for a plain segment."""
        found: Json = {}
        if self.media:
            found["media"] = [use.as_json() for use in self.media]
        if self.poll is not None:
            found["poll"] = self.poll.as_json()
        return found

    @staticmethod
    def read(text: str, extras: Any) -> SegmentContent:
        """Read text and the stored form of the rest. Raises BadContent."""
        if not isinstance(extras, dict):
            raise BadContent("the parts of a segment are an object")
        media = extras.get("media", [])
        if not isinstance(media, list):
            raise BadContent("media is a list")
        poll = extras.get("poll")
        return SegmentContent(
            text=text,
            media=tuple(MediaUse.read(one) for one in media),
            poll=None if poll is None else Poll.read(poll),
        )


REPLY_SETTINGS = ("", "following", "mentionedUsers", "subscribers", "verified")


@dataclass(frozen=True, slots=True)
class Terms:
    """How the whole post stands on X. Empty means X's own default.

    ``reply_to`` and ``quote`` are ids on X that the first segment answers or quotes.
    """

    reply_settings: str = ""
    reply_to: str = ""
    quote: str = ""
    made_with_ai: bool = False
    paid_partnership: bool = False

    def as_json(self) -> Json:
        """Return the form that is stored and digested; {} for X's defaults."""
        full: Json = {
            "reply_settings": self.reply_settings,
            "reply_to": self.reply_to,
            "quote": self.quote,
            "made_with_ai": self.made_with_ai,
            "paid_partnership": self.paid_partnership,
        }
        return {name: value for name, value in full.items() if value}

    @staticmethod
    def read(stored: Any) -> Terms:
        """Read the stored form. Raises BadContent."""
        if not isinstance(stored, dict):
            raise BadContent("terms are an object")
        settings = str(stored.get("reply_settings", ""))
        ids = {name: str(stored.get(name, "") or "") for name in ("reply_to", "quote")}
        if settings not in REPLY_SETTINGS:
            raise BadContent(f"reply_settings: {settings}")
        for name, value in ids.items():
            if value and not (value.isascii() and value.isdigit()):
                raise BadContent(f"{name}: {value}")
        return Terms(
            reply_settings=settings,
            made_with_ai=bool(stored.get("made_with_ai")),
            paid_partnership=bool(stored.get("paid_partnership")),
            **ids,
        )


@dataclass(frozen=True, slots=True)
class Content:
    """A whole post as it is approved. ``target`` is the id on X that an edit or repost is about."""

    segments: tuple[SegmentContent, ...]
    terms: Terms = field(default_factory=Terms)
    kind: PostKind = PostKind.POST
    target: str = ""

    @property
    def texts(self) -> list[str]:
        """The texts in order."""
        return [segment.text for segment in self.segments]

    def without_empty(self) -> Content:
        """Return it without segments that hold nothing."""
        return replace(self, segments=tuple(s for s in self.segments if not s.is_empty))

    def digest(self, account_id: int) -> str:
        """Return the hex SHA-256 of what an approval is for: all of this, to this account."""
        body: Json = {
            "account": account_id,
            "segments": [{"text": s.text, **s.extras()} for s in self.segments],
        }
        if terms := self.terms.as_json():
            body["terms"] = terms
        if self.kind != PostKind.POST:
            body["kind"] = self.kind.value
            body["target"] = self.target
        coded = json.dumps(body, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(coded.encode()).hexdigest()


def plain(texts: Iterable[str]) -> Content:
    """Return the content of a post that is text only."""
    return Content(tuple(SegmentContent(text) for text in texts))


def read_segments(texts: Sequence[str], extras: Sequence[Any]) -> tuple[SegmentContent, ...]:
    """Pair texts with their stored parts; a missing part is none. Raises BadContent."""
    padded = [*extras, *([{}] * max(0, len(texts) - len(extras)))]
    return tuple(SegmentContent.read(text, padded[n] or {}) for n, text in enumerate(texts))
