"""Doing something to the rota with open eyes: what would be hard on somebody is said before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from yanzhen.duty.actions.laying import HORIZON, lock
from yanzhen.duty.actions.rotas import open_rota
from yanzhen.duty.models import Rota
from yanzhen.duty.queries_strain import Strain, added_strains, asked_of, planned_of, team_of
from yanzhen.duty.rules.spans import Span
from yanzhen.people.models import Member

Made = TypeVar("Made")


class TooHard(Exception):
    """It would be hard on somebody, and nobody has said that it has to be; nothing was done.

    ``strains`` are what would come, in order of time, of ``members`` by their numbers; ``mark`` is
    how a member says that they have read exactly these.
    """

    def __init__(self, strains: Sequence[Strain], members: Mapping[int, Member]) -> None:
        super().__init__(f"{len(strains)} strains")
        self.strains, self.members = strains, members
        said = ";".join(f"{s.kind} {s.member} {s.start:%Y%m%dT%H%M} {s.count}" for s in strains)
        self.mark = hashlib.sha256(said.encode()).hexdigest()[:16]


@transaction.atomic
def minding(
    rota: Rota | None,
    act: Callable[[], Made],
    *,
    accepted: str,
    then: Callable[[Made], object] | None = None,
    now: datetime,
) -> Made:
    """Do ``act``, which changes the rota, and return what it does; None, there is none to change.

    What only asks for a change, as an offer does, is judged by what ``then`` would make of it,
    which is tried and taken back.

    What it makes hard on members who get hours by it undoes it, unless ``accepted`` is the mark of
    just these strains ("" for none): two duties at once, too little rest, and nights that were not
    there before and are no part of the plan. As many nights in a row as the layers, as they were,
    ask of anybody are part of it, for all but those who have turns by day alone, or none and could
    leave the night to somebody for whom it is day; see queries_strain.added_strains. Raises
    TooHard, and what ``act`` raises.
    """
    if rota is None:
        return act()
    lock(rota.pk)
    ahead = Span(now, now + HORIZON)
    team = team_of(rota)
    before, planned = asked_of(rota, ahead, team), planned_of(rota, ahead)
    made = act()
    with transaction.atomic():
        if then is not None:
            then(made)
        after = asked_of(rota, ahead, team)
        new = added_strains(rota, before, after, planned, team=team, now=now)
        if then is not None:
            transaction.set_rollback(True)
    if new:
        found = TooHard(new, {member.pk: member for member in team})
        if found.mark != accepted:
            raise found
    return made


@transaction.atomic
def minding_first(act: Callable[[Rota], Made], *, accepted: str, by: Member, now: datetime) -> Made:
    """As ``minding``, for what may be the first thing done to the rota: before, it is opened.

    Undone with the rest, so that nothing is there that nobody decided. Raises NotAllowed too.
    """
    rota = open_rota(by.workspace, by=by, now=now)
    return minding(rota, lambda: act(rota), accepted=accepted, now=now)
