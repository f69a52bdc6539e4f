"""What a team decides about money at X: budgets of accounts, and that an app may go on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import record
from yanzhen.channels.models import Account
from yanzhen.channels.prices import MICROS, dollars
from yanzhen.people.models import Member
from yanzhen.people.rights import Decision, require
from yanzhen.publishing import events
from yanzhen.publishing.engine import money
from yanzhen.publishing.models import Budget, Pause


@transaction.atomic
def set_budget(
    account: Account, *, by: Member, monthly: int | None, reserve_percent: int, now: datetime
) -> None:
    """Set what the account may spend a month, in whole US dollars; None takes the budget away.

    Holds nothing by itself: the next send asks. Raises NotAllowed.
    """
    require(by, Decision.BUDGET_SET, workspace_id=account.workspace_id, account_id=account.pk)
    if monthly is None:
        Budget.objects.filter(account=account).delete()
    else:
        Budget.objects.update_or_create(
            account=account,
            defaults={
                "monthly_micros": monthly * MICROS,
                "reserve_percent": reserve_percent,
                "set_by": by,
                "set_at": now,
            },
        )
    record(
        events.BUDGET_SET,
        events.BudgetSet(
            dollars="–" if monthly is None else dollars(monthly * MICROS).removeprefix("$"),
            reserve=reserve_percent,
        ),
        actor=by.ref,
        subject=account.ref,
        workspace_id=account.workspace_id,
        at=now,
    )


@transaction.atomic
def resume_app(pause: Pause, *, by: Member, now: datetime) -> None:
    """Let an app be asked again because somebody has bought credits at X.

    When that is not so, X says it at the next call and the app rests again. Nothing happens when
    somebody was faster. Raises NotAllowed.
    """
    require(by, Decision.BUDGET_SET, workspace_id=pause.workspace_id)
    money.lift(pause, by=by, now=now)
