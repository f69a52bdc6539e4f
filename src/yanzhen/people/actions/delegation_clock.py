"""What time does to delegations: they begin, near their end, and end; both members hear of it.

Nothing here opens or shuts a right: that is the clock's own, to the second, whether or not this
ever runs. See models.delegations.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from yanzhen.activity.refs import SYSTEM
from yanzhen.activity.spine import Kind, record
from yanzhen.people.events import (
    DELEGATION_BEGUN,
    DELEGATION_ENDING,
    DELEGATION_OVER,
    DelegationTimed,
)
from yanzhen.people.models import Delegation, DelegationQuerySet

#: How many are told of in one turn.
BATCH = 100


def tell_of_delegations(*, now: datetime) -> int:
    """Record what began, nears its end or ended by ``now`` (aware); return how many things.

    What ended while nobody looked is told as over, and not as begun or ending before that.
    """
    rows = Delegation.objects
    return (
        _tell(rows.over_untold(now=now), "over_at", DELEGATION_OVER, now=now)
        + _tell(rows.begun_untold(now=now), "begun_at", DELEGATION_BEGUN, now=now)
        + _tell(rows.ending_untold(now=now), "warned_at", DELEGATION_ENDING, now=now)
    )


def _tell(rows: DelegationQuerySet, mark: str, kind: Kind, *, now: datetime) -> int:
    """Record one event for each of these rows and set its mark; return for how many."""
    due = list(rows.with_people().order_by("pk")[:BATCH])
    return sum(_tell_one(row, mark, kind, now=now) for row in due)


@transaction.atomic
def _tell_one(row: Delegation, mark: str, kind: Kind, *, now: datetime) -> bool:
    # The mark and the event stand or fall together, and one taken back meanwhile is not told of.
    fresh = Delegation.objects.filter(pk=row.pk, ended_at=None, **{mark: None})
    if fresh.update(**{mark: now}) != 1:
        return False
    record(
        kind,
        DelegationTimed(
            delegation=row.pk,
            giver=row.giver.name,
            giver_id=row.giver_id,
            receiver=row.receiver.name,
            receiver_id=row.receiver_id,
            until=f"{row.ends_at.astimezone(UTC):%Y-%m-%d %H:%M}",
        ),
        actor=SYSTEM,
        subject=row.giver.ref,
        workspace_id=row.workspace_id,
        at=now,
    )
    return True
