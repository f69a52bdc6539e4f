"""What time does to a rota: swaps begin or lapse, the plan grows, gaps are told of."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from yanzhen.activity.refs import SYSTEM, Ref
from yanzhen.activity.spine import record
from yanzhen.duty.actions.laying import HORIZON, lay, lock
from yanzhen.duty.actions.noticing import notice_changes, nudge_swaps
from yanzhen.duty.actions.voiding import begin_swap, lapse_swap
from yanzhen.duty.events import GAP_AHEAD, GapAhead
from yanzhen.duty.models import Rota, Swap, Warned
from yanzhen.duty.queries import gaps_ahead
from yanzhen.duty.rules.ahead import warning_due
from yanzhen.duty.states import SwapState
from yanzhen.kernel.wall_time import tzdata_version

#: The plan is laid on when this much of it has passed.
_GROW_AFTER = timedelta(days=1)
#: How old the mark may get before which everything stands for good.
_SETTLE_AFTER = timedelta(minutes=5)


@transaction.atomic
def keep_rota(rota: Rota, *, now: datetime) -> int:
    """Do what is due for the rota at ``now`` (aware); return how many things were done.

    A taken swap is checked once more when it begins: it holds for both or for neither.
    """
    rota = lock(rota.pk)
    due = Swap.objects.filter(rota=rota, begins_at__lte=now).select_related("rota")
    done = 0
    for swap in due.in_state(SwapState.OFFERED):
        lapse_swap(swap, now=now)
        done += 1
    begun = list(due.in_state(SwapState.TAKEN))
    if begun or _is_short(rota, now=now):
        lay(rota, by=SYSTEM, now=now)
        done += 1
    for swap in due.in_state(SwapState.TAKEN):
        # Still taken after the turns were laid: both can keep it.
        begin_swap(swap, now=now)
    if rota.settled_at + _SETTLE_AFTER <= now:
        rota.settled_at = now
        rota.save(update_fields=["settled_at"])
    told = notice_changes(rota, now=now) + nudge_swaps(rota, now=now)
    return done + told + _warn(rota, now=now)


@transaction.atomic
def lay_after(workspace_id: int, *, by: Ref, now: datetime) -> None:
    """Lay the workspace's turns anew because its people changed; nothing where it has no rota."""
    found = Rota.objects.filter(workspace_id=workspace_id).first()
    if found:
        lay(lock(found.pk), by=by, now=now)


def _is_short(rota: Rota, *, now: datetime) -> bool:
    """Tell whether the plan must grow, or the rules of the zones are others than it was laid by."""
    grown = rota.laid_until_at >= now + HORIZON - _GROW_AFTER
    return not grown or rota.tzdata != tzdata_version()


def _warn(rota: Rota, *, now: datetime) -> int:
    """Tell of the gaps whose warning has come, each once; return how many.

    What was told of a gap that is covered now is forgotten: should it open again, that is news.
    """
    told = 0
    ahead = gaps_ahead(rota, now=now)
    Warned.objects.filter(rota=rota).exclude(start_at__in=[gap.start for gap in ahead]).delete()
    for gap in ahead:
        days = warning_due(gap, now=now)
        if days is None:
            continue
        _, new = Warned.objects.get_or_create(rota=rota, start_at=gap.start, days=days)
        if new:
            record(
                GAP_AHEAD,
                GapAhead(start=gap.start.isoformat(), end=gap.end.isoformat(), days=days),
                actor=SYSTEM,
                subject=Ref("duty.rota", str(rota.pk), f"{gap.start:%Y-%m-%d %H:%M} UTC"),
                workspace_id=rota.workspace_id,
                at=now,
            )
            told += 1
    return told
