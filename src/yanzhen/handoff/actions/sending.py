"""Handing over: by whoever has the lead, or by the clock when its hour has come."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.refs import SYSTEM
from yanzhen.activity.spine import record
from yanzhen.handoff import events
from yanzhen.handoff.actions.checks import Incomplete, fresh, require_writer, tell
from yanzhen.handoff.facts import gather
from yanzhen.handoff.models import Handover
from yanzhen.handoff.queries import missing_of, parts_of
from yanzhen.handoff.states import HANDOVER
from yanzhen.people.models import Member


@transaction.atomic
def send_handover(handover: Handover, *, by: Member | None, now: datetime) -> Handover:
    """Hand it to the receiver, with the shift's facts as they are now.

    ``by`` None is the clock: it hands over what is there, finished or not, because a shift that
    begins must find a log. Raises NotAllowed, Incomplete, MoveRefused.
    """
    row = fresh(handover)
    if by is not None:
        require_writer(row, by)
        if missing := missing_of(parts_of(row)):
            raise Incomplete(missing)
    HANDOVER.apply(row, "send", now=now, sent_at=now, facts=gather(row, now=now))
    tell(events.SENT, row, by=by, now=now)
    return row


@transaction.atomic
def withdraw_handover(handover: Handover, *, by: Member, now: datetime) -> Handover:
    """Take it back; the lead stays where it is. Raises NotAllowed and MoveRefused."""
    row = fresh(handover)
    require_writer(row, by)
    HANDOVER.apply(row, "withdraw", now=now)
    record(
        events.WITHDRAWN,
        events.Bare(),
        actor=by.ref,
        subject=row.ref,
        workspace_id=row.workspace_id,
        at=now,
    )
    return row


@transaction.atomic
def overtake_handover(handover: Handover, *, now: datetime) -> bool:
    """Close an open handover because the lead went another way; False when it is closed already."""
    row = fresh(handover)
    if not HANDOVER.allows("overtake", row.state):
        return False
    HANDOVER.apply(row, "overtake", now=now)
    record(
        events.OVERTAKEN,
        events.Bare(),
        actor=SYSTEM,
        subject=row.ref,
        workspace_id=row.workspace_id,
        at=now,
    )
    return True
