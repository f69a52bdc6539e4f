"""What every change of a handover asks first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db.models import F

from yanzhen.activity.refs import SYSTEM, Ref
from yanzhen.activity.spine import Kind, record
from yanzhen.handoff.events import HandedOver
from yanzhen.handoff.models import Attachment, Handover, Item, Section
from yanzhen.handoff.queries import barred_from, is_asked, may_write
from yanzhen.handoff.states import OPEN, HandoverState
from yanzhen.kernel.machine import MoveRefused
from yanzhen.people.actions.keep import lock
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, NotAllowed, require


class AlreadyOpen(Exception):
    """A handover is being written or waits. ``handover`` is it."""

    def __init__(self, handover: Handover) -> None:
        super().__init__(str(handover.pk))
        self.handover = handover


class LogChanged(Exception):
    """The log says something else than the caller's page showed."""


class Gone(Exception):
    """A point, or what hung on the log, was taken off meanwhile."""


class Incomplete(Exception):
    """Required sections say nothing. ``sections`` are they."""

    def __init__(self, sections: Sequence[Section]) -> None:
        super().__init__(", ".join(str(section.pk) for section in sections))
        self.sections = sections


class Unread(Exception):
    """Points were not ticked, or nothing was read back. ``items`` are the open points."""

    def __init__(self, items: Sequence[Item]) -> None:
        super().__init__(f"{len(items)} points")
        self.items = items


def fresh(handover: Handover) -> Handover:
    """Lock the workspace, and return the handover as it is now; for the caller's transaction.

    Every change of the lead takes the same lock first, so that they follow one another.
    """
    lock(handover.workspace_id)
    rows = Handover.objects.with_names().select_related("workspace__lead")
    return rows.get(pk=handover.pk)


Asks = Callable[[Handover, Member], bool]


def require_writer(handover: Handover, by: Member, *, asks: Asks = may_write) -> None:
    """Raise NotAllowed for who may not write it (or what ``asks`` tells of), MoveRefused when it is
    settled.
    """
    if by.workspace_id != handover.workspace_id:
        raise NotAllowed(Decision.LEAD_SET, "elsewhere")
    if handover.state not in OPEN:
        raise MoveRefused(handover, "write", handover.state)
    if not asks(handover, by):
        raise NotAllowed(Decision.LEAD_SET, "no_right")


def require_taker(handover: Handover, by: Member, move: str) -> None:
    """Raise unless the member may take the lead by it, or refuse it; see queries.may_accept.

    The log names for whom they act. Raises NotAllowed, and MoveRefused when it does not wait.
    """
    if by.workspace_id != handover.workspace_id:
        raise NotAllowed(Decision.LEAD_SET, "elsewhere")
    if handover.state != HandoverState.WAITING:
        raise MoveRefused(handover, move, handover.state)
    if by.pk == handover.outgoing_id:
        raise NotAllowed(Decision.LEAD_SET, "no_right")
    if not is_asked(handover, by):
        barred = barred_from(handover)
        require(by, Decision.LEAD_SET, workspace_id=handover.workspace_id, barred=barred)


def writable(handover: Handover, by: Member, *, asks: Asks = may_write) -> Handover:
    """Return the handover as it is now for who may write it; its revision rises."""
    now_is = fresh(handover)
    require_writer(now_is, by, asks=asks)
    touch(now_is)
    return now_is


def require_doer(item: Item, by: Member) -> None:
    """Raise NotAllowed unless the member may note the point as done: whoever has the lead, the
    point's owner, who hands over, and who sets the lead.
    """
    handover = item.handover
    if by.workspace_id != handover.workspace_id:
        raise NotAllowed(Decision.LEAD_SET, "elsewhere")
    theirs = by.pk in (item.owner_id, handover.outgoing_id) or by.leads
    if not theirs and not by.may(Decision.LEAD_SET):
        raise NotAllowed(Decision.LEAD_SET, "no_right")


def touch(handover: Handover) -> None:
    """Raise the revision, so that nobody accepts what they have not read."""
    Handover.objects.filter(pk=handover.pk).update(revision=F("revision") + 1)
    handover.revision += 1


def still_there(row: Item | Attachment) -> None:
    """Raise Gone for what was taken off meanwhile; after ``touch``, which its removal waits for."""
    if not type(row)._default_manager.filter(pk=row.pk).exists():
        raise Gone


def tell(kind: Kind, handover: Handover, *, by: Member | None, now: datetime) -> None:
    """Record what happens to a handover; None for what the clock does."""
    actor: Ref = by.ref if by is not None else SYSTEM
    record(
        kind,
        HandedOver(
            outgoing=handover.outgoing_id or 0,
            receiver=handover.receiver_id,
            due=handover.due_at.isoformat(),
            items=handover.items.count(),
        ),
        actor=actor,
        subject=handover.ref,
        workspace_id=handover.workspace_id,
        at=now,
    )
