"""Banners: what concerns a whole workspace now, said above every page with the way out of it.

A room above registers a Condition. Its signal is a cheap subquery; all signals are asked in one
query for each page, and only a condition that signals is asked to say more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Exists, Q

from yanzhen.people.models import Member, Workspace


class Tone(StrEnum):
    """How loud; in this order on the page. ALERT only while something public is going wrong."""

    ALERT = "alert"
    OCHRE = "ochre"
    PLUM = "plum"


@dataclass(frozen=True, slots=True)
class Banner:
    """One sentence or two, and the page where something can be done (both empty: nowhere here).

    ``command`` is what somebody types on the server.
    """

    tone: Tone
    icon: str
    text: str
    url: str = ""
    action: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that may concern a workspace.

    ``signal(now)`` is an expression over a Workspace row (OuterRef("pk")); while it is true,
    ``tell(member, now)`` says what is the matter, in the reader's language.
    """

    name: str
    signal: Callable[[datetime], Exists | Q]
    tell: Callable[[Member, datetime], Iterable[Banner]]


_conditions: dict[str, Condition] = {}


def register(condition: Condition) -> Condition:
    """Add a condition and return it. Raises ValueError when its name is taken."""
    if condition.name in _conditions:
        raise ValueError(f"duplicate condition {condition.name}")
    _conditions[condition.name] = condition
    return condition


def banners_for(member: Member, *, now: datetime) -> list[Banner]:
    """Return what the member's workspace should know, loudest first; one query when all is well."""
    signals = {f"is_{name}": one.signal(now) for name, one in _conditions.items()}
    if not signals:
        return []
    row = (
        Workspace.objects.filter(pk=member.workspace_id).annotate(**signals).values(*signals).get()
    )
    found = [
        banner
        for name, one in _conditions.items()
        if row[f"is_{name}"]
        for banner in one.tell(member, now)
    ]
    return sorted(found, key=lambda banner: list(Tone).index(banner.tone))
