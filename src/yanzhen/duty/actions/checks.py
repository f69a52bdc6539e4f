"""What must be true before somebody is put on duty, and what is said when it is not."""

from __future__ import annotations

from datetime import datetime

from yanzhen.duty.models import Rota, Turn
from yanzhen.duty.queries import away_of, is_qualified, pieces_of
from yanzhen.duty.rules.spans import Span, merged, remaining
from yanzhen.people.models import Member


class NotQualified(Exception):
    """The member may not be on duty here: not active, or without the rota's role."""

    def __init__(self, member: Member) -> None:
        super().__init__(f"member {member.pk} may not be on duty")
        self.member = member


class IsAway(Exception):
    """The member is on leave at some moment of ``span``."""

    def __init__(self, member: Member, span: Span) -> None:
        super().__init__(f"member {member.pk} is away between {span.start} and {span.end}")
        self.member = member
        self.span = span


class NotTheirs(Exception):
    """The member is not on duty in all of ``span``, so they cannot give it away."""

    def __init__(self, member: Member, span: Span) -> None:
        super().__init__(f"member {member.pk} is not on duty from {span.start} to {span.end}")
        self.member = member
        self.span = span


class PastHours(ValueError):
    """These hours have begun or are over; what was stands."""


class PastDay(ValueError):
    """That day is over or is today at the place; what was stands."""


class TooFar(ValueError):
    """These hours end after what is planned so far."""


def fresh(member: Member) -> Member:
    """Return the member as they are now, roles loaded, whatever the caller's copy says."""
    return Member.objects.with_roles().get(pk=member.pk)


def check_there(rota: Rota, member: Member, span: Span, *, now: datetime) -> Member:
    """Return the member, fresh, if they may be on duty in ``span``.

    Raises NotQualified or IsAway.
    """
    found = fresh(member)
    if not is_qualified(found, rota):
        raise NotQualified(found)
    if away_of(rota, now=now).touches(found.pk, span):
        raise IsAway(found, span)
    return found


def check_theirs(rota: Rota, place: str, member: Member, span: Span) -> None:
    """Return quietly when all of ``span`` is laid as the member's; raise TooFar or NotTheirs."""
    if span.end > rota.laid_until_at:
        raise TooFar("the rota is not planned that far")
    turns = Turn.objects.filter(rota=rota, place=place, member=member).within(span)
    if remaining([span], merged(piece.span for piece in pieces_of(turns))):
        raise NotTheirs(member, span)


def check_ahead(span: Span, *, now: datetime) -> None:
    """Return quietly when ``span`` has not begun at ``now``; raise PastHours."""
    if span.start < now:
        raise PastHours("these hours have begun")
