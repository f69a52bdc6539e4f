"""What is checked against the framework, and what a check finds; values only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from yanzhen.activity.refs import Ref
from yanzhen.brand.rules import RuleSpec


class Fault(StrEnum):
    """What is wrong."""

    SAID = "said"
    SPELLED = "spelled"
    UNPROVEN = "unproven"
    UNDISCLOSED = "undisclosed"
    TOO_MANY = "too_many"
    FORBIDDEN = "forbidden"
    NOT_ALLOWED = "not_allowed"
    TOO_SMALL = "too_small"
    SHAPE = "shape"


class Place(StrEnum):
    """Where words stand that are not the text itself."""

    POLL = "poll"
    ALT = "alt"


@dataclass(frozen=True, slots=True)
class Aside:
    """Words beside the text of ``segment`` (from 1): one choice of its poll, or one alt text.

    ``number`` counts the choices or the pictures of the segment from 1.
    """

    place: Place
    segment: int
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Where it is: [start, end) in code points of the text of ``segment``, which counts from 1."""

    segment: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What one click would do: put ``text`` in place of [start, end) of the segment."""

    segment: int
    start: int
    end: int
    old: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says about one segment. ``found`` is the number where something is counted.

    With an ``aside``, places in ``passages`` and ``fixes`` are those of its text.
    """

    rule: RuleSpec
    fault: Fault
    segment: int
    passages: tuple[Passage, ...] = ()
    fixes: tuple[Fix, ...] = ()
    found: int = 0
    aside: Aside | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """An image or video on ``segment`` (from 1); ``width`` and ``height`` in pixels as shown.

    ``sha256`` is of its bytes, hex.
    """

    segment: int
    width: int
    height: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What is checked: the texts of a thread in order, in ``language`` (BCP 47, "" not known)."""

    texts: Sequence[str]
    language: str = ""
    pictures: Sequence[Picture] = ()
    asides: Sequence[Aside] = ()

    def digest(self, about: Ref) -> str:
        """Return the hex SHA-256 of these exact words and pictures of the thing ``about``.

        Segments without words do not count: they are gone when the text is sent on.
        """
        texts = [text for text in self.texts if text.strip()]
        body: list[Any] = [
            about.type,
            about.id,
            texts,
            [picture.sha256 for picture in self.pictures],
        ]
        if said := [[aside.place, aside.text] for aside in self.asides]:
            body.append(said)
        return hashlib.sha256(json.dumps(body, ensure_ascii=True).encode()).hexdigest()
