"""Letting a member go with what they had handed to somebody, in one step."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.people.actions.members import deactivate_member, require_reach
from yanzhen.people.events import HANDED_OVER, HandedOver
from yanzhen.people.holdings import HOLDINGS, Held, held_by
from yanzhen.people.models import Member


@dataclass(frozen=True)
class Gone:
    """How many things went over, and what stays because whoever took the rest may not hold it.

    ``ended`` is how many there are no more.
    """

    count: int
    stays: Sequence[Held]
    ended: int = 0


class NobodyToTakeIt(Exception):
    """Whoever was to take it is not an active member here, or is the one who leaves."""


@transaction.atomic
def let_go(
    member: Member,
    *,
    to: Member | None,
    keep: Collection[str] = (),
    end: Collection[str] = (),
    seen: int,
    by: Member,
    now: datetime,
) -> Gone:
    """Let a member go and hand what they had to ``to`` (None: it stays under their name).

    A former member stays one: then it is only handed over. ``keep`` names the kinds (slugs) that
    would end with them and stay, ``end`` those that would stay and end. ``seen`` is the revision
    the caller's page showed. What ``to`` may not hold stays too. Raises NotAllowed,
    ChangedMeanwhile, LastHolder and NobodyToTakeIt.
    """
    granted = {slug for role in member.roles for slug in role.granted}
    require_reach(by, granted, workspace_id=member.workspace_id)
    if to is not None and not _can_take(to, member):
        raise NobodyToTakeIt
    if member.active:
        for slug in keep:
            if (stays := HOLDINGS[slug].keep) is not None:
                stays(member, by, now)
        deactivate_member(member, seen=seen, by=by, now=now)
    ends = [found for slug in end if (found := HOLDINGS[slug].end) is not None]
    ended = sum(over(member, by, now) for over in ends)
    if to is None:
        return Gone(0, (), ended)
    count = hand_over(member, to=to, by=by, now=now)
    return Gone(count, held_by(member, to=by, now=now, movable=True), ended)


def _can_take(to: Member, member: Member) -> bool:
    here = Member.objects.active().filter(workspace_id=member.workspace_id)
    return here.exclude(pk=member.pk).filter(pk=to.pk).exists()


def hand_over(member: Member, *, to: Member, by: Member, now: datetime) -> int:
    """Hand over all that goes over, for the transaction of let_go; return how many."""
    counts = {
        holding.slug: holding.hand_over(member, to, by, now)
        for holding in HOLDINGS.values()
        if holding.hand_over is not None
    }
    total = sum(counts.values())
    if total:
        record(
            HANDED_OVER,
            HandedOver(to=to.name, count=total, counts=counts),
            actor=by.ref,
            subject=member.ref,
            workspace_id=member.workspace_id,
            at=now,
        )
    return total
