"""Noticing that an account cannot be acted as, or only with trouble."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from yanzhen.activity.spine import SYSTEM, record
from yanzhen.channels.events import ACCOUNT_LOST, AccountLost
from yanzhen.channels.models import Account
from yanzhen.channels.ports import PlatformError
from yanzhen.channels.states import ACCOUNT, Problem
from yanzhen.kernel.machine import MoveRefused

logger = logging.getLogger(__name__)


def lose(account: Account, problem: Problem, *, now: datetime, detail: str = "") -> None:
    """Move a connected account to "needs reconnecting"; nothing when it has moved already."""
    try:
        with transaction.atomic():
            ACCOUNT.apply(account, "lose", now=now, problem=problem, problem_detail=detail[:500])
            record(
                ACCOUNT_LOST,
                AccountLost(problem.value),
                actor=SYSTEM,
                subject=account.ref,
                workspace_id=account.workspace_id,
                at=now,
            )
    except MoveRefused:
        account.refresh_from_db()
        return
    logger.warning("account %s needs reconnecting: %s", account.pk, problem.value)


def note(account: Account, problem: str, *, detail: str = "") -> None:
    """Remember what the last contact found wrong ("" for nothing), without moving the account."""
    account.problem, account.problem_detail = problem, detail[:500]
    Account.objects.filter(pk=account.pk, state_version=account.state_version).update(
        problem=account.problem, problem_detail=account.problem_detail
    )


def problem_of(error: PlatformError) -> Problem:
    """Return the problem to show for an error that does not end the connection."""
    return {
        "forbidden": Problem.FORBIDDEN,
        "no_credits": Problem.NO_CREDITS,
        "spend_cap": Problem.NO_CREDITS,
        "rate_limited": Problem.RATE_LIMITED,
    }.get(error.code, Problem.UNREACHABLE)
