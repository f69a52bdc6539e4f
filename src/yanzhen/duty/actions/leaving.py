"""Leave: when members cannot be on duty."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.duty.actions.checks import PastHours
from yanzhen.duty.actions.laying import lay, lock
from yanzhen.duty.events import LEAVE_CANCELLED, LEAVE_TAKEN, Hours
from yanzhen.duty.models import Leave, Rota
from yanzhen.duty.rules.ical import read
from yanzhen.duty.rules.spans import Span
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, NotAllowed, require


@transaction.atomic
def take_leave(member: Member, *, span: Span, by: Member, now: datetime, note: str = "") -> Leave:
    """Note that ``member`` is away for ``span``, and lay the rota around it.

    Everybody says so for themselves; who keeps the rota may for others. Of a leave that began
    earlier only what is left from ``now`` on counts. Raises NotAllowed, and PastHours when it is
    over.
    """
    _require(member, by)
    rota = _locked(member)
    leave = _noted(member, span, note, by=by, now=now)
    if rota:
        lay(rota, by=by.ref, now=now)
    return leave


@transaction.atomic
def import_leave(member: Member, *, text: str, by: Member, now: datetime) -> list[Leave]:
    """Note every event of a calendar (iCal) as leave, all or none, in the member's zone.

    What is over is left out, and what was noted with the same hours before. Raises NotAllowed and
    NotACalendar, which names the line.
    """
    _require(member, by)
    rota = _locked(member)
    taken = Leave.objects.standing().filter(member=member)
    known = set(taken.values_list("start_at", "end_at"))
    found = []
    for busy in read(text, zone=member.zone):
        start = max(busy.span.start, now)
        if busy.span.end > now and (start, busy.span.end) not in known:
            known.add((start, busy.span.end))
            found.append(_noted(member, busy.span, busy.title, by=by, now=now))
    if rota and found:
        lay(rota, by=by.ref, now=now)
    return found


@transaction.atomic
def cancel_leave(leave: Leave, *, by: Member, now: datetime) -> Leave:
    """Cancel a leave from ``now`` on. Raises NotAllowed, and PastHours when it is over."""
    _require(leave.member, by)
    rota = _locked(leave.member)
    standing = Leave.objects.standing().filter(pk=leave.pk, end_at__gt=now)
    if standing.update(cancelled_at=now) != 1:
        raise PastHours("this leave is over or was cancelled")
    leave.cancelled_at = now
    record(
        LEAVE_CANCELLED,
        Hours(start=leave.start_at.isoformat(), end=leave.end_at.isoformat()),
        actor=by.ref,
        subject=leave.member.ref,
        workspace_id=leave.member.workspace_id,
        at=now,
    )
    if rota:
        lay(rota, by=by.ref, now=now)
    return leave


def _noted(member: Member, span: Span, note: str, *, by: Member, now: datetime) -> Leave:
    if span.end <= now:
        raise PastHours("this leave is over")
    leave = Leave.objects.create(
        member=member,
        start_at=max(span.start, now),
        end_at=span.end,
        note=note.strip()[: Leave._meta.get_field("note").max_length],
    )
    record(
        LEAVE_TAKEN,
        Hours(start=leave.start_at.isoformat(), end=leave.end_at.isoformat()),
        actor=by.ref,
        subject=member.ref,
        workspace_id=member.workspace_id,
        at=now,
    )
    return leave


def _require(member: Member, by: Member) -> None:
    if by.pk != member.pk:
        require(by, Decision.DUTY_KEEP, workspace_id=member.workspace_id)
    elif not by.active:
        raise NotAllowed(Decision.DUTY_KEEP, "no_right")


def _locked(member: Member) -> Rota | None:
    """Return the workspace's rota, locked; None where there is none yet."""
    found = Rota.objects.filter(workspace_id=member.workspace_id).first()
    return lock(found.pk) if found else None
