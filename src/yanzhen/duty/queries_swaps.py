"""Reading swaps: what waits for an answer, what one has offered, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from yanzhen.duty.models import Place, Rota, Swap, Turn
from yanzhen.duty.states import SwapState
from yanzhen.people.models import Member

MOST_PAST = 20
MOST_TURNS = 60


@dataclass(frozen=True, slots=True)
class Swaps:
    """Swaps as one member sees them: asked of them, open to them, their own, and those settled."""

    asked: Sequence[Swap]
    open: Sequence[Swap]
    own: Sequence[Swap]
    settled: Sequence[Swap]


def swaps_for(member: Member, rota: Rota, *, now: datetime) -> Swaps:
    """Return the swaps of the rota, sorted by what the member can do about them. Two queries."""
    rows = Swap.objects.filter(rota=rota).with_names()
    ahead = Q(begins_at__gt=now)
    waiting = list(rows.filter(ahead).in_state(SwapState.OFFERED))
    taken = Q(state=SwapState.TAKEN) & ahead
    rest = rows.exclude(state=SwapState.OFFERED).order_by("-state_since_at", "-pk")
    settled = list(rest.filter(taken | ~Q(state=SwapState.TAKEN))[:MOST_PAST])
    return Swaps(
        asked=[swap for swap in waiting if swap.asked_id == member.pk],
        open=[swap for swap in waiting if member.pk not in (swap.giver_id, swap.asked_id)],
        own=[swap for swap in waiting if swap.giver_id == member.pk],
        settled=settled,
    )


def waiting_for(member: Member, rota: Rota, *, now: datetime) -> int:
    """Return how many swaps the member is asked for and has not answered."""
    rows = Swap.objects.filter(rota=rota, asked=member, begins_at__gt=now)
    return rows.in_state(SwapState.OFFERED).count()


def turns_to_swap(member: Member, rota: Rota, *, now: datetime) -> tuple[list[Turn], list[Turn]]:
    """Return the member's turns that begin after ``now``, and those of the others, in order."""
    rows = Turn.objects.filter(rota=rota, start_at__gt=now, member__active=True)
    rows = rows.select_related("member__user").order_by("start_at", "place")
    own = list(rows.filter(member=member)[:MOST_TURNS])
    places = {turn.place for turn in own} or {Place.PRIMARY}
    others = rows.filter(place__in=places).exclude(member=member)
    return own, list(others[:MOST_TURNS])
