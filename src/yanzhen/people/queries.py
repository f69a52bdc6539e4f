"""Who may decide what: the table of the team page, with gaps and overlaps; who may get all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from yanzhen.kernel.ids import parse_id
from yanzhen.people import ports
from yanzhen.people.models import Member, Role
from yanzhen.people.rights import DUTIES, POWERS, Decision

#: Decisions that should have one owner. The others are shared on purpose: anyone may hold a post.
ONE_OWNER = frozenset(
    {
        Decision.PLAN_THEME,
        Decision.ACCOUNT_CONNECT,
        Decision.MEMBER_ROLES,
        Decision.ROLE_EDIT,
        Decision.FLOW_EDIT,
        Decision.WORKSPACE_EDIT,
    }
)
DECIDES = "D"


@dataclass(frozen=True)
class Cell:
    """What one role has to do with one decision: D, P, C, I or ""; D may hold for some accounts."""

    role: Role
    letter: str
    scoped: bool = False


@dataclass(frozen=True)
class DecisionRow:
    """One decision across the roles, in the order given.

    ``holders`` counts active members who decide it for at least one account. ``gap``: nobody does.
    ``places``: the accounts, by name, for which nobody does while for others somebody does.
    ``away``: all who decide, for everything or for one account, are on leave now, these.
    ``overlap``: how many primary roles do where one should, or 0.
    """

    decision: Decision
    words: str
    cells: list[Cell]
    holders: int
    gap: bool
    overlap: int
    places: list[str] = field(default_factory=list)
    away: list[Member] = field(default_factory=list)

    @property
    def found(self) -> str:
        """What is wrong with it: gap, account, away, overlap or ""."""
        if self.gap:
            return "gap"
        if self.places:
            return "account"
        return "away" if self.away else "overlap" if self.overlap else ""


@dataclass(frozen=True)
class _Area:
    """A part of the workspace, one account or, ``name`` empty, all of it; what each decides there.

    ``held`` are pairs of a member and the slugs they decide.
    """

    name: str
    held: list[tuple[Member, frozenset[str]]]

    def deciders(self, decision: Decision) -> list[Member]:
        return [member for member, slugs in self.held if decision.value in slugs]


def decision_rows(
    roles: Sequence[Role], members: Sequence[Member], *, away: Collection[int] = ()
) -> list[DecisionRow]:
    """Build the table from loaded rows.

    ``members`` are the active ones, loaded ``with_roles()``; ``away`` those on leave, by number.
    Asks once for the accounts while a role holds for some of them only, and else nothing.
    """
    primary = {member.primary_role_id for member in members}
    whole = _Area("", [(member, member.decisions()) for member in members])
    parts = _parts(roles, members) or [whole]
    voices = {role.pk: role.shown_voices for role in roles}
    rows = []
    for decision, duty in DUTIES.items():
        slug = decision.value
        cells = [
            Cell(
                role,
                DECIDES if slug in role.granted else voices[role.pk].get(slug, ""),
                role.accounts is not None,
            )
            for role in roles
        ]
        deciding = sum(
            cell.letter == DECIDES and not cell.scoped and cell.role.pk in primary for cell in cells
        )
        areas = parts if duty.by_account else [whole]
        found = [(area.name, area.deciders(decision)) for area in areas]
        uncovered = [name for name, deciders in found if not deciders]
        gap = len(uncovered) == len(found)
        rows.append(
            DecisionRow(
                decision=decision,
                words=str(duty.sentence).rstrip(".。"),
                cells=cells,
                holders=len({member.pk for _name, deciders in found for member in deciders}),
                gap=gap,
                overlap=deciding if decision in ONE_OWNER and deciding > 1 else 0,
                places=[] if gap else uncovered,
                away=_all_away([deciders for _name, deciders in found], away),
            )
        )
    return rows


def _parts(roles: Sequence[Role], members: Sequence[Member]) -> list[_Area]:
    """Return the accounts one by one where a role holds for some only; otherwise none."""
    if not any(role.accounts is not None for role in roles):
        return []
    return [
        _Area(place.name, [(m, m.decisions(account_id=place.number)) for m in members])
        for place in ports.accounts_of(roles[0].workspace_id)
    ]


def _all_away(areas: Sequence[Sequence[Member]], away: Collection[int]) -> list[Member]:
    """Return who decides in the first area where all who do are on leave; none: nobody."""
    for deciders in areas:
        if deciders and all(member.pk in away for member in deciders):
            return list(deciders)
    return []


@dataclass(frozen=True)
class Measured:
    """One measure of a role: what it is called, and the figure in words, "" while there is none."""

    title: str
    figure: str


@dataclass(frozen=True)
class Card:
    """One role as its card shows it. ``places`` names its accounts, empty when it holds for all."""

    role: Role
    holders: list[Member]
    places: list[str]
    measures: list[Measured]


def cards(
    roles: Sequence[Role], members: Sequence[Member], *, measured: bool, now: datetime
) -> list[Card]:
    """Return the cards of these roles with their active holders.

    Asks once for the accounts, and for each measure of a standard role when ``measured``.
    """
    if not roles:
        return []
    scoped = any(role.accounts is not None for role in roles)
    places = ports.accounts_of(roles[0].workspace_id) if scoped else ()
    names = {place.number: place.name for place in places}
    found = []
    for role in roles:
        holders = [member for member in members if member.has_role(role.pk)]
        numbers = role.accounts or []
        shown = [names[number] for number in numbers if number in names]
        figures = _measured(role, holders, counted=measured, now=now)
        found.append(Card(role, holders, shown, figures))
    return found


def _measured(
    role: Role, holders: Sequence[Member], *, counted: bool, now: datetime
) -> list[Measured]:
    # Nobody's number where nobody has it, so that each measure is asked the same.
    whose = [member.pk for member in holders] or [0]
    return [
        Measured(str(each.title), each.count(role.workspace_id, whose, now) if counted else "")
        for each in ports.measures(role.measured_by)
    ]


def at_work(member: Member, *, now: datetime) -> bool:
    """Tell whether ``now`` (aware) falls into the member's own working hours."""
    local = now.astimezone(member.user.tz)
    start, end, clock = member.user.day_start, member.user.day_end, local.time()
    if start <= end:
        return local.isoweekday() in member.user.workdays and start <= clock < end
    # A night shift belongs to the day it began on.
    began = local.isoweekday() if clock >= start else (local.isoweekday() - 2) % 7 + 1
    return began in member.user.workdays and (clock >= start or clock < end)


def gives_powers(member: Member, sent: Iterable[str]) -> bool:
    """Tell whether an invitation to one of these roles (numbers, as sent) gives every right.

    That is, a role by which somebody could take it.
    """
    numbers = [parse_id(each) or 0 for each in sent]
    roles = Role.objects.visible_to(member).filter(pk__in=numbers)
    return any(POWERS & set(role.granted) for role in roles)
