"""What people ask rooms above, who register here: accounts, leave, uses of a role, its measures.

And what the team's page shows of the rota.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Place:
    """One account as a role names it: its number, and what the team calls it."""

    number: int
    name: str


#: Takes the number of a workspace.
AccountsOf = Callable[[int], Sequence[Place]]
#: Takes the number of a role; returns where it is used, as words in the reader's language.
UsesOf = Callable[[int], Sequence[str]]
#: Takes the number of a workspace and a moment (aware); returns the members away then, by number.
AwayAt = Callable[[int, datetime], frozenset[int]]
#: Takes the member who reads (models lie above this) and a moment (aware); returns what the team's
#: page shows, for its template.
BoardOf = Callable[[Any, datetime], object]
#: Takes the number of a workspace, members by number, and a moment; returns a figure for the 30
#: days before it, in words for the reader, or "" when nothing happened yet.
Count = Callable[[int, Collection[int], datetime], str]


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure by which a role sees how it goes."""

    slug: str
    title: str | Promise
    count: Count


_accounts: list[AccountsOf] = []
_uses: list[UsesOf] = []
_away: list[AwayAt] = []
_boards: list[tuple[str, BoardOf]] = []
_measures: dict[str, Measure] = {}


def tell_accounts(accounts_of: AccountsOf) -> None:
    """Register who knows a workspace's accounts; the last one counts."""
    _accounts.append(accounts_of)


def accounts_of(workspace_id: int) -> Sequence[Place]:
    """Return the workspace's accounts in the team's order; none while nobody knows them."""
    return _accounts[-1](workspace_id) if _accounts else ()


def tell_uses(uses_of: UsesOf) -> None:
    """Register one more who may use roles for something."""
    _uses.append(uses_of)


def uses_of(role_id: int) -> list[str]:
    """Return what a role is used for beyond its members, in the reader's language."""
    return [words for each in _uses for words in each(role_id)]


def tell_away(away_at: AwayAt) -> None:
    """Register who knows who is on leave; the last one counts."""
    _away.append(away_at)


def away_at(workspace_id: int, moment: datetime) -> frozenset[int]:
    """Return which members, by number, are on leave at ``moment`` (aware)."""
    return _away[-1](workspace_id, moment) if _away else frozenset()


def tell_board(template: str, board_of: BoardOf) -> None:
    """Register who shows on the team's page who is there when; the last one counts.

    ``template`` is given what ``board_of`` returns as ``board``.
    """
    _boards.append((template, board_of))


def board_of(reader: Any, moment: datetime) -> tuple[str, object]:
    """Return the template and what it shows; the template is "" while nobody knows."""
    if not _boards:
        return "", None
    template, found = _boards[-1]
    return template, found(reader, moment)


def measure(slug: str, title: str | Promise, count: Count) -> None:
    """Register a measure. Raises ValueError when its slug is taken."""
    if slug in _measures:
        raise ValueError(f"duplicate measure {slug}")
    _measures[slug] = Measure(slug, title, count)


def measures(slugs: Collection[str]) -> list[Measure]:
    """Return the measures of these slugs that some room counts, in that order."""
    return [_measures[slug] for slug in slugs if slug in _measures]
