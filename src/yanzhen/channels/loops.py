"""Keeping connections alive: tokens renewed before they end, and a look every few hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from yanzhen.channels.actions import (
    NotConnected,
    check_account,
    forget_abandoned,
    renew_ahead,
)
from yanzhen.channels.closing import is_closed
from yanzhen.channels.models import Account
from yanzhen.channels.platforms import platform
from yanzhen.channels.ports import PlatformError
from yanzhen.channels.rotation import reseal
from yanzhen.channels.running import forget_old
from yanzhen.channels.states import AccountState
from yanzhen.jobs.registry import Loop, register

AHEAD = timedelta(minutes=15)
BATCH = 20


def keep_accounts(now: datetime) -> int:
    """Renew tokens that end within a quarter of an hour, check accounts that are due.

    Returns how many accounts it contacted. Accounts of another server than the one in the settings
    are left alone.
    """
    if is_closed():
        return 0
    here = Account.objects.filter(
        state=AccountState.CONNECTED, origin=platform("x").origin, credential__isnull=False
    )
    soon = here.filter(credential__expires_at__lte=now + AHEAD).filter(
        Q(credential__refreshing_until_at=None) | Q(credential__refreshing_until_at__lte=now)
    )
    done = _each(soon.order_by("credential__expires_at", "pk"), _renew, now)
    due = here.filter(credential__check_due_at__lte=now)
    done += _each(due.order_by("credential__check_due_at", "pk"), _check, now)
    forget_abandoned(now=now)
    forget_old(now=now)
    return done


def _each(
    accounts: QuerySet[Account], act: Callable[[Account, datetime], None], now: datetime
) -> int:
    found = list(accounts[:BATCH])
    for account in found:
        act(account, now)
    return len(found)


def _renew(account: Account, now: datetime) -> None:
    try:
        renew_ahead(account, now=now, within=AHEAD)
    except (NotConnected, PlatformError):
        # Noted on the account; what still can be done is done by the next turn.
        return


def _check(account: Account, now: datetime) -> None:
    check_account(account, now=now)


def reseal_secrets(_now: datetime) -> int:
    """Move stored secrets over to the current key after a change of keys; return how many."""
    return 0 if is_closed() else reseal()


register(Loop("channels.reseal", reseal_secrets, every_seconds=30, budget_seconds=30))
# A turn that finds much to do may take as long as X lets it, hence the long lease.
register(
    Loop("channels.keep", keep_accounts, every_seconds=60, budget_seconds=120, lease_seconds=900)
)
