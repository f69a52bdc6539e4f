"""Accepting and refusing: the only way the lead goes from one member to another."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.handoff import events
from yanzhen.handoff.actions.checks import LogChanged, Unread, fresh, require_taker, tell
from yanzhen.handoff.actions.opening import open_handover
from yanzhen.handoff.ladder import AGAIN_AFTER
from yanzhen.handoff.models import READ_BACK_LENGTH, Handover
from yanzhen.handoff.states import HANDOVER
from yanzhen.kernel.text import clean_text
from yanzhen.people.actions.lead import move_lead
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, NotAllowed


def _for_decision(handover: Handover, by: Member, move: str) -> Handover:
    """Return it as it is now, for who may decide. Raises NotAllowed and MoveRefused.

    From here on nobody leaves until the decision stands.
    """
    row = fresh(handover)
    if not Member.objects.active().filter(pk=by.pk).exists():
        raise NotAllowed(Decision.LEAD_SET, "no_right")
    require_taker(row, by, move)
    return row


@transaction.atomic
def accept_handover(
    handover: Handover,
    *,
    ticked: Collection[int],
    read_back: str,
    seen: int,
    by: Member,
    now: datetime,
) -> Handover:
    """Take the lead: every point ticked (their numbers), and read back in a line.

    ``seen`` is the revision that was read. The handover is stamped with who hands over, everything
    after it with who accepted. Raises NotAllowed, MoveRefused, LogChanged, Unread and TextRefused.
    """
    row = _for_decision(handover, by, "accept")
    if row.revision != seen:
        raise LogChanged
    said = " ".join(clean_text(read_back).split())[:READ_BACK_LENGTH]
    open_points = [item for item in row.items.order_by("pk") if item.pk not in ticked]
    if open_points or not said:
        raise Unread(open_points)
    HANDOVER.apply(row, "accept", now=now, decided_at=now, decided_by=by, read_back=said)
    row.items.update(ticked_at=now)
    tell(events.ACCEPTED, row, by=by, now=now)
    until = row.until_at if row.until_at is None or row.until_at > now else None
    move_lead(row.workspace, to=by, until=until, by=by.ref, now=now)
    return row


@transaction.atomic
def refuse_handover(handover: Handover, *, reason: str, by: Member, now: datetime) -> Handover:
    """Refuse it, with a reason; the lead stays. Returns the log that is to be mended.

    It comes as it was, and is handed over anew after AGAIN_AFTER at the latest, so that nobody can
    let it drop. Raises NotAllowed, MoveRefused, TextRefused and ValueError without a reason.
    """
    row = _for_decision(handover, by, "refuse")
    said = " ".join(clean_text(reason).split())[:READ_BACK_LENGTH]
    if not said:
        raise ValueError("a refusal needs a reason")
    HANDOVER.apply(row, "refuse", now=now, decided_at=now, decided_by=by, reason=said)
    record(
        events.REFUSED,
        events.Refused(outgoing=row.outgoing_id or 0, reason=said),
        actor=by.ref,
        subject=row.ref,
        workspace_id=row.workspace_id,
        at=now,
    )
    again = max(row.due_at, now + AGAIN_AFTER)
    receiver = row.receiver
    to = receiver if receiver.active and receiver.user.is_active else by
    return open_handover(
        row.workspace, to=to, due_at=again, until_at=row.until_at, by=None, now=now
    )
