"""What the page of notices shows; reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils import translation

from yanzhen.activity.feed import events, sentence
from yanzhen.notify.models import Notice


@dataclass(frozen=True, slots=True)
class Line:
    """A notice and what happened, as one sentence in the reader's language."""

    notice: Notice
    said: str


@dataclass(frozen=True, slots=True)
class Day:
    """The notices of one calendar day of the reader; ``ago`` 0 is today, 1 yesterday."""

    day: date
    ago: int
    lines: list[Line]


def with_sentences(notices: Iterable[Notice], *, language: str | None = None) -> list[Line]:
    """Return the notices with their sentences, in one query for all events.

    ``language`` None is the active one. An event the log does not have leaves its kind's slug.
    """
    found = list(notices)
    told = events().objects.in_bulk([notice.event for notice in found])
    with translation.override(language or translation.get_language()):
        return [
            Line(
                notice,
                " ".join(sentence(told[notice.event]).split())
                if notice.event in told
                else notice.kind,
            )
            for notice in found
        ]


def by_day(lines: Iterable[Line], zone: ZoneInfo, *, now: datetime) -> list[Day]:
    """Group lines, newest first, by the day they fall on in ``zone``."""
    today = now.astimezone(zone).date()
    days = groupby(lines, key=lambda line: line.notice.at.astimezone(zone).date())
    return [Day(day, (today - day).days, list(group)) for day, group in days]
