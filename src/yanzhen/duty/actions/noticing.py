"""What is told before it happens: who goes on duty and off, and offers nobody has taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from yanzhen.activity.refs import SYSTEM
from yanzhen.activity.spine import record
from yanzhen.duty.actions.voiding import tell_of
from yanzhen.duty.events import BACKUP_BEGINS, SWAP_WAITS, TURN_BEGINS, TURN_ENDS, TurnChanges
from yanzhen.duty.models import Noticed, Place, Rota, Swap, Turn
from yanzhen.duty.rules.ahead import NOTICE_MINUTES, minutes_left, notice_due, nudge_due
from yanzhen.duty.rules.spans import Span
from yanzhen.duty.states import SwapState

_FIRST = timedelta(minutes=max(NOTICE_MINUTES))
#: Marks of what was noticed are of no use once the change has been.
_FORGET_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Change:
    """At ``at`` a place goes from ``before`` to ``after``; None where nobody has it."""

    place: str
    at: datetime
    before: Turn | None
    after: Turn | None


def notice_changes(rota: Rota, *, now: datetime) -> int:
    """Tell both sides of each change of hands 60 and 10 minutes ahead, each once.

    For use in a transaction with the rota locked. Returns how many were told.
    """
    told = 0
    for change in _changes(rota, now=now):
        minutes = notice_due(change.at, now=now)
        if minutes is None:
            continue
        _, new = Noticed.objects.get_or_create(
            rota=rota, place=change.place, at=change.at, minutes=minutes
        )
        if new:
            _tell(rota, change, now=now)
            told += 1
    if told:
        Noticed.objects.filter(rota=rota, at__lt=now - _FORGET_AFTER).delete()
    return told


def nudge_swaps(rota: Rota, *, now: datetime) -> int:
    """Tell again of offers nobody has taken: 4, 3, 2 and 1 weeks, 3, 2 and 1 days, 12 hours ahead.

    For use in a transaction with the rota locked. Returns how many were told.
    """
    told = 0
    offers = Swap.objects.filter(rota=rota, begins_at__gt=now).in_state(SwapState.OFFERED)
    for swap in offers.select_related("rota"):
        due = nudge_due(swap.begins_at, since=swap.state_since_at, told=swap.nudged_hours, now=now)
        if due is not None:
            Swap.objects.filter(pk=swap.pk).update(nudged_hours=due)
            tell_of(SWAP_WAITS, swap, actor=SYSTEM, now=now)
            told += 1
    return told


def _changes(rota: Rota, *, now: datetime) -> Iterator[_Change]:
    """Yield the changes of hands in the next hour; that somebody goes on in another way is none."""
    near = Turn.objects.filter(rota=rota).within(Span(now, now + _FIRST + timedelta(minutes=1)))
    turns: Sequence[Turn] = list(near.select_related("member__user"))
    for place in Place.values:
        own = [turn for turn in turns if turn.place == place]
        for at in sorted({at for turn in own for at in (turn.start_at, turn.end_at)}):
            before = next((turn for turn in own if turn.end_at == at), None)
            after = next((turn for turn in own if turn.start_at == at), None)
            if before and after and before.member_id == after.member_id:
                continue
            yield _Change(place, at, before, after)


def _tell(rota: Rota, change: _Change, *, now: datetime) -> None:
    backup = change.place == Place.BACKUP
    if change.after:
        kind = BACKUP_BEGINS if backup else TURN_BEGINS
        subject = change.after.member.ref
    elif change.before:
        kind, subject = TURN_ENDS, change.before.member.ref
    else:
        return
    record(
        kind,
        TurnChanges(
            place=change.place,
            at=change.at.isoformat(),
            minutes=minutes_left(change.at, now=now),
            before=change.before.member_id if change.before else 0,
            after=change.after.member_id if change.after else 0,
        ),
        actor=SYSTEM,
        subject=subject,
        workspace_id=rota.workspace_id,
        at=now,
    )
