"""What the page of fairness shows: each member's load beside the others'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from yanzhen.duty.models import LayerMember, Place, Rota
from yanzhen.duty.queries import loads_of
from yanzhen.duty.queries_strain import Strain, strains_of
from yanzhen.duty.rules.fairness import EVEN_ENOUGH, Load, balance, overloaded
from yanzhen.duty.rules.spans import Span
from yanzhen.people.models import Member

MOST_STRAINS = 30
#: What is hard is looked for this far ahead, where something can be done about it.
STRAINS_AHEAD = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Share:
    """A member's load; ``part`` is it as a share of the most (0 to 100), ``over`` too much."""

    member: Member
    load: Load
    part: int
    over: bool


@dataclass(frozen=True, slots=True)
class Fair:
    """Loads in ``span``, how even they are (0 to 100), and what is hard in the weeks ahead."""

    span: Span
    shares: Sequence[Share]
    mean: float
    mean_part: int
    even: int
    enough: bool
    strains: Sequence[tuple[Member, Strain]]


def fair_page(rota: Rota, now: datetime, length: timedelta) -> Fair:
    """Reckon who carries what from ``now`` over ``length``, backwards where it is negative."""
    span = Span(min(now, now + length), max(now, now + length))
    taking = LayerMember.objects.filter(layer__rota=rota, layer__place=Place.PRIMARY)
    on_it = set(taking.values_list("member_id", flat=True))
    # Who takes no turns makes nobody's share less even.
    found = [each for each in loads_of(rota, span) if each[0].pk in on_it or each[1].hours]
    loads = [load for _member, load in found]
    over = {load.member for load in overloaded(loads)}
    most = max((load.weighted for load in loads), default=0.0) or 1.0
    mean = sum(load.weighted for load in loads) / max(len(loads), 1)
    shares = [
        Share(member, load, round(100 * load.weighted / most), load.member in over)
        for member, load in found
    ]
    shares.sort(key=lambda each: -each.load.weighted)
    even = balance(loads)
    team = Member.objects.active().filter(workspace_id=rota.workspace_id).select_related("user")
    members = {member.pk: member for member in team}
    strains = [
        (members[strain.member], strain)
        for strain in strains_of(rota, Span(now, now + STRAINS_AHEAD))[:MOST_STRAINS]
        if strain.member in members
    ]
    return Fair(
        span,
        shares,
        mean,
        round(100 * mean / most),
        round(even),
        even >= EVEN_ENOUGH,
        strains,
    )
