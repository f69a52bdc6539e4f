"""What pages ask about accounts and the worker behind them."""

from __future__ import annotations

from datetime import datetime, timedelta

from yanzhen.channels.actions.leaving import REVOKE
from yanzhen.channels.errands import LOOP
from yanzhen.channels.models import Account, Errand
from yanzhen.channels.states import AccountState
from yanzhen.channels.voiding import Voided, report_of
from yanzhen.jobs.models import Lease
from yanzhen.people.models import Member

#: A worker that has not looked for errands this long is taken for dead.
SILENCE = timedelta(seconds=10)
LATELY = timedelta(days=1)


def worker_answers(*, now: datetime) -> bool:
    """Tell whether some worker looks for errands. ``now`` is the database's clock."""
    return Lease.objects.filter(name=LOOP, ok_at__gte=now - SILENCE).exists()


def voided_of(account: Account) -> Voided | None:
    """Tell what became of the keys of an account that is disconnected; None when it is not."""
    if account.state != AccountState.DISCONNECTED:
        return None
    last = Errand.objects.filter(account=account, kind=REVOKE).order_by("-pk").first()
    return report_of(last) if last else None


def lately_voided(member: Member, *, now: datetime) -> list[tuple[Errand, Voided]]:
    """Return what became of all keys that were voided in the last day, newest first."""
    rows = Errand.objects.filter(workspace_id=member.workspace_id, kind=REVOKE)
    rows = rows.filter(asked_at__gte=now - LATELY).select_related("account").order_by("-pk")
    return [(errand, report_of(errand)) for errand in rows]
