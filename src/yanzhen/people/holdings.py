"""What a member still has in hand, kind by kind, for the day they leave.

Rooms above say what it is and how it goes over to somebody else; this room only asks them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from yanzhen.people.models import Member

#: (leaving, to, by, now) -> how many rows went over: those that both may see and ``to`` may hold.
#: Runs in the caller's transaction.
HandOver = Callable[[Member, Member, Member, datetime], int]
#: (leaving, by, now): whoever lets them go answers for it from now on. Runs in the caller's
#: transaction; raises NotAllowed.
Keep = Callable[[Member, Member, datetime], None]
#: (leaving, by, now) -> how many rows ended. Runs in the caller's transaction; raises NotAllowed.
End = Callable[[Member, Member, datetime], int]
#: (leaving, by, now, team) -> those of the team who may hold at least one of the rows.
Takers = Callable[[Member, Member, datetime, Sequence[Member]], Iterable[Member]]


@dataclass(frozen=True)
class Holding:
    """One kind of thing a member may have.

    ``rows`` returns what they have at an instant, as far as whoever looks may see it: (member,
    viewer, now). ``hand_over`` None: it goes over by itself, or stays where it is, and ``note``
    says which. ``takers`` None: anybody may hold it. ``keep``: it ends with its member unless
    whoever lets them go says that it stays, which ``may_keep`` tells whether they may. ``end``: it
    goes on without its member unless whoever lets them go says that it ends.
    ``named``: a row's own text is a name that people know. ``order`` arranges the
    kinds, lowest first.
    """

    slug: str
    title: str | Promise
    rows: Callable[[Member, Member, datetime], QuerySet[Any]]
    hand_over: HandOver | None = None
    takers: Takers | None = None
    keep: Keep | None = None
    may_keep: Callable[[Member], bool] | None = None
    end: End | None = None
    note: str | Promise = ""
    named: bool = True
    order: int = 0


HOLDINGS: dict[str, Holding] = {}


def holds(holding: Holding) -> Holding:
    """Register a kind and return it. Raises ValueError when its slug is taken."""
    if holding.slug in HOLDINGS:
        raise ValueError(f"duplicate holding {holding.slug}")
    HOLDINGS[holding.slug] = holding
    return holding


@dataclass(frozen=True)
class Held:
    """How many things of one kind a member has, and the first few by name."""

    holding: Holding
    count: int
    first: list[str]


def held_by(
    member: Member, *, to: Member, now: datetime, names: int = 3, movable: bool = False
) -> list[Held]:
    """Return what the member has at ``now`` (aware), as shown ``to`` somebody.

    ``movable``: only what goes over to somebody else. Two queries a kind.
    """
    found = []
    for holding in sorted(HOLDINGS.values(), key=lambda each: (each.order, each.slug)):
        if movable and holding.hand_over is None:
            continue
        rows = holding.rows(member, to, now)
        count = rows.count()
        if count:
            first = rows.order_by("pk")[:names] if holding.named else ()
            found.append(Held(holding, count, [str(row) for row in first]))
    return found


def takers_of(member: Member, held: Iterable[Held], *, by: Member, now: datetime) -> set[int]:
    """Return who, by number, may take at least one of these things over; nobody for nothing.

    One query for the team, and one for each kind that not everybody may hold.
    """
    moving = [each.holding for each in held if each.holding.hand_over is not None]
    if not moving:
        return set()
    here = Member.objects.filter(workspace_id=member.workspace_id).active()
    team = list(here.exclude(pk=member.pk).with_roles())
    able: set[int] = set()
    for holding in moving:
        takers = team if holding.takers is None else holding.takers(member, by, now, team)
        able.update(taker.pk for taker in takers)
    return able
