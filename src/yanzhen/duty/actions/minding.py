"""Doing something to the rota with open eyes: what would be hard on somebody is said before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from yanzhen.duty.actions.laying import HORIZON, lock
from yanzhen.duty.models import Rota, Turn
from yanzhen.duty.queries import Strain, strains_of
from yanzhen.duty.rules.spans import Span, merged, remaining
from yanzhen.people.models import Member

Made = TypeVar("Made")


class TooHard(Exception):
    """It would be hard on somebody, and nobody has said that it has to be; nothing was done.

    ``strains`` are what would come, in order of time; ``mark`` is how a member says that they have
    read exactly these.
    """

    def __init__(self, strains: Sequence[tuple[Member, Strain]]) -> None:
        super().__init__(f"{len(strains)} strains")
        self.strains = strains
        said = ";".join(f"{s.kind} {s.member} {s.start:%Y%m%dT%H%M}" for _member, s in strains)
        self.mark = hashlib.sha256(said.encode()).hexdigest()[:16]


@transaction.atomic
def minding(
    rota: Rota,
    act: Callable[[], Made],
    *,
    accepted: str,
    then: Callable[[Made], object] | None = None,
    now: datetime,
) -> Made:
    """Do ``act``, which changes the rota, and return what it does.

    What only asks for a change, as an offer does, is judged by what ``then`` would make of it,
    which is tried and taken back.

    Two duties at once, too little rest and too many nights in a row that were not there before, of
    members who get hours by it, undo it, unless ``accepted`` is the mark of just these ("" for
    none). Raises TooHard, and what ``act`` raises.
    """
    lock(rota.pk)
    ahead = Span(now, now + HORIZON)
    known, had = frozenset(strains_of(rota, ahead)), _hours(rota, ahead)
    made = act()
    with transaction.atomic():
        if then is not None:
            then(made)
        # Whoever is relieved for an hour has a break between two duties, and no harm by it.
        more = {m for m, spans in _hours(rota, ahead).items() if remaining(spans, had.get(m, []))}
        new = [s for s in strains_of(rota, ahead) if s not in known and s.member in more]
        if then is not None:
            transaction.set_rollback(True)
    if new:
        rows = Member.objects.filter(workspace_id=rota.workspace_id).select_related("user")
        members = rows.in_bulk({strain.member for strain in new})
        found = TooHard([(members[strain.member], strain) for strain in new])
        if found.mark != accepted:
            raise found
    return made


def _hours(rota: Rota, ahead: Span) -> dict[int, list[Span]]:
    """Return when each member is on duty or behind it, by number."""
    found: dict[int, list[Span]] = {}
    for turn in Turn.objects.filter(rota=rota).within(ahead):
        found.setdefault(turn.member_id, []).append(turn.span)
    return {member: merged(spans) for member, spans in found.items()}
