"""Putting somebody on duty out of turn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.duty.actions.checks import PastHours, check_there
from yanzhen.duty.actions.laying import lay, lock
from yanzhen.duty.events import OVERRIDDEN, OVERRIDE_WITHDRAWN, Hours, Overridden
from yanzhen.duty.models import Override, Place, Rota
from yanzhen.duty.queries import gaps_of
from yanzhen.duty.rules.spans import Span, remaining
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, may, require


class NeedsReason(ValueError):
    """An override says why it is there."""


@transaction.atomic
def override_duty(
    rota: Rota,
    *,
    member: Member,
    span: Span,
    reason: str,
    by: Member,
    now: datetime,
    place: str = Place.PRIMARY,
) -> Override:
    """Put ``member`` on duty for ``span`` whatever the layers say; its past part is cut off.

    Who keeps the rota may do it for anybody; everybody may take hours for themselves that nobody
    has. Raises NotAllowed, NotQualified, IsAway, NeedsReason, and PastHours when all is over.
    """
    rota = lock(rota.pk)
    _require(rota, member, span, place, by=by, now=now)
    if not reason.strip():
        raise NeedsReason("an override needs a reason")
    if span.end <= now:
        raise PastHours("these hours are over")
    ahead = Span(max(span.start, now), span.end)
    found = check_there(rota, member, ahead, now=now)
    override = Override.objects.create(
        rota=rota,
        place=place,
        member=found,
        start_at=ahead.start,
        end_at=ahead.end,
        reason=reason.strip(),
        made_by=by,
        made_at=now,
    )
    record(
        OVERRIDDEN,
        Overridden(
            place=place,
            start=ahead.start.isoformat(),
            end=ahead.end.isoformat(),
            reason=override.reason,
        ),
        actor=by.ref,
        subject=found.ref,
        workspace_id=rota.workspace_id,
        at=now,
    )
    lay(rota, by=by.ref, now=now)
    return override


@transaction.atomic
def withdraw_override(override: Override, *, by: Member, now: datetime) -> Override:
    """Take an override back from ``now`` on; who made it may, and who keeps the rota.

    Raises NotAllowed, and PastHours when it is over or was taken back before.
    """
    rota = lock(override.rota_id)
    if by.pk != override.made_by_id or not by.active:
        require(by, Decision.DUTY_KEEP, workspace_id=rota.workspace_id)
    standing = Override.objects.standing().filter(pk=override.pk, end_at__gt=now)
    if standing.update(withdrawn_at=now) != 1:
        raise PastHours("this override is over or was taken back")
    override.withdrawn_at = now
    record(
        OVERRIDE_WITHDRAWN,
        Hours(start=override.start_at.isoformat(), end=override.end_at.isoformat()),
        actor=by.ref,
        subject=override.member.ref,
        workspace_id=rota.workspace_id,
        at=now,
    )
    lay(rota, by=by.ref, now=now)
    return override


def _require(
    rota: Rota, member: Member, span: Span, place: str, *, by: Member, now: datetime
) -> None:
    """Return quietly for who keeps the rota, and for who fills a gap with themselves."""
    own = by.pk == member.pk and place == Place.PRIMARY and by.workspace_id == rota.workspace_id
    if own and not may(by, Decision.DUTY_KEEP, workspace_id=rota.workspace_id):
        inside = Span(max(span.start, now), span.end) if span.end > now else span
        if inside.end <= rota.laid_until_at and not remaining([inside], gaps_of(rota, inside)):
            return
    require(by, Decision.DUTY_KEEP, workspace_id=rota.workspace_id)
