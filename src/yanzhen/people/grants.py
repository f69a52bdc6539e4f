"""Who may decide what, worked out from plain values: no tables, no clock.

A grant is what one role gives: decisions, and where they hold. A loan is what another member lent
until a given moment. The answers here are what every permission check in the product rests on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """What one role gives: decision slugs, and the accounts (by number) they hold for.

    ``accounts`` None means everywhere. ``roles`` are the numbers of the roles it stands for.
    """

    decisions: frozenset[str]
    accounts: frozenset[int] | None = None
    roles: frozenset[int] = frozenset()

    def reaches(self, account_id: int | None) -> bool:
        """Tell whether it holds for that account; None asks about the whole workspace."""
        return self.accounts is None or account_id in self.accounts


@dataclass(frozen=True, slots=True)
class Loan:
    """Decisions that the member numbered ``giver`` lent from ``starts_at`` until ``ends_at``.

    Both moments are aware; at ``ends_at`` itself it is over. ``grants`` are what the giver's own
    roles give now: more than that nobody can lend, and what the giver was lent is not among it.
    """

    giver: int
    decisions: frozenset[str]
    starts_at: datetime
    ends_at: datetime
    grants: tuple[Grant, ...]

    def runs(self, at: datetime) -> bool:
        """Tell whether it counts at that moment (aware)."""
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class Authority:
    """By whose right somebody decides: their own (``giver`` None), or another's, by number."""

    giver: int | None = None


OWN = Authority()


def held(grants: Iterable[Grant], account_id: int | None = None) -> frozenset[str]:
    """Return what these grants decide for one account; None: for the whole workspace."""
    return frozenset(d for grant in grants if grant.reaches(account_id) for d in grant.decisions)


def held_somewhere(grants: Iterable[Grant]) -> frozenset[str]:
    """Return what these grants decide for at least one account."""
    return frozenset(d for grant in grants for d in grant.decisions)


def stands_in(grants: Iterable[Grant], role: int, account_id: int | None = None) -> bool:
    """Tell whether one of these grants stands for that role there."""
    return any(role in grant.roles and grant.reaches(account_id) for grant in grants)


def lent(loans: Iterable[Loan], *, at: datetime, account_id: int | None = None) -> frozenset[str]:
    """Return what running loans decide for one account; None: for the whole workspace."""
    return frozenset(
        d for loan in loans if loan.runs(at) for d in loan.decisions & held(loan.grants, account_id)
    )


def lent_somewhere(loans: Iterable[Loan], *, at: datetime) -> frozenset[str]:
    """Return what running loans decide for at least one account."""
    return frozenset(
        d for loan in loans if loan.runs(at) for d in loan.decisions & held_somewhere(loan.grants)
    )


def authority(
    own: Sequence[Grant],
    loans: Iterable[Loan],
    decision: str,
    *,
    at: datetime,
    account_id: int | None = None,
    role: int | None = None,
    barred: Collection[int] = (),
) -> Authority | None:
    """Return by whose right the decision is made, one's own first; None when by nobody's.

    ``role`` is the role it has to be decided as. ``barred`` are members, by number, whose right
    cannot be used here: they wrote the work that is judged, or have judged it already.
    """

    def enough(grants: Sequence[Grant]) -> bool:
        as_asked = role is None or stands_in(grants, role, account_id)
        return as_asked and decision in held(grants, account_id)

    if enough(own):
        return OWN
    for loan in loans:
        usable = loan.runs(at) and decision in loan.decisions and loan.giver not in barred
        if usable and enough(loan.grants):
            return Authority(loan.giver)
    return None


def authority_somewhere(
    own: Sequence[Grant], loans: Iterable[Loan], decision: str, *, at: datetime
) -> Authority | None:
    """Return by whose right the decision is made for at least one account, one's own first."""
    if decision in held_somewhere(own):
        return OWN
    for loan in loans:
        if decision in lent_somewhere([loan], at=at):
            return Authority(loan.giver)
    return None
